"""The forest for drawing: columns, with nobody in them whom the viewer may not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Count, F, OuterRef, Subquery
from numpy.typing import NDArray

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import visible_sites
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import CaseFilter, line_list, visible_cases
from tuyendau.records.chains.models import Link, Standing
from tuyendau.records.chains.queries.among import among
from tuyendau.science.chains import Dispersion, Intervals, offspring, serial_intervals

MATCHED, BEYOND, ELSEWHERE = range(3)
"""A node that the filter lets through; one that it does not, but that infected one; one whom the viewer may not see."""


@dataclass(frozen=True, slots=True)
class Node:
    """One case of the drawing. Of one ELSEWHERE nothing but that it is there, and whom it infected, is told.

    Days are dates, None where not known; `parent` is the place in the nodes of who infected it, or -1.
    """

    pk: int
    kind: int
    id: str = ""
    code: str = ""
    name: str = ""
    status: str = ""
    commune: str = ""
    setting: str = ""
    site: str = ""
    day: date | None = None
    basis: int = 0
    onset: date | None = None
    sample: date | None = None
    reported: date | None = None
    parent: int = -1
    weight: float = 0.0
    decided: bool = False
    generation: int = 0


@dataclass(frozen=True, eq=False)
class Chart:
    """The nodes of a drawing, by day; `also`: further infectors that somebody named (infectee, infector, weight)."""

    nodes: Sequence[Node]
    also: Sequence[tuple[int, int, float]] = ()

    def parents(self) -> NDArray[np.int64]:
        """For each node the place of its infector, -1 for none."""
        return np.array([node.parent for node in self.nodes], np.int64)

    def matched(self) -> NDArray[np.bool_]:
        """Which nodes the filter let through."""
        return np.array([node.kind == MATCHED for node in self.nodes], bool)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the cases of a drawing tell: how many, in how many trees, how many without an infector in the list."""

    cases: int
    unlinked: int
    trees: int
    largest: int
    generations: int
    spread: Dispersion
    intervals: Intervals | None

    @property
    def unlinked_share(self) -> float | None:
        return self.unlinked / self.cases if self.cases else None


_FIELDS = (
    "case_id", "case__public_id", "case__code", "case__person__full_name", "case__status", "case__unit__name", "day",
    "basis", "case__onset_on", "case__sampled_on", "case__reported_on", "infector_id", "weight", "decided",
    "generation",
)  # fmt: skip


def chart(viewer: Viewer, disease: str, wanted: CaseFilter) -> Chart:
    """The forest of a disease as far as the filter and the viewer's reach go. Raises `Denied`.

    Who infected a case that the filter lets through is there too, as BEYOND; where the viewer may not see them, an
    ELSEWHERE without a name, a date or a place stands for it.
    """
    viewer.require(Permission.CASE_VIEW, Permission.CONTACT_VIEW)
    with as_program():
        matched = set(_numbers(line_list(viewer, wanted), disease))
        standings = Standing.objects.filter(case__disease=disease)
        rows = {row[0]: row for row in among(standings, "case", matched).values_list(*_FIELDS)}
        above = {row[11] for row in rows.values() if row[11] is not None} - rows.keys()
        seen = (
            set(_numbers(visible_cases(viewer).filter(pk__any_of=sorted(above)), disease)) if above else set()
        )
        beyond = {row[0]: row for row in among(standings, "case", seen).values_list(*_FIELDS)}
        sites = _sites(viewer, [*rows, *beyond])
        named = _named_besides([*rows, *beyond])
    hidden = above - beyond.keys()
    order = sorted([*rows.values(), *beyond.values()], key=lambda row: (row[6], row[0]))
    place = {row[0]: number for number, row in enumerate(order)}
    place |= {pk: len(order) + number for number, pk in enumerate(sorted(hidden))}
    nodes = [_node(row, MATCHED if row[0] in rows else BEYOND, place, sites.get(row[0])) for row in order]
    also = [(place[j], place[i], w) for j, i, w in named if i in rows or i in beyond]
    return Chart(nodes + [Node(pk, ELSEWHERE) for pk in sorted(hidden)], also)


def _named_besides(cases: list[int]) -> list[tuple[int, int, float]]:
    """Likely infectors of `cases` whom somebody named and who are not the ones of the forest."""
    named = among(Link.objects.filter(named=True), "infectee", cases).exclude(
        infector=F("infectee__standing__infector")
    )
    return list(named.order_by("infectee", "rank").values_list("infectee", "infector", "weight"))


def _numbers(cases: Any, disease: str) -> Any:
    found = cases.filter(disease=disease).exclude(status=CaseStatus.DISCARDED)
    return found.order_by().values_list("pk", flat=True)


def _node(row: tuple[Any, ...], kind: int, place: dict[int, int], site: tuple[str, str] | None) -> Node:
    (
        pk,
        public_id,
        code,
        name,
        status,
        unit,
        day,
        basis,
        onset,
        sample,
        reported,
        infector,
        weight,
        decided,
        depth,
    ) = row
    return Node(
        pk, kind, public_id, code or "", name, status, unit or "", *(site or ("", "")), day, basis, onset, sample,
        reported, place.get(infector, -1), weight, decided, depth,
    )  # fmt: skip


def _sites(viewer: Viewer, cases: list[int]) -> dict[int, tuple[str, str]]:
    """Kind and name of the site where each of `cases` was infected, as far as the viewer is told of it."""
    mine = Standing.objects.filter(case=OuterRef("infectee")).values("infector")
    links = among(Link.objects.filter(infector=Subquery(mine), site__isnull=False), "infectee", cases)
    if not viewer.paths(Permission.CONTACT_VIEW, ScopeKind.UNIT):
        links = links.filter(site__in=visible_sites(viewer, Permission.CONTACT_VIEW))
    return {
        pk: (kind, name)
        for pk, kind, name in links.annotate(kind=F("site__kind"), name=F("site__name")).values_list(
            "infectee", "kind", "name"
        )
    }


def summary(found: Chart) -> Summary:
    """What a drawing tells, of the cases that its filter let through."""
    matched, parents = found.matched(), found.parents()
    rows = np.flatnonzero(matched)
    linked = parents[rows] >= 0
    heads = _heads(parents)
    sizes = np.bincount(heads[rows], minlength=len(parents)) if len(rows) else np.zeros(0, np.int64)
    depth = np.array([found.nodes[row].generation for row in rows.tolist()], np.int64)
    # Who infected none of those is counted with none: the parents of the matched, among the matched.
    number = np.full(len(parents) + 1, -1, np.int64)
    number[rows] = np.arange(len(rows))
    spread = offspring(number[np.where(linked, parents[rows], len(parents))])
    days = [
        (node.onset - above.onset).days
        for node in (found.nodes[row] for row in rows.tolist())
        if node.parent >= 0 and node.onset and (above := found.nodes[node.parent]).onset
    ]
    return Summary(
        len(rows), int((~linked).sum()), int((sizes > 1).sum()), int(sizes.max(initial=0)),
        int(depth.max(initial=-1)) + 1, spread, serial_intervals(days),
    )  # fmt: skip


def _heads(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    heads = np.arange(len(parents))
    while (going := parents[heads] >= 0).any():
        heads[going] = parents[heads[going]]
    return heads


@as_program()
def diseases_in_chains() -> list[str]:
    """The codes of the diseases that have chains, that of most cases first."""
    rows = Standing.objects.values("case__disease").annotate(n=Count("pk")).order_by("-n", "case__disease")
    return [row["case__disease"] for row in rows]
