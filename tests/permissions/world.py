"""Two provinces in which every role has a place of its own, one above it, one beside it, and one far away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tests.permissions.route import NOBODY, OUTSIDER
from tuyendau.core.accounts.models import Device, User
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.insight.reports.models import Report, Schedule
from tuyendau.insight.reports.queries.situation import Asked, content_of
from tuyendau.lib import clock
from tuyendau.records.cases.models import Sample
from tuyendau.records.chains.models import Decision
from tuyendau.records.contacts.models import Contact, Judgement, Link
from tuyendau.records.followup.models import Check, FollowUp
from tuyendau.records.interviews.models import Answer, Declaration, Interview, Milestone, MilestoneCase
from tuyendau.records.orders.models import Order, Series
from tuyendau.records.orders.queries import document_of
from tuyendau.records.people.models import Candidate, Merge
from tuyendau.response.care.models import Assessment, Stay, Transfer

NOW = datetime(2021, 5, 15, tzinfo=UTC)
Things = dict[str, str]
"""Public ids by kind of thing: a case, its person, a site where the person belongs, and what other parts add."""


class World:
    """`users` by role; `things` by role and then by place: "own", "parent", "sibling", "other"."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.district = UnitFactory(level=UnitLevel.DISTRICT, code="222", parent=self.province)
        self.other_district = UnitFactory(level=UnitLevel.DISTRICT, code="221", parent=self.province)
        self.commune = UnitFactory(parent=self.district)
        self.next_commune = UnitFactory(parent=self.district)
        self.far_commune = UnitFactory(parent=self.other_district)
        self.abroad = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE, code="01"))
        self._make_sites()
        self.users = self._users()
        self.things = self._things()

    def _make_sites(self) -> None:
        def site(kind: str, parent: Any = None) -> Any:
            return SiteFactory(kind=kind, parent=parent, unit=self.commune)

        self.park = site(SiteKind.PARK)
        self.company, self.next_company = site(SiteKind.COMPANY, self.park), site(SiteKind.COMPANY, self.park)
        self.gate = site(SiteKind.GATE, self.company)
        self.hospital, self.next_hospital = site(SiteKind.HOSPITAL), site(SiteKind.HOSPITAL)
        self.quarantine, self.next_quarantine = site(SiteKind.QUARANTINE), site(SiteKind.QUARANTINE)
        self.next_park = site(SiteKind.PARK)
        self.line, self.next_line = site(SiteKind.LINE, self.company), site(SiteKind.LINE, self.next_company)
        self.ward, self.next_ward = (
            site(SiteKind.WARD, self.hospital),
            site(SiteKind.WARD, self.next_hospital),
        )
        self.room = site(SiteKind.QUARANTINE_ROOM, self.quarantine)
        self.next_room = site(SiteKind.QUARANTINE_ROOM, self.next_quarantine)

    def _users(self) -> dict[str, User | None]:
        over: dict[str, dict[str, Any]] = {
            "province_administrator": {"unit": self.province},
            "epidemiologist": {"unit": self.province},
            "district_officer": {"unit": self.district},
            "commune_officer": {"unit": self.commune},
            "company_officer": {"site": self.company},
            "park_manager": {"site": self.park},
            "clinician": {"site": self.hospital},
            "quarantine_manager": {"site": self.quarantine},
            "laboratory": {"site": self.hospital},
            "leader": {"unit": self.province},
            "channel_operator": {"unit": self.province},
            "auditor": {"unit": self.province},
            "gate_device": {"site": self.gate},
        }
        users: dict[str, User | None] = {role: make_user(role, role, **place) for role, place in over.items()}
        users[OUTSIDER] = User.objects.create(username="nguoi_ngoai", full_name="Người ngoài")
        users[NOBODY] = None
        return users

    def _things(self) -> dict[str, dict[str, Things]]:
        """Of a role over a whole province nothing lies above or beside but what is far away."""
        own = self._thing(self.commune, self.line, self.ward, self.room)
        other = self._thing(self.abroad, SiteFactory(unit=self.abroad))
        in_province = {"own": own, "other": other}
        district = in_province | {
            "parent": self._thing(self.province, SiteFactory(unit=self.province)),
            "sibling": self._thing(self.far_commune, SiteFactory(unit=self.far_commune)),
        }
        commune = in_province | {
            "parent": self._thing(self.district, SiteFactory(unit=self.district)),
            "sibling": self._thing(self.next_commune, SiteFactory(unit=self.next_commune)),
        }
        at_company = {
            "own": own,
            "parent": self._thing(self.far_commune, self.park),
            "sibling": self._thing(self.far_commune, self.next_line),
            "other": other,
        }
        in_ward = own | {"site": self.ward.public_id}
        at_hospital = {
            "own": in_ward,
            "sibling": self._thing(self.far_commune, self.next_ward),
            "other": other,
        }
        in_room = own | {"site": self.room.public_id} | _treated(self.commune, self.abroad, [self.room])
        in_quarantine = {
            "own": in_room,
            "sibling": self._thing(self.far_commune, self.next_room),
            "other": other,
        }
        return {
            "province_administrator": in_province,
            "epidemiologist": in_province,
            "district_officer": district,
            "commune_officer": commune,
            "company_officer": at_company,
            "park_manager": {
                "own": own,
                "sibling": self._thing(self.far_commune, self.next_park),
                "other": other,
            },
            "clinician": at_hospital,
            "quarantine_manager": in_quarantine,
            "laboratory": at_hospital,
            "leader": in_province,
            "channel_operator": in_province,
            "auditor": in_province,
            "gate_device": {"own": own, "other": other},
            OUTSIDER: {"own": own, "other": other},
            NOBODY: {"own": own, "other": other},
        }

    def _thing(self, commune: Any, *sites: Any) -> Things:
        person = PersonFactory(unit=commune)
        for site in sites:
            AssignmentFactory(person=person, site=site)
        case = CaseFactory(person=person, status="confirmed", onset_on=date(2021, 5, 14))
        alike = PersonFactory(unit=commune)
        pair = Candidate.objects.create(first=person, second=alike, bits=20, found_at=clock.now())
        gone = PersonFactory(unit=commune, merged_into=person)
        merge = Merge.objects.create(survivor=person, merged=gone, at=clock.now())
        user = make_user(f"user-{person.pk}", "commune_officer", unit=commune)
        chain = Decision.objects.create(infectee=case, verdict="infected_by", reason="về từ nơi khác", at=NOW)
        device = Device.objects.create(name="Máy quét", site=sites[0], made_at=NOW)
        interview = Interview.objects.create(case=case, begun_at=NOW, saves=1)
        Answer.objects.create(interview=interview, number=1, name="work", value="chuyền 7", at=NOW)
        milestone = Milestone.objects.create(
            words="chợ cóc", unit=commune, start=NOW, end=NOW + timedelta(hours=1), at=NOW, state_at=NOW
        )
        MilestoneCase.objects.create(milestone=milestone, case=case, at=NOW)
        declaration = Declaration.objects.create(person=person, returned_on=date(2021, 5, 15), at=NOW)
        sample = Sample.objects.create(
            person=person,
            case=case,
            disease="covid19",
            number=f"M{person.pk}",
            specimen="nasopharyngeal",
            taken_at=NOW,
            recorded_at=NOW,
        )
        met = CaseFactory(person=PersonFactory(unit=commune), status="suspected")
        contact = Contact.objects.create(case=met, person=person, grade=0, rank=1, probability=0, seconds=0)
        link = Link.objects.create(case=met, person=person, said_by="case", at=NOW)
        judgement = Judgement.objects.create(case=met, person=person, grade=0, reason="đã hỏi", at=NOW)
        return {
            "contact": contact.public_id,
            "link": link.public_id,
            "judgement": judgement.public_id,
            "interview": interview.public_id,
            "milestone": milestone.public_id,
            "declaration": declaration.public_id,
            "sample": sample.public_id,
            "pair": pair.public_id,
            "merge": merge.public_id,
            "case": case.public_id,
            "person": person.public_id,
            "site": sites[0].public_id,
            "user": user.public_id,
            "device": device.public_id,
            **_followed(person, case, user),
            **_treated(commune, self.abroad, sites),
            **_reported(commune),
            "chain_decision": chain.public_id,
        }


