"""Milestones: proposed from where cases were, edited, sent, traced, closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import nameable_sites
from tuyendau.lib.text import clean, fold
from tuyendau.records.cases.models import Case
from tuyendau.records.interviews import rules
from tuyendau.records.interviews.actions.errors import InterviewRefused
from tuyendau.records.interviews.models import Milestone, MilestoneCase, MilestoneState
from tuyendau.records.interviews.queries.interviews import cases_to_ask
from tuyendau.records.interviews.queries.milestones import proposals, visible_milestones

_OPEN = (MilestoneState.DRAFT, MilestoneState.SENT, MilestoneState.TRACED)


@dataclass(frozen=True, slots=True)
class PlaceAndTime:
    """Where and when: a site by its code, or words and perhaps a commune; how people were together."""

    start: datetime
    end: datetime
    site_code: str = ""
    words: str = ""
    unit: Unit | None = None
    exposure: str = "indoors"
    announced: bool = False
    note: str = ""


@as_program()
def add_proposals(
    case_id: str, keys: Iterable[str], *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> list[Milestone]:
    """Make milestones of those proposals of a case (a public id) whose keys are given; those that were made or joined.

    Where another case has one at the same place and time, the case joins it. Raises Case.DoesNotExist.
    """
    case = cases_to_ask(viewer).select_for_update(of=("self",)).get(public_id=case_id)
    wanted = set(keys)
    made = []
    for key, proposal in proposals(viewer, case, at=at).items():
        if key in wanted:
            milestone = Milestone(
                site_id=proposal.site_id, words=proposal.words, unit_id=proposal.unit_id,
                start=proposal.span.start, end=proposal.span.end, exposure=proposal.exposure,
            )  # fmt: skip
            made.append(_with_case(milestone, case, by, at))
    return made


@as_program()
def add_milestone(
    case_id: str, told: PlaceAndTime, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Milestone:
    """Make a milestone of a case by hand; see `add_proposals`. Raises `InterviewRefused`, Case.DoesNotExist."""
    case = cases_to_ask(viewer).select_for_update(of=("self",)).get(public_id=case_id)
    milestone = Milestone()
    _set(milestone, told, viewer)
    return _with_case(milestone, case, by, at)


@as_program()
def edit_milestone(
    public_id: str, told: PlaceAndTime, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Milestone:
    """Put a milestone right; the event keeps what stood there. Raises `InterviewRefused`, Milestone.DoesNotExist."""
    milestone = _held(public_id, viewer)
    if milestone.state == MilestoneState.CLOSED:
        raise InterviewRefused(_("This milestone is closed. Open it again as a draft to change it."))
    before = {"from": milestone.start.isoformat(), "to": milestone.end.isoformat(), "words": milestone.words}
    _set(milestone, told, viewer)
    milestone.save()
    audit.record("milestone.edited", by=by, at=at, subject=public_id, data={"before": before})
    return milestone


@as_program()
def set_milestone_state(
    public_id: str, state: MilestoneState, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Milestone:
    """Send a milestone to coordination, note that it is traced, close it. Raises as above."""
    milestone = _held(public_id, viewer)
    if milestone.state == state:
        return milestone
    if not rules.may_become(milestone.state, state):
        raise InterviewRefused(
            _("A milestone that is %(before)s cannot become %(after)s.")
            % {"before": milestone.get_state_display(), "after": MilestoneState(state).label}
        )
    before, milestone.state = milestone.state, state
    milestone.state_at, milestone.state_by_id = at, by.pk
    milestone.save()
    audit.record(
        "milestone.state_set", by=by, at=at, subject=public_id, data={"from": before, "to": str(state)}
    )
    return milestone


def _held(public_id: str, viewer: Viewer) -> Milestone:
    found: Milestone = visible_milestones(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    return found


def _set(milestone: Milestone, told: PlaceAndTime, viewer: Viewer) -> None:
    if told.end <= told.start:
        raise InterviewRefused(_("Out before in. Check both times."), "end")
    site: Site | None = None
    if told.site_code:
        site = nameable_sites(viewer, Permission.INTERVIEW_RECORD).filter(code=told.site_code).first()
        if site is None:
            raise InterviewRefused(
                _("There is no site with the code “%(code)s” that you may name.") % {"code": told.site_code},
                "site",
            )
    words = clean(told.words)[:200]
    if site is None and not words:
        raise InterviewRefused(_("Choose the place, or write where it was."), "site")
    milestone.site, milestone.words = site, "" if site else words
    milestone.unit = site.unit if site else told.unit
    milestone.start, milestone.end = told.start, told.end
    milestone.exposure, milestone.announced = told.exposure, told.announced
    milestone.note = clean(told.note)[:300]


def _with_case(milestone: Milestone, case: Case, by: AbstractBaseUser, at: datetime) -> Milestone:
    """The milestone with the case in it: one that is there for the place and time, widened, else this new one."""
    there = _same(milestone)
    span = rules.joined(_span(there), _span(milestone)) if there is not None else None
    if there is not None and span is not None:
        there.start, there.end = span.start, span.end
        there.save(update_fields=["start", "end"])
        milestone = there
    else:
        milestone.by_id = milestone.state_by_id = by.pk
        milestone.at = milestone.state_at = at
        milestone.save()
    _link, new = MilestoneCase.objects.get_or_create(
        milestone=milestone, case=case, defaults={"by_id": by.pk, "at": at}
    )
    if new:
        kind = "milestone.joined" if there else "milestone.made"
        audit.record(kind, by=by, at=at, subject=milestone.public_id, data={"case": case.public_id})
    return milestone


def _same(milestone: Milestone) -> Milestone | None:
    """An open milestone of the same place, near enough in time, whichever case it was made for."""
    near = Milestone.objects.select_for_update().filter(
        state__in=_OPEN,
        start__lte=milestone.end + rules.MERGE_WITHIN,
        end__gte=milestone.start - rules.MERGE_WITHIN,
    )
    if milestone.site_id:
        return near.filter(site=milestone.site_id).order_by("start", "pk").first()
    same = near.filter(
        Q(unit=milestone.unit_id) if milestone.unit_id else Q(unit__isnull=True), site__isnull=True
    )
    wanted = fold(milestone.words)
    return next((each for each in same.order_by("start", "pk") if fold(each.words) == wanted), None)


def _span(milestone: Milestone) -> rules.Span:
    return rules.Span(milestone.start, milestone.end)
