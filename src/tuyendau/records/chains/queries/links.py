"""Likely infectors and infectees of cases, for tables and cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import CaseFilter, cases_in_reach, line_list, visible_cases
from tuyendau.records.chains.models import Decision, Link, Standing, Verdict
from tuyendau.records.chains.queries.among import among


@dataclass(frozen=True, slots=True)
class Infector:
    """One likely infector of a case: `case` None is nobody in the list, or somebody `elsewhere`, out of reach.

    `site` is None where nobody knows it or the viewer is not told. `decision` is what was decided of it, if anything.
    """

    link: Link
    case: Case | None
    elsewhere: bool
    site: Site | None
    chosen: bool
    decision: Decision | None = None

    @property
    def nobody(self) -> bool:
        """Whether this stands for a source that is not in the list."""
        return self.case is None and not self.elsewhere


@dataclass(slots=True)
class Place:
    """A case in the chains: where it stands, its likely infectors, the likeliest first, and what was decided."""

    case: Case
    standing: Standing | None
    infectors: list[Infector] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def chosen(self) -> Infector | None:
        """The infector in the most likely forest; None where there is none in the list."""
        return next((each for each in self.infectors if each.chosen), None)

    @property
    def alternatives(self) -> list[Infector]:
        """The others that were weighed."""
        return [each for each in self.infectors if not each.chosen]

    @property
    def decided(self) -> Decision | None:
        """The decision that says who infected the case, if there is one."""
        return next((d for d in self.decisions if d.verdict == Verdict.INFECTED_BY), None)


def linked_cases(viewer: Viewer, disease: str, wanted: CaseFilter) -> QuerySet[Case]:
    """The cases of a disease that `wanted` lets through and that stand in the chains, latest first. Raises `Denied`."""
    viewer.require(Permission.CONTACT_VIEW)
    cases = line_list(viewer, wanted).filter(disease=disease, standing__isnull=False)
    return cases.exclude(status=CaseStatus.DISCARDED).order_by(F("standing__day").desc(), "-id")


def places_of(viewer: Viewer, cases: Sequence[Case]) -> list[Place]:
    """Where `cases`, which the viewer sees, stand in the chains. Seven queries, however many there are."""
    numbers = [case.pk for case in cases]
    standings = {s.case_id: s for s in among(Standing.objects.all(), "case", numbers)}
    links = list(among(Link.objects.all(), "infectee", numbers).order_by("infectee", "rank"))
    decisions = list(
        among(Decision.objects.filter(withdrawn_at__isnull=True), "infectee", numbers)
        .select_related("by")
        .order_by("-at")
    )
    others = {link.infector_id for link in links} | {d.infector_id for d in decisions}
    others |= {s.infector_id for s in standings.values()}
    seen = {c.pk: c for c in visible_cases(viewer).filter(pk__any_of=sorted(others - {None}))}
    sites = _told_sites(viewer, {link.site_id for link in links if link.site_id})
    by_case: defaultdict[int, list[Link]] = defaultdict(list)
    decided: defaultdict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        decided[decision.infectee_id].append(decision)
    for link in links:
        by_case[link.infectee_id].append(link)
    places = []
    for case in cases:
        place = Place(case, standings.get(case.pk))
        place.decisions = decided[case.pk]
        place.infectors = _infectors(place, by_case[case.pk], seen, sites)
        places.append(place)
    return places


def _infectors(
    place: Place, links: list[Link], seen: dict[int, Case], sites: dict[int, Site]
) -> list[Infector]:
    """The likely infectors of a case; one that was decided stands among them even where nothing speaks for it."""
    standing = place.standing
    chosen = standing.infector_id if standing else None
    known = {link.infector_id for link in links}
    for decision in place.decisions:
        if decision.infector_id not in known:
            links.append(
                Link(infectee=place.case, infector_id=decision.infector_id, rank=len(links) + 1, weight=0.0)
            )
            known.add(decision.infector_id)
    of = {d.infector_id: d for d in place.decisions}
    found = [
        Infector(
            link,
            seen.get(link.infector_id or 0),
            link.infector_id is not None and link.infector_id not in seen,
            sites.get(link.site_id or 0),
            standing is not None and link.infector_id == chosen,
            of.get(link.infector_id),
        )
        for link in links
    ]
    return sorted(found, key=lambda each: (not each.chosen, -each.link.weight, each.link.rank))


def _told_sites(viewer: Viewer, numbers: set[int]) -> dict[int, Site]:
    """The sites that the viewer may be told of: who answers for people by where they live knows all of them."""
    if not numbers:
        return {}
    sites = Site.objects.filter(pk__in=numbers)
    if not viewer.paths(Permission.CONTACT_VIEW, ScopeKind.UNIT):
        sites = visible_sites(viewer, Permission.CONTACT_VIEW).filter(pk__in=numbers)
    return sites.in_bulk()


@dataclass(frozen=True, slots=True)
class Infected:
    """Whom a case infected in the most likely forest: those whom the viewer sees, and how many are elsewhere."""

    cases: Sequence[Any]
    elsewhere: int


def infected_by(viewer: Viewer, case: Case) -> Infected:
    """Whom `case` infected, by day; each case with its `standing`."""
    with as_program():
        numbers = list(Standing.objects.filter(infector=case).values_list("pk", flat=True))
    seen = (
        visible_cases(viewer)
        .filter(pk__any_of=numbers)
        .select_related("standing")
        .order_by("standing__day", "pk")
    )
    cases = list(seen)
    return Infected(cases, len(numbers) - len(cases))


def edits(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may decide who infected the case."""
    if not viewer.may(Permission.CHAIN_EDIT):
        return False
    with as_program():
        return cases_in_reach(viewer, Permission.CHAIN_EDIT).filter(pk=case.pk).exists()


def case_by_number(viewer: Viewer, number: str) -> Case | None:
    """The case of that number or public id, if the viewer sees it."""
    number = number.strip()
    return (
        visible_cases(viewer).filter(code__iexact=number).first()
        or visible_cases(viewer).filter(public_id=number).first()
    )


def history_of(case: Case) -> QuerySet[Decision]:
    """The decisions on a case that were withdrawn or replaced, the latest first."""
    ended = Decision.objects.filter(infectee=case, withdrawn_at__isnull=False)
    return ended.select_related("by", "withdrawn_by").order_by("-withdrawn_at")
