"""Who lives and who works at many sites, as arrays: for the program, which decides what of it is told to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.core.acting import packed
from tuyendau.records.people.models import AssignmentRole

Ints = NDArray[np.int32]

FEW_SITES = 12_000
"""So many sites are looked up one by one; for more, all assignments are read, which takes as long as some 20,000."""

_IN_FORCE = "a.role = %(role)s AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)"
_ALL = f"SELECT a.person_id, a.site_id FROM people_assignment a WHERE {_IN_FORCE}"  # noqa: S608 as above
_AT = _ALL + " AND a.site_id = ANY(%(sites)s)"
_LODGINGS_OF = f"""SELECT a.person_id, a.site_id, a.valid_from - DATE '2000-01-01', a.id FROM people_assignment a
    WHERE a.person_id = ANY(%(people)s) AND {_IN_FORCE}"""  # noqa: S608


@dataclass(frozen=True, eq=False)
class Lodgings:
    """People, each once, and the row id of the site where they live: int32 [n]."""

    person: Ints
    site: Ints

    def at(self, sites: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of them live at a site for which `sites` (by row id) is true."""
        return chosen(sites, self.site)


def chosen(sites: NDArray[np.bool_], of: Ints) -> NDArray[np.bool_]:
    """`sites[of]`, false for numbers beyond its end."""
    known = of < len(sites)
    return known & sites[np.where(known, of, 0)] if len(sites) else np.zeros(len(of), bool)


def working_at(sites: NDArray[np.bool_], day: date) -> Ints:
    """Who works on `day` at a site for which `sites` (by row id) is true: row ids, ordered, each once."""
    person, site = _assigned(sites, AssignmentRole.WORKS, day)
    return each_once(person[chosen(sites, site)])


def lodgings(day: date) -> Lodgings:
    """Where everybody lives on `day` of whom a lodging is known."""
    person, site = packed(_ALL, {"role": AssignmentRole.LODGES.value, "day": day}, 2)
    several = np.bincount(person)[person] > 1 if len(person) else np.empty(0, bool)
    latest = lodgings_of(each_once(person[several]), day)
    return Lodgings(
        np.concatenate((person[~several], latest.person)), np.concatenate((site[~several], latest.site))
    )


def lodgings_of(people: Ints, day: date) -> Lodgings:
    """Where some people live on `day`; of whom no lodging is known is left out."""
    values = {"role": AssignmentRole.LODGES.value, "day": day, "people": people.tolist()}
    return _latest(*packed(_LODGINGS_OF, values, 4)) if len(people) else Lodgings(people, people)


def lodging_at(sites: NDArray[np.bool_], day: date) -> Ints:
    """Who lives on `day` at such a site, or lived there and has gone on since to another: see `lodgings_of`."""
    person, site = _assigned(sites, AssignmentRole.LODGES, day)
    return each_once(person[chosen(sites, site)])


def is_few(sites: NDArray[np.bool_]) -> bool:
    """Whether so few sites are chosen that they are looked up one by one."""
    return int(np.count_nonzero(sites)) <= FEW_SITES


def _assigned(sites: NDArray[np.bool_], role: AssignmentRole, day: date) -> list[Ints]:
    values: dict[str, Any] = {"role": role.value, "day": day}
    if not is_few(sites):
        return packed(_ALL, values, 2)
    return packed(_AT, values | {"sites": np.flatnonzero(sites).tolist()}, 2)


def each_once(*parts: Ints) -> Ints:
    """Row ids that are in any of `parts`, ordered, each once: by a table of all row ids, which needs no sorting."""
    table = np.zeros(max(int(part.max(initial=0)) for part in parts) + 1, bool)
    for part in parts:
        table[part] = True
    return np.flatnonzero(table).astype(np.int32)


def among(values: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Which of `values`, row ids, are among `wanted`; by such a table, too."""
    table = np.zeros(int(max(values.max(initial=0), wanted.max(initial=0))) + 1, bool)
    table[wanted] = True
    found: NDArray[np.bool_] = table[values]
    return found


def _latest(person: Ints, site: Ints, since: Ints, number: Ints) -> Lodgings:
    """Of somebody with several lodgings in force the one that began last: who is in quarantine still has a home."""
    order = np.lexsort((number, since, person))
    people, sites = person[order], site[order]
    last = np.append(people[1:] != people[:-1], True) if len(people) else np.empty(0, bool)
    return Lodgings(people[last], sites[last])
