"""How many live, work and were in a selection, and what of them is known: numbers, never names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.insight.map.queries.selection.asked import Selection
from tuyendau.insight.map.queries.selection.people import Found, people_in
from tuyendau.records.cases.models import CaseStatus, CaseVersion
from tuyendau.records.followup.models import FollowUpVersion
from tuyendau.records.people.queries.belonging import among

Ints = NDArray[np.int32]

FEW = 5
"""Below so many, whoever may see no person is told no number: an area may be drawn around one house."""


class Way(StrEnum):
    """How somebody belongs to a selection."""

    ANY = "any"
    LIVES = "lives"
    WORKS = "works"
    WAS = "was"


@dataclass(frozen=True, slots=True)
class Count:
    """People who belong to a selection in one way; None is a number below `FEW` that the viewer is not told.

    `people` are all of them, `listed` those in the viewer's own reach; of these `cases` are confirmed and `followed`
    are in follow-up as contacts.
    """

    way: Way
    people: int | None
    listed: int | None
    cases: int | None
    followed: int | None

    @property
    def others(self) -> int:
        """Those who live elsewhere, and are counted without being listed."""
        return (self.people or 0) - (self.listed or 0)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a selection by way, all together last.

    `sites` lie in it. `vague` people live there as far as their commune alone tells; `unplaced` live in communes that
    are only partly inside, nobody knows where, and are not counted. `beyond` says that parts of it lie outside the
    viewer's area. Numbers are not exact (`blurred`) for whoever may see no person.
    """

    ways: tuple[Count, ...]
    sites: int
    vague: int | None
    unplaced: int | None
    beyond: bool
    blurred: bool

    @property
    def nobody(self) -> bool:
        """Whether nobody at all lives, works or was there."""
        return self.together.people == 0

    @property
    def together(self) -> Count:
        return self.ways[-1]


def counts(viewer: Viewer, asked: Selection) -> Counts:
    """The numbers of a selection; cases and follow-ups as they were known at `asked.known`.

    Raises `Denied`, and `Unknown` for a unit or site that is not there.
    """
    found = people_in(viewer, asked)
    cases, followed = _cases(asked.known), _followed(asked.known)
    exact = viewer.may(Permission.PERSON_VIEW)

    def told(number: int) -> int | None:
        return number if exact or number == 0 or number >= FEW else None

    def count(way: Way, people: Ints) -> Count:
        listed = people[among(people, found.reached)]
        return Count(
            way,
            told(len(people)),
            told(len(listed)),
            told(int(among(listed, cases).sum())),
            told(int(among(listed, followed).sum())),
        )

    ways = tuple(count(way, of_way(found, way)) for way in (Way.LIVES, Way.WORKS, Way.WAS, Way.ANY))
    sites = int(found.inside.sites.sum())
    return Counts(ways, sites, told(found.vague), told(found.unplaced), found.inside.beyond, not exact)


def of_way(found: Found, way: Way) -> Ints:
    """The people of one way."""
    people: dict[Way, Ints] = {Way.LIVES: found.lives, Way.WORKS: found.works, Way.WAS: found.was.person}
    return found.anyone if way is Way.ANY else people[way]


@as_program()
def _cases(at: datetime) -> Ints:
    """Whose case was confirmed as known then, by row id."""
    rows = as_known(CaseVersion, at).filter(status=CaseStatus.CONFIRMED, person__isnull=False)
    return _numbers(rows.values_list("person_id", flat=True))


@as_program()
def _followed(at: datetime) -> Ints:
    """Who was followed as a contact as known then, by row id."""
    rows = as_known(FollowUpVersion, at).filter(ended_at__isnull=True, degree__gte=1, person__isnull=False)
    return _numbers(rows.values_list("person_id", flat=True))


def _numbers(rows: Iterable[int]) -> Ints:
    return np.fromiter(rows, np.int32)
