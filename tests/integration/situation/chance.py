"""Random records of a small outbreak, written as versions, events and checks: anything may be known at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from tests.factories import CaseFactory, PersonFactory, UnitFactory
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseVersion, Sample
from tuyendau.records.chains.models import Decision
from tuyendau.records.contacts.models import ContactVersion
from tuyendau.records.followup.models import Check, FollowUp, FollowUpVersion
from tuyendau.records.orders.models import OrderVersion
from tuyendau.records.people.models import Merge, Person, PersonVersion

FIRST = date(2021, 5, 10)
DAYS = 12
DISEASES = ("covid19", "covid19", "covid19", "measles")


@dataclass(frozen=True)
class Places:
    """A province with two districts, the first of two communes, the second of one."""

    province: Unit
    districts: tuple[Unit, Unit]
    communes: tuple[Unit, Unit, Unit]


def places() -> Places:
    province = UnitFactory(level=UnitLevel.PROVINCE)
    one, two = (UnitFactory(level=UnitLevel.DISTRICT, parent=province) for _ in range(2))
    communes = tuple(UnitFactory(parent=parent) for parent in (one, one, two))
    return Places(province, (one, two), communes)  # type: ignore[arg-type]


class Chance:
    """Draws records; times lie on a grid of hours so that they often meet."""

    def __init__(self, seed: int, of: Places, people: int = 8, cases: int = 6) -> None:
        self.draw = Random(seed)
        self.units = [*(unit.pk for unit in of.communes), None]
        self.people = [PersonFactory(unit_id=self.draw.choice(self.units)).pk for _ in range(people)]
        self.cases = [
            CaseFactory(person_id=person, disease=self.draw.choice(DISEASES), status="confirmed")
            for person in self.draw.sample(self.people, cases)
        ]

    def write(self) -> None:
        """All of them, in place of what the database noted of the rows themselves."""
        followups = [self._followup() for _ in range(8)]
        CaseVersion.objects.all().delete()
        FollowUpVersion.objects.all().delete()
        for case in self.cases:
            self._versions(CaseVersion, case.pk, self._case(case))
        for row in range(1, 25):
            self._versions(ContactVersion, row, self._contact)
        for row in range(1, 11):
            self._versions(OrderVersion, row, self._order)
        for followup in followups:
            self._versions(FollowUpVersion, followup.pk, self._followed(followup))
            self._checks(followup)
        self._homes()
        self._merges()
        self._decisions()
        self._samples()
        self._interviews()

    def moment(self) -> datetime:
        hours = self.draw.choice((0, 1, 6, 8, 12, 20))
        return clock.midnight(self.day()) + timedelta(hours=hours)

    def day(self) -> date:
        return FIRST + timedelta(days=self.draw.randrange(DAYS))

    def perhaps(self, value: Any, chance: float = 0.7) -> Any:
        return value if self.draw.random() < chance else None

    def _versions(self, model: Any, row: int, of: Any) -> None:
        moments = sorted({self.moment() for _ in range(self.draw.randint(1, 3))})
        ends = [*moments[1:], self.perhaps(self.moment(), 0.15)]
        for since, until in zip(moments, ends, strict=True):
            if until is None or until > since:
                model.objects.create(row=row, since=since, until=until, **of())

    def _case(self, case: Any) -> Any:
        person, disease, reported = case.person_id, case.disease, self.day()

        def state() -> dict[str, Any]:
            return {
                "person_id": person,
                "disease": disease,
                "unit_id": self.draw.choice(self.units),
                "status": self.draw.choice(("confirmed", "confirmed", "confirmed", "probable", "discarded")),
                "onset_on": self.perhaps(self.day()),
                "sampled_on": self.perhaps(reported - timedelta(days=self.draw.randrange(4))),
                "result_on": self.perhaps(reported),
                "reported_on": self.draw.choice((reported, self.day())),
                "isolated_at": self.perhaps(self.moment()),
                "outcome": "",
            }

        return state

    def _contact(self) -> dict[str, Any]:
        return {
            "case_id": self.draw.choice(self.cases).pk,
            "person_id": self.draw.choice(self.people),
            "grade": self.draw.choice((0, 0, 1)),
            "listed_at": self.moment(),
        }

    def _order(self) -> dict[str, Any]:
        starts = self.day()
        state = self.draw.choice(("draft", "signed", "signed", "lifted", "superseded"))
        return {
            "person_id": self.draw.choice(self.people),
            "disease": self.draw.choice(DISEASES),
            "kind": self.draw.choice(("quarantine", "quarantine", "isolation")),
            "state": state,
            "place_kind": "home",
            "starts_on": starts,
            "over_from": starts + timedelta(days=self.draw.randrange(6)),
            "signed_at": None if state == "draft" else self.moment(),
        }

    def _followup(self) -> FollowUp:
        day = self.day()
        return FollowUp.objects.create(
            person_id=self.draw.choice(self.people), disease=self.draw.choice(DISEASES), degree=1, state="cancelled",
            regime="x", days=14, began_on=day, last_exposure=day, planned_day=day, last_day=day,
            ended_at=self.moment(), why="by_hand",
        )  # fmt: skip

    def _followed(self, followup: FollowUp) -> Any:
        def state() -> dict[str, Any]:
            began = self.day()
            return {
                "person_id": followup.person_id,
                "disease": followup.disease,
                "degree": self.draw.choice((1, 1, 1, 2)),
                "state": "open",
                "began_on": began,
                "last_exposure": began,
                "last_day": began + timedelta(days=self.draw.randrange(8)),
                "ended_at": self.perhaps(self.moment(), 0.3),
                "why": "",
            }

        return state

    def _checks(self, followup: FollowUp) -> None:
        for _ in range(self.draw.randrange(8)):
            at = self.moment()
            Check.objects.create(
                followup=followup,
                day=clock.local_day(at),
                at=at,
                recorded_at=self.draw.choice((at, self.moment())),
                how="visit",
                result=self.draw.choice(("well", "well", "symptomatic", "not_reached", "refused")),
                withdrawn_at=self.perhaps(self.moment(), 0.2),
            )

    def _homes(self) -> None:
        for person in self.draw.sample(self.people, 3):
            PersonVersion.objects.create(
                row=person, sex="", unit_id=self.draw.choice(self.units), since=None, until=self.moment()
            )

    def _merges(self) -> None:
        for place in self.draw.sample(range(1, len(self.people)), 3):
            at = self.moment()
            Merge.objects.create(
                merged_id=self.people[place],
                survivor_id=self.people[self.draw.randrange(place)],
                at=at,
                undone_at=self.perhaps(at + timedelta(days=1), 0.3),
            )
        assert Person.objects.exists()

    def _decisions(self) -> None:
        for case in self.draw.sample(self.cases, 3):
            others = [other for other in self.cases if other is not case]
            infector = self.perhaps(self.draw.choice(others), 0.7)
            verdict = self.draw.choice(("infected_by", "not_by")) if infector else "infected_by"
            Decision.objects.create(
                infectee=case,
                infector=infector,
                verdict=verdict,
                reason="x",
                at=self.moment(),
                withdrawn_at=self.perhaps(self.moment(), 0.3),
            )

    def _samples(self) -> None:
        for number, case in enumerate(self.cases * 2):
            taken = self.moment()
            Sample.objects.create(
                person_id=case.person_id,
                case=case,
                disease=case.disease,
                number=f"n{number}",
                specimen="nasopharyngeal",
                taken_at=taken,
                recorded_at=self.draw.choice((taken, self.moment())),
            )

    def _interviews(self) -> None:
        with transaction.atomic():
            for case in self.draw.choices(self.cases, k=6):
                audit.record("interview.finished", by=None, at=self.moment(), subject=case.public_id)
            for case in self.draw.choices(self.cases, k=8):
                groups = self.draw.sample(("home", "work", "meal", "other"), self.draw.randrange(4))
                met = {group: self.draw.randint(1, 9) for group in groups}
                kind = self.draw.choice(("case.traced", "contact.linked"))
                audit.record(kind, by=None, at=self.moment(), subject=case.public_id, data={"settings": met})
