"""The database's own rules: with every filter of the queries taken away, nobody sees more than what they reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, stay
from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.config import row_security
from tuyendau.config.row_security import TABLES, Access, Rows
from tuyendau.core.accounts.queries import reach_of
from tuyendau.core.acting import PROGRAM, as_program, as_viewer
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Trace
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.visits.models import Visit

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 5, 15, tzinfo=UTC)


def over(role: str, place: Any) -> Viewer:
    kind = ScopeKind.UNIT if hasattr(place, "level") else ScopeKind.SITE
    return Viewer(1, (Grant(role, kind, place.path),))


class World:
    """Two communes of a province and one of another; in each a case with a contact, an exposure and a visit."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE)
        self.here, self.there = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.abroad = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE))
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=self.there)
        self.line = SiteFactory(parent=self.company, unit=self.there)
        self.case = self.make(self.here, SiteFactory(unit=self.here))
        self.next_case = self.make(self.there, self.line)
        self.foreign_case = self.make(self.abroad, SiteFactory(unit=self.abroad))
        self.homeless = PersonFactory(unit=None)

    def make(self, unit: Any, site: Any) -> Case:
        person, contact = PersonFactory(unit=unit), PersonFactory(unit=unit)
        AssignmentFactory(person=person, site=site)
        AssignmentFactory(person=contact, site=site)
        case = CaseFactory(person=person, status="confirmed")
        Trace.objects.create(
            case=case, at=NOW, window_start=NOW, window_end=NOW, policy="p", parameters={}, f2_count=0
        )
        listed = Contact.objects.create(
            case=case, person=contact, grade=0, rank=1, probability=0.5, seconds=60
        )
        Exposure.objects.create(contact=listed, site=site, evidence=Evidence.VISITS, seconds=60)
        stay(person, site, NOW - timedelta(hours=1), NOW)
        with transaction.atomic():
            audit.record("case.reported", by=None, at=NOW, subject=case.public_id)
        return case


@pytest.fixture
def world() -> World:
    return World()


# What of the world each model holds, without any filter.
COUNTED: dict[str, Callable[[], int]] = {
    "people": Person.objects.count,
    "assignments": Assignment.objects.count,
    "cases": Case.objects.count,
    "traces": Trace.objects.count,
    "contacts": Contact.objects.count,
    "exposures": Exposure.objects.count,
    "visits": Visit.objects.count,
}


def seen(viewer: Viewer) -> dict[str, int]:
    with as_viewer(reach_of(viewer)):
        return {name: count() for name, count in COUNTED.items()}


def test_without_any_filter_each_sees_what_they_reach(world):
    nothing = dict.fromkeys(COUNTED, 0)
    one = {
        "people": 2, "assignments": 2, "cases": 1, "traces": 1, "contacts": 1, "exposures": 1, "visits": 1,
    }  # fmt: skip
    two = {name: 2 * n for name, n in one.items()}
    assert seen(Viewer(None)) == nothing
    assert seen(Viewer(9)) == nothing
    assert seen(over("commune_officer", world.here)) == one
    assert seen(over("company_officer", world.company)) == one
    assert seen(over("epidemiologist", world.province)) == two | {"people": 5}, "and who lives nowhere known"
    assert seen(over("laboratory", world.company)) == one | {"contacts": 0, "exposures": 0, "visits": 0}
    assert seen(over("province_administrator", world.province)) == nothing
    assert seen(over("park_manager", world.company)) == nothing
    assert seen(over("auditor", world.province)) == nothing


def test_the_rows_are_those_of_the_place(world):
    with as_viewer(reach_of(over("company_officer", world.company))):
        assert [case.pk for case in Case.objects.all()] == [world.next_case.pk]
    with as_viewer(reach_of(over("commune_officer", world.here))):
        assert [case.pk for case in Case.objects.all()] == [world.case.pk]
        assert not Person.objects.filter(pk=world.next_case.person_id).exists()


