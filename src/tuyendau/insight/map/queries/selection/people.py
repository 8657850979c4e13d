"""Who lives, works or was in a selection: row ids of people, for the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program, packed
from tuyendau.core.places.queries import reaches_province, units_in_reach
from tuyendau.insight.map.queries.selection.asked import Selection
from tuyendau.insight.map.queries.selection.inside import Inside, inside
from tuyendau.records.people.queries.belonging import (
    Lodgings,
    among,
    each_once,
    is_few,
    lodging_at,
    lodgings,
    lodgings_of,
    working_at,
)
from tuyendau.records.visits.queries import presence
from tuyendau.science.tracing import Present, present, to_seconds

Ints = NDArray[np.int32]
_FEW_UNITS = 6
"""So many communes' people are looked up by themselves; for more, all people are read."""

_EVERYBODY = "SELECT p.id, coalesce(p.unit_id, 0) FROM people_person p WHERE p.merged_into_id IS NULL"
_OF_UNITS = _EVERYBODY + " AND p.unit_id = ANY(%(units)s)"
_SOME = "SELECT p.id, coalesce(p.unit_id, 0) FROM people_person p WHERE p.id = ANY(%(people)s)"
_MANY = 100_000
"""From so many people on, reading everybody is sooner done than looking each up."""
_NOWHERE = "SELECT s.id FROM places_site s WHERE s.lon IS NULL"
"""Sites without a point of their own, ..."""
_PLACED_ABOVE = """SELECT s.id FROM places_site s WHERE s.id = ANY(%(sites)s) AND EXISTS (
    SELECT FROM places_site above
    WHERE above.id = ANY(string_to_array(trim(both '/' FROM s.path), '/')::int[]) AND above.lon IS NOT NULL)"""
"""... and those of them that are a part of a site with one."""


@dataclass(frozen=True, eq=False)
class Found:
    """Who is in a selection, as ordered row ids, each person once in each.

    `lives` on its last day, `works` on that day, `was` there within its time. `vague` of them live there as far as is
    known from their commune alone, which lies wholly inside. `unplaced` live in communes that the area only cuts, and
    nobody knows where: they are not counted. `reached` are those of all whom the viewer may see listed.
    """

    inside: Inside
    lives: Ints
    works: Ints
    was: Present
    vague: int
    unplaced: int
    reached: Ints

    @cached_property
    def anyone(self) -> Ints:
        """All of them, each once."""
        return each_once(self.lives, self.works, self.was.person)


@as_program()
def people_in(viewer: Viewer, asked: Selection) -> Found:
    """Who is in a selection. Raises `Denied`, and `Unknown` for a unit or site that is not there."""
    there = inside(viewer, asked.area, asked.day)
    was = _present(there, asked)
    homes = _Homes(there, asked.day)
    lives = each_once(homes.by_site, homes.by_commune)
    works = working_at(there.sites, asked.day) if there.has_sites else _none()
    anyone = each_once(lives, works, was.person)
    return Found(
        there,
        lives,
        works,
        was,
        len(homes.by_commune),
        homes.unplaced,
        _reached(viewer, anyone, homes.everybody),
    )


def _present(there: Inside, asked: Selection) -> Present:
    if not there.has_sites:
        return Present(_none(), _none(), _none())
    return present(presence(), there.sites, to_seconds(asked.start), to_seconds(asked.end))


class _Homes:
    """Who lives there: by the site where they lodge; of whom no placed lodging is known, by their commune."""

    def __init__(self, there: Inside, day: date) -> None:
        self.day = day
        self.everybody: tuple[Ints, Ints] | None = None
        self.by_site, self.by_commune, self.unplaced = _none(), _none(), 0
        units = there.whole | there.part
        if is_few(there.sites) and len(units) <= _FEW_UNITS:
            people, unit = packed(_OF_UNITS, {"units": list(units)}, 2) if units else (_none(), _none())
            at = lodging_at(there.sites, day) if there.has_sites else _none()
            known = lodgings_of(each_once(people, at), day)
        else:
            people, unit = packed(_EVERYBODY, {}, 2)
            self.everybody = people, unit
            known = lodgings(day)
        self._settle(there, people, unit, known)

    def _settle(self, there: Inside, people: Ints, unit: Ints, known: Lodgings) -> None:
        self.by_site = each_once(known.person[known.at(there.sites)])
        placed = known.person[~known.at(_without_a_point())]
        vague = ~among(people, placed)
        self.by_commune = each_once(people[vague & among(unit, _array(there.whole))])
        self.unplaced = int(np.count_nonzero(vague & among(unit, _array(there.part))))


def _without_a_point() -> NDArray[np.bool_]:
    """The sites (true by row id) of which nobody knows where they are, nor where what they are a part of is."""
    (nowhere,) = packed(_NOWHERE, {}, 1)
    found = np.zeros(int(nowhere.max(initial=-1)) + 1, bool)
    found[nowhere] = True
    if len(nowhere):
        (above,) = packed(_PLACED_ABOVE, {"sites": nowhere.tolist()}, 1)
        found[above] = False
    return found


def _reached(viewer: Viewer, people: Ints, everybody: tuple[Ints, Ints] | None) -> Ints:
    """Those of `people` who live, by their commune, where the viewer may see persons, or counts where they see none."""
    permission = Permission.PERSON_VIEW if viewer.may(Permission.PERSON_VIEW) else Permission.MAP_VIEW
    if not viewer.paths(permission, ScopeKind.UNIT) or not len(people):
        return _none()
    units = _array(units_in_reach(viewer, permission).values_list("pk", flat=True))
    if reaches_province(viewer, permission):
        units = np.append(units, np.int32(0))
    if everybody is None and len(people) > _MANY:
        numbers, unit = packed(_EVERYBODY, {}, 2)
        everybody = numbers, unit
    if everybody is None:
        numbers, unit = packed(_SOME, {"people": people.tolist()}, 2)
    else:
        numbers, unit = everybody
    return people[among(people, numbers[among(unit, units)])]


def _array(numbers: object) -> Ints:
    return np.array(sorted(numbers), np.int32)  # type: ignore[call-overload]


def _none() -> Ints:
    return np.empty(0, np.int32)
