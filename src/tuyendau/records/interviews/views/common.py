"""What the pages share: the interview or case that an address names, the titles of the steps, who looked."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.interviews import queries
from tuyendau.records.interviews.models import Interview
from tuyendau.records.interviews.rules import Step

RECORD = Permission.INTERVIEW_RECORD


def interview_or_404(request: SignedRequest, public_id: str) -> Interview:
    """The interview; not found where its case is out of reach."""
    return get_object_or_404(queries.visible_interviews(request.viewer), public_id=public_id)


def case_or_404(request: SignedRequest, public_id: str) -> Case:
    """A case that the viewer may ask, as the pages of a case show it."""
    asked = queries.cases_to_ask(request.viewer).values("pk")
    return get_object_or_404(visible_cases(request.viewer).filter(pk__in=asked), public_id=public_id)


def step_or_404(code: str) -> Step:
    """The step of that code."""
    try:
        return Step(code)
    except ValueError as error:
        raise Http404 from error


def titles() -> dict[Step, str]:
    """What each step is called."""
    return {
        Step.IDENTITY: _("Identity"),
        Step.ILLNESS: _("Illness"),
        Step.PLACES: _("Where"),
        Step.PEOPLE: _("With whom"),
        Step.SOURCE: _("Source"),
        Step.FINISH: _("Finish"),
    }


def next_step(step: Step) -> Step:
    """The step behind one; behind the last the last."""
    steps = list(Step)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind, viewer=request.viewer, permission=RECORD, subject=subject, at=clock.now(), data=data
    )


def acting(request: SignedRequest) -> dict[str, Any]:
    """Who acts, and when, as actions ask it."""
    return {"viewer": request.viewer, "by": request.user, "at": clock.now()}
