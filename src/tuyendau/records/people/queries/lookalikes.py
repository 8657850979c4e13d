"""Whom a new person looks like, among all people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.lib.text import fold
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries.area import area
from tuyendau.records.people.queries.traits import shares, traits_of
from tuyendau.records.people.rules import likeness as rules
from tuyendau.records.people.rules.likeness import Decision, Likeness, Traits

MOST = 8
_A_BLOCK = 300
# Somebody who is a little less alike than what is merged in bulk is still worth a look before a double is made.
_BELOW = 3.0


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody who is on record and may be meant. Of whom the viewer may not see, only the commune is told."""

    person: Person
    likeness: Likeness
    in_reach: bool

    @property
    def same(self) -> bool:
        """Whether it is beyond doubt."""
        return self.likeness.decision is Decision.SAME


def look_alikes(traits: Traits, *, viewer: Viewer, but: int | None = None) -> list[LookAlike]:
    """Who looks most like `traits`, likest first, whoever's reach they are in; `but` is left out (a row id).

    Raises `Denied` for whoever may not edit people.
    """
    viewer.require(Permission.PERSON_EDIT)
    with as_program():
        known = traits_of(_blocked(traits) - ({but} if but is not None else set()))
        common = shares()
        least = rules.thresholds()[1] - _BELOW
        alike = [
            (pk, found)
            for pk, each in known.items()
            if (found := rules.likeness(traits, each, common)).bits >= least
        ]
        alike = sorted(alike, key=lambda item: -item[1].bits)[:MOST]
        people = Person.objects.select_related("unit").in_bulk([pk for pk, _found in alike])
        reached = _reached(viewer, people)
    return [LookAlike(people[pk], found, pk in reached) for pk, found in alike]


def _reached(viewer: Viewer, people: dict[int, Person]) -> set[int]:
    among = area(viewer, Permission.PERSON_EDIT)
    query = f"SELECT p.id FROM people_person p WHERE p.id = ANY(%(ids)s) AND {among.where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, among.values | {"ids": list(people)})
        return {row[0] for row in cursor.fetchall()}


def _blocked(traits: Traits) -> set[int]:
    """Row ids of people who share something rare with `traits`; every way is an index, and takes a few hundred."""
    ways: list[str] = []
    values: dict[str, Any] = {"unit": traits.unit, "sex": traits.sex, "most": _A_BLOCK}
    if traits.numbers:
        values["numbers"] = [value for _kind, value in sorted(traits.numbers)]
        ways.append("SELECT i.person_id AS id FROM people_identifier i WHERE i.value = ANY(%(numbers)s)")
    if traits.phone:
        values["phone"] = traits.phone
        ways.append("SELECT p.id FROM people_person p WHERE p.phone = %(phone)s")
    words = fold(traits.full_name).split()
    if traits.birth_date:
        values["days"] = _days(traits.birth_date)
        ways.append("SELECT p.id FROM people_person p WHERE p.birth_date = ANY(%(days)s)")
    year = traits.birth_date.year if traits.birth_date else traits.birth_year
    if words:
        values["query"] = " & ".join("".join(c for c in word if c.isalnum()) or "x" for word in words)
        named = "to_tsvector('simple'::regconfig, coalesce(n.folded, '')) @@ %(query)s::tsquery"
        same_name = f"FROM people_name n JOIN people_person p ON p.folded = n.folded WHERE {named}"
        if year is not None:
            values["years"] = [year - 1, year, year + 1]
            ways.append(f"SELECT p.id {same_name} AND p.birth_year = ANY(%(years)s)")
            if traits.unit is not None:
                values["given"] = rf"\m({words[0]}|{words[-1]})\M" if all(w.isalnum() for w in words) else "."
                ways.append(
                    "SELECT p.id FROM people_person p WHERE p.birth_year = %(year)s AND p.unit_id = %(unit)s "
                    "AND p.folded ~ %(given)s"
                )
                values["year"] = year
        if traits.unit is not None:
            ways.append(f"SELECT p.id {same_name} AND p.unit_id = %(unit)s")
        elif year is None:
            ways.append(f"SELECT p.id {same_name}")
    if not ways:
        return set()
    union = " UNION ALL ".join(f"({way} LIMIT %(most)s)" for way in ways)
    query = (
        f"SELECT DISTINCT coalesce(p.merged_into_id, p.id) FROM ({union}) AS b "  # noqa: S608
        "JOIN people_person p ON p.id = b.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0] for row in cursor.fetchall()}


def _days(day: date) -> list[date]:
    """The day, and the one with day and month swapped."""
    if day.day <= 12 and day.day != day.month:
        return [day, date(day.year, day.day, day.month)]
    return [day]
