"""Two records become one person, and come apart whole: visits, cases, contacts, tracing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    AssignmentFactory,
    CaseFactory,
    PersonFactory,
    SiteFactory,
    UnitFactory,
    make_user,
    stay,
)
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, Unit, UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions import (
    ReportedContact,
    add_reported_contacts,
    retrace_stale,
    trace_case,
)
from tuyendau.records.contacts.models import Contact, Exposure, Trace
from tuyendau.records.people import actions
from tuyendau.records.people.models import Assignment, Identifier, Merge, Person
from tuyendau.records.visits.models import Encounter, Visit

AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
SHIFT = datetime(2021, 5, 17, 1, tzinfo=UTC)


class World:
    """A province, its epidemiologist, and two records that may be one person."""

    def __init__(self) -> None:
        self.province: Unit = UnitFactory(level=UnitLevel.PROVINCE)
        self.commune: Unit = UnitFactory(parent=self.province)
        self.by: User = make_user("dich_te", "epidemiologist", unit=self.province)
        self.viewer = Viewer(self.by.pk, (Grant("epidemiologist", ScopeKind.UNIT, str(self.province.path)),))
        self.line = SiteFactory(kind=SiteKind.LINE)
        self.room = SiteFactory(kind=SiteKind.ROOM, setting=4)
        self.one: Person = PersonFactory(
            full_name="Nguyễn Thị Hà", code="A1", unit=self.commune, birth_year=1994
        )
        self.other: Person = PersonFactory(
            full_name="Nguyen Thi Ha", code="B2", unit=self.commune, birth_year=1994, birth_date=date(1994, 3, 12),
            phone="+84912345678",
        )  # fmt: skip

    def merge(self, **more: Any) -> Merge:
        return actions.merge(
            self.one.public_id, self.other.public_id, viewer=self.viewer, by=self.by, at=AT, **more
        )

    def unmerge(self, merge: Merge) -> Merge:
        return actions.unmerge(merge.public_id, viewer=self.viewer, by=self.by, at=AT)


TABLES = ("people_person", "people_assignment", "people_identifier", "visits_visit", "cases_case", "contacts_contact",
          "contacts_exposure", "visits_encounter")  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """Every row of every table that tells of people."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) - 'xid' FROM {table} t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def committed(transactional_db: None, segments: None) -> World:
    """For tracing, which reads only what is committed."""
    return World()


def test_the_survivor_has_all_and_the_other_leads_to_them(world: World) -> None:
    AssignmentFactory(person=world.one, site=world.line)
    AssignmentFactory(person=world.other, site=world.room)
    Identifier.objects.create(person=world.other, kind="cmnd", value="121234567")
    stay(world.other, world.line, SHIFT, SHIFT + timedelta(hours=8))
    merge = world.merge()
    one = Person.objects.get(pk=world.one.pk)
    assert (one.full_name, one.phone, one.birth_date) == ("Nguyễn Thị Hà", "+84912345678", date(1994, 3, 12))
    assert Person.objects.get(pk=world.other.pk).merged_into_id == one.pk
    assert Assignment.objects.filter(person=one).count() == 2
    assert Identifier.objects.get().person_id == one.pk
    assert Visit.objects.get().person_id == one.pk
    event = Event.objects.get(kind="person.merged")
    assert (event.subject, event.data["merge"]) == (one.public_id, merge.public_id)


def test_chosen_fields_are_taken_from_the_merged_one(world: World) -> None:
    merge = world.merge(take=["full_name"])
    one = Person.objects.get(pk=world.one.pk)
    assert (one.full_name, one.folded) == ("Nguyen Thi Ha", "nguyen thi ha")
    world.unmerge(merge)
    one.refresh_from_db()
    assert (one.full_name, one.phone, one.birth_date) == ("Nguyễn Thị Hà", "", None)


def test_what_changed_later_stays_with_the_survivor(world: World) -> None:
    stay(world.other, world.line, SHIFT, SHIFT + timedelta(hours=8))
    merge = world.merge()
    one = Person.objects.get(pk=world.one.pk)
    one.phone = "+84999999999"
    one.save()
    stay(one, world.room, SHIFT + timedelta(days=1), SHIFT + timedelta(days=1, hours=3))
    # The moved visit is corrected: it goes back as it is now.
    Visit.objects.filter(site=world.line).update(end=SHIFT + timedelta(hours=9))
    world.unmerge(merge)
    one.refresh_from_db()
    assert (one.phone, one.birth_date) == ("+84999999999", None)
    visits = dict(Visit.objects.values_list("site_id", "person_id"))
    assert visits == {world.line.pk: world.other.pk, world.room.pk: one.pk}
    assert Visit.objects.get(site=world.line).end == SHIFT + timedelta(hours=9)