def _followed(person: Any, case: Any, user: Any) -> Things:
    """A follow-up with one check, a draft of an order, and a signed one."""
    day = date(2021, 5, 14)
    followup = FollowUp.objects.create(
        person=person, disease="covid19", degree=1, regime="vn.covid19.f1.21days", days=21, began_on=day,
        last_exposure=day, planned_day=day + timedelta(days=21), last_day=day + timedelta(days=21), case=case,
    )  # fmt: skip
    check = Check.objects.create(
        followup=followup, day=day, at=NOW, recorded_at=NOW, how="visit", result="well"
    )
    terms = {
        "kind": "quarantine", "person": person, "disease": "covid19", "place_kind": "home", "address": "Thôn Núi",
        "starts_on": day, "ends_on": day, "over_from": day + timedelta(days=1), "drafted_at": NOW,
    }  # fmt: skip
    series, _new = Series.objects.get_or_create(unit=person.unit, year=2021, suffix="QĐ-UBND")
    draft, signed = (
        Order.objects.create(**terms),
        Order(**terms, state="signed", signed_at=NOW, signed_by=user),
    )
    signed.series, signed.number = series, series.orders.count() + 1
    signed.document = document_of(signed, person.unit, number=str(signed.number), signed_on=day)
    signed.save()
    return {
        "followup": followup.public_id,
        "check": check.public_id,
        "order": draft.public_id,
        "signed_order": signed.public_id,
    }


