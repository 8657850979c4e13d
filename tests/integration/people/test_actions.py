"""Recording people and where they belong, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError

from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Site
from tuyendau.records.people import actions
from tuyendau.records.people.actions import NewAssignment, NewPerson
from tuyendau.records.people.models import Assignment, Person, Shift

AT = datetime(2021, 5, 8, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def add(*rows: NewPerson) -> actions.PeopleAdded:
    return actions.add_people(rows, by=None, at=AT)


def test_new_people_are_folded_and_their_phones_are_one_form() -> None:
    added = add(
        NewPerson("A1", " Đỗ  Thị Hà ", "F", 1994, "0912 345.678", None, "Thôn 3"),
        NewPerson(full_name="Bình"),
    )
    first, second = (Person.objects.get(pk=pk) for pk in added.ids)
    assert (first.full_name, first.folded, first.phone) == ("Đỗ Thị Hà", "do thi ha", "+84912345678")
    assert (second.code, second.full_name) == (None, "Bình")
    assert (added.new, added.changed) == (2, 0)
    assert Event.objects.get(kind="people.added").data == {"rows": 2, "new": 2, "changed": 0}


def test_the_same_rows_again_change_nothing() -> None:
    row = NewPerson("A1", "Hà", "F", 1994, "0912345678", None, "Thôn 3")
    first = add(row)
    again = add(row)
    assert (again.ids, again.new, again.changed) == (first.ids, 0, 0)


def test_only_given_fields_of_a_known_person_change() -> None:
    add(NewPerson("A1", "Hà", "F", 1994, "0912345678", None, "Thôn 3"))
    added = add(NewPerson("A1", address="Thôn 5"), NewPerson("A2", "Bình"))
    assert (added.new, added.changed) == (1, 1)
    person = Person.objects.get(code="A1")
    assert (person.full_name, person.birth_year, person.address) == ("Hà", 1994, "Thôn 5")
    assert Person.objects.filter(pk__in=added.ids).count() == 2


@pytest.mark.parametrize(
    "rows", [[NewPerson("A1"), NewPerson("A1")], [NewPerson("A1"), NewPerson("A2", phone="0123")]]
)
def test_what_cannot_be_recorded_leaves_nothing(rows: list[NewPerson]) -> None:
    with pytest.raises(actions.PeopleRefused, match=r"A1|0123"):
        add(*rows)
    assert not Person.objects.exists()
    assert not Event.objects.exists()


def test_an_assignment_is_made_once_and_ends_where_a_later_one_begins() -> None:
    [person] = add(NewPerson("A1")).ids
    site = Site.objects.create(code="LINE", kind="line", setting=3, name="Line", path="/1/")
    one = NewAssignment(person, site.pk, date(2021, 4, 1))
    later = NewAssignment(person, site.pk, date(2021, 5, 1))
    earlier = NewAssignment(person, site.pk, date(2021, 3, 1))
    assert actions.assign([one, one], by=None, at=AT) == 1
    assert actions.assign([later], by=None, at=AT) == 0
    assert actions.assign([earlier], by=None, at=AT) == 1
    periods = Assignment.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(date(2021, 3, 1), date(2021, 4, 1)), (date(2021, 4, 1), None)]


def test_a_day_of_birth_brings_its_year_and_goes_with_another_year() -> None:
    born = date(1994, 3, 12)
    add(NewPerson("A1", "Hà", birth_date=born))
    person = Person.objects.get(code="A1")
    assert (person.birth_year, person.birth_date) == (1994, born)
    assert add(NewPerson("A1", birth_year=1994)).changed == 0
    add(NewPerson("A1", birth_year=1995))
    person.refresh_from_db()
    assert (person.birth_year, person.birth_date) == (1995, None)
    add(NewPerson("A1", birth_date=born))
    person.refresh_from_db()
    assert (person.birth_year, person.birth_date) == (1994, born)


def test_a_day_of_birth_of_another_year_is_refused_by_the_table() -> None:
    with pytest.raises(IntegrityError, match="person_birth_agrees"):
        Person.objects.create(birth_year=1995, birth_date=date(1994, 3, 12))


def test_the_role_follows_from_the_kind_of_site_unless_told() -> None:
    [person] = add(NewPerson("A1")).ids
    line, room, other = (
        Site.objects.create(code=kind, kind=kind, setting=3, name=kind, path=f"/{n}/")
        for n, kind in enumerate(["line", "room", "other"])
    )
    shift = Shift.objects.create(site=line, code="C1", name="Ca 1", begins=time(7, 30), minutes=540)
    day = date(2021, 4, 1)
    rows = [
        NewAssignment(person, line.pk, day, shift_id=shift.pk),
        NewAssignment(person, room.pk, day),
        NewAssignment(person, other.pk, day, role="eats"),
    ]
    assert actions.assign(rows, by=None, at=AT) == 3
    kept = Assignment.objects.order_by("site__path").values_list("role", "shift")
    assert list(kept) == [("works", shift.pk), ("lodges", None), ("eats", None)]