def test_two_open_cases_are_told_of_and_nothing_is_merged(world: World) -> None:
    CaseFactory(person=world.one, code="BN1")
    CaseFactory(person=world.other, code="BN2", status="confirmed")
    before = everything()
    with pytest.raises(actions.MergeRefused, match=r"BN1.*BN2"):
        world.merge()
    assert everything() == before
    assert not Merge.objects.exists()
    Case.objects.filter(code="BN1").update(status="discarded")
    merge = world.merge()
    assert set(Case.objects.values_list("person_id", flat=True)) == {world.one.pk}
    world.unmerge(merge)
    assert everything() == before | {"cases_case": everything()["cases_case"]}
    assert dict(Case.objects.values_list("code", "person_id")) == {"BN1": world.one.pk, "BN2": world.other.pk}


def test_a_chain_of_merges_comes_apart_in_any_order(world: World) -> None:
    third = PersonFactory(full_name="Nguyễn Hà", unit=world.commune)
    stay(world.other, world.line, SHIFT, SHIFT + timedelta(hours=8))
    before = everything()
    first = world.merge()
    second = actions.merge(third.public_id, world.one.public_id, viewer=world.viewer, by=world.by, at=AT)
    assert set(Person.objects.values_list("merged_into_id", flat=True)) == {None, third.pk}
    assert Visit.objects.get().person_id == third.pk
    world.unmerge(first)
    assert Visit.objects.get().person_id == world.other.pk
    assert Person.objects.get(pk=world.other.pk).merged_into_id is None
    world.unmerge(second)
    assert everything() == before


def test_a_chain_comes_apart_from_its_end(world: World) -> None:
    third = PersonFactory(full_name="Nguyễn Hà", unit=world.commune)
    before = everything()
    first = world.merge()
    second = actions.merge(third.public_id, world.one.public_id, viewer=world.viewer, by=world.by, at=AT)
    world.unmerge(second)
    assert Person.objects.get(pk=world.other.pk).merged_into_id == world.one.pk
    world.unmerge(first)
    assert everything() == before


def test_who_may_not_or_cannot_is_refused(world: World) -> None:
    elsewhere = UnitFactory(level=UnitLevel.PROVINCE)
    stranger = Viewer(5, (Grant("epidemiologist", ScopeKind.UNIT, str(elsewhere.path)),))
    nurse = Viewer(6, (Grant("commune_officer", ScopeKind.UNIT, str(world.commune.path)),))
    ids = (world.one.public_id, world.other.public_id)
    with pytest.raises(Person.DoesNotExist):
        actions.merge(*ids, viewer=stranger, by=world.by, at=AT)
    with pytest.raises(Denied):
        actions.merge(*ids, viewer=nurse, by=world.by, at=AT)
    with pytest.raises(actions.MergeRefused):
        actions.merge(ids[0], ids[0], viewer=world.viewer, by=world.by, at=AT)
    merge = world.merge()
    with pytest.raises(Person.DoesNotExist):
        world.merge()
    with pytest.raises(Merge.DoesNotExist):
        actions.unmerge(merge.public_id, viewer=stranger, by=world.by, at=AT)
    world.unmerge(merge)
    with pytest.raises(Merge.DoesNotExist):
        world.unmerge(merge)


