"""Milestones in the viewer's reach, what a case proposes, and which contacts a milestone brought in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tuyendau.access import Viewer
from tuyendau.core.places.models import SiteKind
from tuyendau.core.places.queries import counted_in, reaches_province, units_in_reach, visible_sites
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure
from tuyendau.records.contacts.queries import visible_contacts
from tuyendau.records.contacts.queries.tracing import window_of
from tuyendau.records.interviews import rules
from tuyendau.records.interviews.models import Milestone, MilestoneCase, MilestoneState, Stay, Verdict
from tuyendau.records.interviews.queries.interviews import RECORD, cases_to_ask
from tuyendau.records.visits.queries import visits_of_person

MOST = 2_000


@dataclass(frozen=True, slots=True)
class MilestoneFilter:
    """What the list is narrowed to: a commune or district by code, a day that a milestone touches, a state."""

    unit: str = ""
    day: date | None = None
    state: str = ""
    case: str = ""


def visible_milestones(viewer: Viewer) -> QuerySet[Milestone]:
    """The milestones at places in the viewer's reach, or of cases that they ask. Raises `Denied`."""
    viewer.require(RECORD)
    reach = Q(unit__in=units_in_reach(viewer, RECORD)) | Q(site__in=visible_sites(viewer, RECORD))
    if reaches_province(viewer, RECORD):
        reach |= Q(unit__isnull=True)
    mine = MilestoneCase.objects.filter(milestone=OuterRef("pk"), case__in=cases_to_ask(viewer).values("pk"))
    return Milestone.objects.filter(reach | Exists(mine)).select_related("site__parent", "unit", "state_by")


def milestone_list(viewer: Viewer, wanted: MilestoneFilter) -> QuerySet[Milestone]:
    """The milestones that `wanted` lets through, latest day first, each with how many `cases` were there."""
    found = visible_milestones(viewer)
    if wanted.unit:
        found = found.filter(unit__in=counted_in(wanted.unit, wanted.day or clock.local_day(clock.now())))
    if wanted.day:
        start, end = clock.day_span(wanted.day, wanted.day)
        found = found.filter(start__lt=end, end__gt=start)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.case:
        found = found.filter(
            links__case__public_id=wanted.case, links__case__in=cases_to_ask(viewer).values("pk")
        )
    return found.annotate(cases=Count("links", distinct=True)).order_by("-start", "-pk")


def cases_of(viewer: Viewer, milestone: Milestone) -> list[Case]:
    """The cases of a milestone that the viewer may know of."""
    linked = MilestoneCase.objects.filter(milestone=milestone).values("case")
    return list(cases_to_ask(viewer).filter(pk__in=linked).order_by("reported_on", "pk"))


def brought_in(viewer: Viewer, milestone: Milestone) -> QuerySet[Contact]:
    """The contacts that the milestone's cases met there and then, of those whom the viewer may see."""
    if milestone.site_id is None:
        return Contact.objects.none()
    there = Exposure.objects.filter(
        contact=OuterRef("pk"), site=milestone.site_id, first__lt=milestone.end, last__gt=milestone.start
    )
    cases = [case.pk for case in cases_of(viewer, milestone)]
    return (
        visible_contacts(viewer)
        .filter(Exists(there), case__in=cases)
        .select_related("person__unit", "case__person")
        .order_by("grade", "rank", "pk")
    )


def proposals(viewer: Viewer, case: Case, *, at: datetime) -> dict[str, rules.Proposal]:
    """What of the case's presence in its infectious window is worth a milestone and is none yet, by a stable key.

    Stays at one site that are near in time are one. How many were met there is as the case was traced last.
    """
    window, _used = window_of(case, at=at)
    if window.empty:
        return {}
    spans = _spans(viewer, case, rules.Span(window.start, window.end))
    met = dict(
        Exposure.objects.filter(contact__case=case, site__isnull=False)
        .values_list("site")
        .annotate(n=Count("contact", distinct=True))
    )
    known = _known(case)
    found = {}
    for (site_id, words, unit_id, kind), times in spans.items():
        for span in _joined(times):
            place = (site_id, words)
            if not rules.is_milestone(kind, met.get(site_id, 0)) or _has(known, place, span):
                continue
            key = f"{site_id or words}-{int(span.start.timestamp())}"
            found[key] = rules.Proposal(
                site_id, words, unit_id, span, met.get(site_id, 0), rules.exposure_of(kind)
            )
    return dict(sorted(found.items(), key=lambda pair: pair[1].span.start))


_Place = tuple[int | None, str, int | None, str]


def _spans(viewer: Viewer, case: Case, window: rules.Span) -> dict[_Place, list[rules.Span]]:
    """The times of the case by place: as recorded where nobody denied it, and as told."""
    stays = list(Stay.objects.filter(interview__case=case).select_related("site"))
    denied = {
        (stay.site_id, stay.known_start, stay.known_end) for stay in stays if stay.verdict == Verdict.DENIED
    }
    spans: dict[_Place, list[rules.Span]] = {}
    visits = visits_of_person(case.person, window.start, window.end, viewer=viewer, most=MOST)
    for visit in visits:
        if (visit.site_id, visit.start, visit.end) not in denied:
            place: _Place = (visit.site_id, "", visit.site.unit_id, visit.site.kind)
            spans.setdefault(place, []).append(_within(window, visit.start, visit.end))
    for stay in stays:
        inside = stay.start < window.end and stay.end > window.start
        if stay.verdict not in (Verdict.DENIED, Verdict.CONFIRMED) and inside:
            site = stay.site
            place = (
                stay.site_id,
                stay.words,
                site.unit_id if site else stay.unit_id,
                site.kind if site else "",
            )
            spans.setdefault(place, []).append(_within(window, stay.start, stay.end))
    return spans


def _within(window: rules.Span, start: datetime, end: datetime) -> rules.Span:
    return rules.Span(max(start, window.start), min(end, window.end))


def _joined(spans: Sequence[rules.Span]) -> list[rules.Span]:
    found: list[rules.Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        both = rules.joined(found[-1], span) if found else None
        if both is not None:
            found[-1] = both
        else:
            found.append(span)
    return found


def _known(case: Case) -> list[tuple[tuple[int | None, str], rules.Span]]:
    linked = Milestone.objects.filter(links__case=case).values_list("site", "words", "start", "end")
    return [((site, words), rules.Span(start, end)) for site, words, start, end in linked]


def _has(
    known: Sequence[tuple[tuple[int | None, str], rules.Span]],
    place: tuple[int | None, str],
    span: rules.Span,
) -> bool:
    return any(each == place and rules.joined(at, span) is not None for each, at in known)


def unsent(viewer: Viewer) -> QuerySet[Milestone]:
    """The milestones that are drafts still, oldest first: whoever was there waits to be called for."""
    return visible_milestones(viewer).filter(state=MilestoneState.DRAFT).order_by(F("at").asc(), "pk")


INNER_KINDS = {SiteKind.ROOM, SiteKind.CANTEEN_ZONE, SiteKind.WARD, SiteKind.QUARANTINE_ROOM, SiteKind.LINE}
"""Sites whose own name says little without that of what they are in."""
