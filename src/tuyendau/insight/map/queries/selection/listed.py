"""The people of a selection one by one: who they are, why they are in it, what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.queries import sorted_by
from tuyendau.core.lists.rules import Order
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import names_above
from tuyendau.insight.map.queries.selection.asked import Selection
from tuyendau.insight.map.queries.selection.counts import Way, of_way
from tuyendau.insight.map.queries.selection.people import Found, people_in
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.followup.queries.reach import visible as visible_followups
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people
from tuyendau.records.people.queries.belonging import among, chosen, lodgings_of
from tuyendau.science.tracing import to_datetime

Ints = NDArray[np.int32]

MOST = 100_000
"""So many people are listed of one selection. A list of more is nobody's to read, and no file to be carried about."""


class Among(StrEnum):
    """Which of the people of a selection are listed."""

    ALL = "all"
    CASES = "cases"
    FOLLOWED = "followed"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody of a selection, with why they are in it and what of them is known now."""

    person: Person
    lives: bool
    works: bool
    first: datetime | None
    last: datetime | None
    home: str
    case: Case | None
    followup: FollowUp | None


class TooMany(Exception):
    """The selection has more people than are listed; `args[0]` is how many."""


class Listing:
    """The list of one selection, found once: row ids in order, and lines of some of them."""

    def __init__(
        self, viewer: Viewer, asked: Selection, way: Way, only: Among, orders: Sequence[Order] = ()
    ) -> None:
        """Raises `Denied`, `Unknown`, and `TooMany`."""
        viewer.require(Permission.PERSON_VIEW, Permission.VISIT_VIEW)
        self.viewer, self.asked, self.orders = viewer, asked, orders
        self.found: Found = people_in(viewer, asked)
        everybody = of_way(self.found, way)
        listed = everybody[among(everybody, self.found.reached)]
        self.others = len(everybody) - len(listed)
        if len(listed) > MOST:
            raise TooMany(len(listed))
        self.people: Ints = _only(viewer, listed, only)

    def rows(self) -> QuerySet[Person]:
        """The people in the viewer's reach, in the order asked for."""
        people = visible_people(self.viewer).filter(pk__any_of=self.people.tolist())
        return sorted_by(people, self.orders, "folded", "pk")

    def lines(self, numbers: Sequence[int]) -> list[Line]:
        """The lines of some of them, in that order; read as the viewer. Seven queries, however many."""
        people = visible_people(self.viewer).select_related("unit").in_bulk(list(numbers))
        there = np.array([number for number in numbers if number in people], np.int32)
        cases, followups = _cases_of(self.viewer, there), _followups_of(self.viewer, there)
        homes = self._homes(there)
        lives = among(there, self.found.lives)
        works = among(there, self.found.works)
        return [
            Line(
                people[number], bool(lives[n]), bool(works[n]), *self._when(number), homes.get(number, ""),
                cases.get(number), followups.get(number),
            )
            for n, number in enumerate(there.tolist())
        ]  # fmt: skip

    def _when(self, number: int) -> tuple[datetime | None, datetime | None]:
        """When somebody was there first and last, within the window."""
        was = self.found.was
        n = int(np.searchsorted(was.person, number))
        if n == len(was) or was.person[n] != number:
            return None, None
        return to_datetime(int(was.first[n])), to_datetime(int(was.last[n]))

    @as_program()
    def _homes(self, people: Ints) -> dict[int, str]:
        """Where those live who live inside, as it is named; who lives elsewhere is not told here."""
        known = lodgings_of(people, self.asked.day)
        inside = chosen(self.found.inside.sites, known.site)
        sites = Site.objects.in_bulk(known.site[inside].tolist())
        above = names_above(list(sites.values()))
        return {
            person: ", ".join(each.name for each in (sites[site], *reversed(above[site][-1:])))
            for person, site in zip(known.person[inside].tolist(), known.site[inside].tolist(), strict=True)
            if site in sites
        }


def _only(viewer: Viewer, people: Ints, only: Among) -> Ints:
    """Those of `people` whom the list is narrowed to."""
    if only is Among.ALL:
        return people
    with as_program():
        cases = _of(
            visible_cases(viewer).filter(status=CaseStatus.CONFIRMED).values_list("person_id", flat=True)
        )
        rows = visible_followups(viewer).filter(ended_at__isnull=True, degree__gte=1)
        followed = _of(rows.values_list("person_id", flat=True))
    if only is Among.CASES:
        return people[among(people, cases)]
    if only is Among.FOLLOWED:
        return people[among(people, followed)]
    return people[~among(people, cases) & ~among(people, followed)]


def _of(numbers: Collection[int] | QuerySet[Case, int] | QuerySet[FollowUp, int]) -> Ints:
    return np.fromiter(iter(numbers), np.int32)


def _cases_of(viewer: Viewer, people: Ints) -> dict[int, Case]:
    """The latest case of each that is not discarded, as far as the viewer may see cases."""
    if not viewer.may(Permission.CASE_VIEW):
        return {}
    found = visible_cases(viewer).filter(~Q(status=CaseStatus.DISCARDED), person__id__any_of=people.tolist())
    return {case.person_id: case for case in found.order_by("reported_on", "pk")}


def _followups_of(viewer: Viewer, people: Ints) -> dict[int, FollowUp]:
    """The follow-up in force of each as a contact, as far as the viewer may see contacts."""
    if not viewer.may(Permission.CONTACT_VIEW):
        return {}
    found = visible_followups(viewer).filter(
        person__id__any_of=people.tolist(), ended_at__isnull=True, degree__gte=1
    )
    return {followup.person_id: followup for followup in found.order_by("began_on", "pk")}