def test_who_was_at_a_site_in_reach_is_counted_without_being_known(world):
    stranger = PersonFactory(unit=world.abroad)
    stay(stranger, world.line, NOW - timedelta(hours=2), NOW)
    with as_viewer(reach_of(over("commune_officer", world.there))):
        assert Visit.objects.filter(site=world.line).count() == 2
        assert not Person.objects.filter(pk=stranger.pk).exists()


def test_events_are_read_with_what_they_tell_of(world):
    with as_viewer(reach_of(over("commune_officer", world.here))):
        assert events_of(world.case.public_id).count() == 1
        assert events_of(world.next_case.public_id).count() == 0
    with as_viewer(reach_of(over("auditor", world.province))):
        assert events_of(world.next_case.public_id).count() == 1


WRITES: dict[str, Callable[[World], object]] = {
    "a person": lambda w: PersonFactory(unit=w.here),
    "a name": lambda w: Person.objects.update(full_name="x"),
    "a case": lambda w: Case.objects.update(status="discarded"),
    "a contact": lambda w: Contact.objects.all().delete(),
    "a role": lambda w: execute("UPDATE accounts_membership SET role = 'auditor'"),
    "an event": lambda w: execute("DELETE FROM audit_event"),
    "a rule": lambda w: execute("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY"),
}


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("what", WRITES)
def test_whoever_looks_writes_nothing(world, what):
    with (
        as_viewer(reach_of(over("epidemiologist", world.province))),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        WRITES[what](world)


def test_the_program_acts_for_who_looks_and_the_look_is_theirs_again(world):
    viewer = over("commune_officer", world.here)
    with as_viewer(reach_of(viewer)):
        with as_program():
            assert Case.objects.count() == 3
            with as_program():
                Person.objects.filter(pk=world.homeless.pk).update(full_name="Có tên")
        assert Case.objects.count() == 1
        with pytest.raises(ZeroDivisionError), as_program():
            Case.objects.filter(pk=1 // 0)
        assert Case.objects.count() == 1
    assert Person.objects.get(pk=world.homeless.pk).full_name == "Có tên"


def test_after_a_failure_in_the_database_the_look_is_theirs_again(world):
    with as_viewer(reach_of(over("commune_officer", world.here))):
        with pytest.raises(DatabaseError), as_program():
            execute("SELECT 1/0")
        assert Case.objects.count() == 1


def test_every_table_has_a_decision():
    there = set(connection.introspection.table_names())
    parts = {table for table in there if table.startswith("visits_visit_")}
    assert there - parts == set(TABLES), "name each table in config/row_security.py"


def test_every_table_that_tells_of_a_person_has_rules_by_row():
    """A model with a key to a person, straight or through others, is no open table."""
    tell: set[type[models.Model]] = {Person}
    ours = [
        m for m in apps.get_models() if m.__module__.startswith(("tuyendau.records", "tuyendau.response"))
    ]
    while more := {m for m in ours if m not in tell and any(f.related_model in tell for f in m._meta.fields)}:
        tell |= more
    assert {Case, Contact, Exposure, Trace, Visit, Assignment} <= tell
    for model in tell:
        assert isinstance(TABLES[model._meta.db_table], Rows) or TABLES[model._meta.db_table] is Access.CLOSED


def test_both_roles_own_nothing_and_pass_nothing_by():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'tuyendau\\_%%' AND NOT rolsuper AND NOT rolbypassrls "
            "AND NOT rolcreaterole AND NOT rolcreatedb AND NOT rolcanlogin", []
        )  # fmt: skip
        assert cursor.fetchone() == (2,)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE r.rolname LIKE 'tuyendau\\_%%'",
            [],
        )
        assert cursor.fetchone() == (0,)


def test_the_parts_of_the_visits_are_not_read_past_their_rules(world):
    part = f"visits_visit_{date(2021, 5, 15):%Y%m%d}"
    with (
        as_viewer(reach_of(over("epidemiologist", world.province))),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        execute(f"SELECT * FROM {part}")


def test_setting_the_rules_again_changes_nothing():
    row_security.set_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE policyname IN ('program', 'viewer')")
        assert cursor.fetchone() == (2 * sum(isinstance(d, Rows) for d in TABLES.values()),)
    with as_program(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (PROGRAM,)