def listed() -> dict[str, list[tuple[Any, ...]]]:
    """Who is a contact of each case, how near and how long, with the evidence; without the numbers of rows."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for contact in Contact.objects.select_related("case", "person").order_by("case__code", "rank"):
        exposures = sorted(
            (e.site_id or 0, e.evidence, e.seconds, str(e.first), e.note)
            for e in Exposure.objects.filter(contact=contact)
        )
        row = (
            contact.person.code,
            contact.grade,
            contact.rank,
            contact.seconds,
            contact.probability,
            exposures,
        )
        found.setdefault(contact.case.code or "", []).append(row)
    return found


def seconds_of(person: Person) -> dict[str | None, int]:
    """How long each case met them."""
    return dict(Contact.objects.filter(person=person).values_list("case__code", "seconds"))


def test_two_who_were_not_one_come_apart_exactly_with_their_tracing(committed: World) -> None:
    """Both met the case, one of them also a second one; between merge and undo everything is traced anew."""
    case = CaseFactory(
        person=PersonFactory(code="F0"), code="BN1", status="confirmed", onset_on=date(2021, 5, 17)
    )
    second = CaseFactory(
        person=PersonFactory(code="G0"), code="BN2", status="confirmed", onset_on=date(2021, 5, 17)
    )
    hours = timedelta(hours=1)
    stay(case.person, committed.line, SHIFT, SHIFT + 8 * hours)
    stay(committed.one, committed.line, SHIFT, SHIFT + 4 * hours)
    stay(committed.other, committed.line, SHIFT + 5 * hours, SHIFT + 8 * hours)
    stay(second.person, committed.room, SHIFT + 12 * hours, SHIFT + 20 * hours)
    stay(committed.other, committed.room, SHIFT + 13 * hours, SHIFT + 15 * hours)
    reports = [(case, committed.other, "cùng xe"), (second, committed.one, "hàng xóm")]
    rows_reported = [ReportedContact(c.pk, p.pk, note) for c, p, note in reports]
    add_reported_contacts(rows_reported, by=committed.by, at=AT)
    for each in (case, second):
        trace_case(each, by=None, at=AT)
    before, rows = listed(), everything()
    merge = committed.merge()
    together = seconds_of(committed.one)
    assert together == {"BN1": 7 * 3600, "BN2": 2 * 3600}
    assert not Contact.objects.filter(person=committed.other).exists()
    committed.unmerge(merge)
    assert everything() == rows
    again = committed.merge()
    for each in (case, second):
        trace_case(each, by=None, at=AT)
    assert seconds_of(committed.one) == together
    committed.unmerge(again)
    for each in (case, second):
        trace_case(each, by=None, at=AT)
    assert listed() == before


def test_nobody_is_their_own_contact(committed: World) -> None:
    case = CaseFactory(person=committed.one, code="BN1", status="confirmed", onset_on=date(2021, 5, 17))
    for person in (committed.one, committed.other):
        stay(person, committed.line, SHIFT, SHIFT + timedelta(hours=8))
    trace_case(case, by=None, at=AT)
    before = everything()
    merge = committed.merge()
    assert not Contact.objects.exists()
    assert Visit.objects.count() == 1
    committed.unmerge(merge)
    assert everything() == before


def test_encounters_follow_and_nobody_meets_themselves(world: World) -> None:
    third, fourth = PersonFactory(), PersonFactory()
    rows = [(world.one, third), (world.other, third), (world.one, world.other), (world.other, fourth)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT visits_ensure_encounter_parts(ARRAY['2021-05-17'::date])")
    for one, other in rows:
        first, second = sorted([one.pk, other.pk])
        Encounter.objects.create(a_id=first, b_id=second, start=SHIFT, seconds=600, recorded_at=AT)
    before = everything()
    merge = world.merge()
    met = set(Encounter.objects.values_list("a_id", "b_id"))
    assert met == {tuple(sorted([world.one.pk, p.pk])) for p in (third, fourth)}
    world.unmerge(merge)
    assert everything() == before


def test_confirmed_cases_concerned_are_traced_again_by_the_worker(world: World) -> None:
    case = CaseFactory(person=PersonFactory(), status="confirmed")
    add_reported_contacts([ReportedContact(case.pk, world.other.pk)], by=world.by, at=AT)
    trace_case(case, by=None, at=AT)
    world.merge()
    assert list(Trace.objects.values_list("case", "stale_since", "stale_cause")) == [
        (case.pk, AT, "person.merged")
    ]
    assert retrace_stale(at=AT) == 1
    assert not Trace.objects.exclude(stale_since=None).exists()


hours = st.integers(0, 60)
visits = st.lists(st.tuples(st.booleans(), st.booleans(), hours, st.integers(1, 9)), max_size=6)
links = st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=3, unique=True)
belongs = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 3)), max_size=4, unique=True)


@given(visits=visits, links=links, belongs=belongs, take=st.sets(st.sampled_from(actions.FIELDS)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_and_undoing_leaves_everything_as_it_was(
    world: World, visits: Any, links: Any, belongs: Any, take: set[str]
) -> None:
    for model in (Exposure, Contact, Assignment, Identifier):
        model.objects.all().delete()
    Visit.objects.all().delete()
    both = (world.one, world.other)
    cases = [
        Case.objects.filter(code=f"C{n}").first()
        or CaseFactory(person=PersonFactory(), code=f"C{n}", status="suspected")
        for n in range(2)
    ]
    for who, where, hour, length in visits:
        start = SHIFT + timedelta(hours=hour)
        stay(both[who], world.line if where else world.room, start, start + timedelta(hours=length))
    for who, where, month in belongs:
        AssignmentFactory(
            person=both[who], site=world.line if where else world.room, valid_from=date(2021, month, 1)
        )
    add_reported_contacts(
        [ReportedContact(cases[n].pk, both[who].pk, "gặp nhau") for n, who in links], by=None, at=AT
    )
    before = everything()
    merge = world.merge(take=take)
    assert not Visit.objects.filter(person=world.other).exists()
    assert not Assignment.objects.filter(person=world.other).exists()
    assert not Contact.objects.filter(person=world.other).exists()
    world.unmerge(merge)
    assert everything() == before