def _treated(unit: Any, far: Any, sites: Any) -> Things:
    """Somebody's stay in the hospital or quarantine facility of the sites, else in a new one there.

    `asked` is a transfer to that facility from `far` away, `sent` one from it.
    """
    own = next((s.parent for s in sites if s.parent and s.parent.kind in ("hospital", "quarantine")), None)
    site = own or SiteFactory(kind=SiteKind.HOSPITAL, unit=sites[0].unit)
    person = PersonFactory(unit=unit)
    terms = {"began_at": NOW, "recorded_at": NOW}
    stay = Stay.objects.create(
        person=person, case=CaseFactory(person=person, status="confirmed"), site=site, **terms
    )
    before = {"began_at": NOW - timedelta(days=9), "ended_at": NOW - timedelta(days=8), "recorded_at": NOW}
    gone = Stay.objects.create(person=PersonFactory(unit=unit), site=site, state="home", **before)
    AssignmentFactory(person=person, site=site)
    AssignmentFactory(person=gone.person, site=site)
    there = SiteFactory(kind=SiteKind.HOSPITAL, unit=far)
    elsewhere = Stay.objects.create(person=PersonFactory(unit=far), site=there, **terms)
    moves = {"reason": "cần thở máy", "proposed_at": NOW}
    return {
        "stay": stay.public_id,
        "ended_stay": gone.public_id,
        "assessment": Assessment.objects.create(stay=stay, level="mild", at=NOW, recorded_at=NOW).public_id,
        "sent": Transfer.objects.create(stay=stay, to=there, **moves).public_id,
        "asked": Transfer.objects.create(stay=elsewhere, to=site, **moves).public_id,
    }


def _reported(unit: Any) -> Things:
    """A situation report that is kept, and one that is made every day."""
    report = Report.objects.create(
        unit=unit, disease="covid19", at=NOW, asked_at=NOW, state="ready", made_at=NOW, digest="0",
        content=dict(content_of(Asked(unit, NOW))),
    )  # fmt: skip
    schedule, _new = Schedule.objects.get_or_create(
        unit=unit, disease="covid19", defaults={"time": time(18), "since": NOW}
    )
    return {"report": report.public_id, "schedule": schedule.public_id}
