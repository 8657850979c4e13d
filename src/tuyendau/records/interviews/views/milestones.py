"""Milestones: the list of the coordination desk, those of a case, one of them, and the notice to the public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.interviews import actions, queries, rules
from tuyendau.records.interviews.forms import MilestoneFilterForm, MilestoneForm
from tuyendau.records.interviews.models import Milestone, MilestoneExposure, MilestoneState
from tuyendau.records.interviews.views.common import RECORD, acting, case_or_404, seen

PAGE = 50
SHOWN_CONTACTS = 100
STEPS = {
    MilestoneState.SENT: "send",
    MilestoneState.TRACED: "checks",
    MilestoneState.CLOSED: "lock",
    MilestoneState.DRAFT: "arrow-back-up",
}


@require_GET
def milestones(request: SignedRequest) -> HttpResponse:
    """The milestones by commune, day and state, for the coordination desk."""
    request.viewer.require(RECORD)
    form = MilestoneFilterForm(request.GET)
    found = queries.milestone_list(request.viewer, form.wanted())
    page = ReachPaginator(found, PAGE).get_page(request.GET.get("page"))
    template = "interviews/milestones.html#rows" if request.htmx else "interviews/milestones.html"
    return render(request, template, {"form": form, "page": page, "inner_kinds": queries.INNER_KINDS})


@require_http_methods(["GET", "POST"])
def milestones_of_case(request: SignedRequest, case_id: str) -> HttpResponse:
    """The milestones of a case and what its presence proposes; posting makes those that were chosen, or one by hand."""
    case = case_or_404(request, case_id)
    form = MilestoneForm(request.POST if "by_hand" in request.POST else None, auto_id="m_%s")
    if request.method == "POST" and "by_hand" not in request.POST:
        made = actions.add_proposals(case_id, request.POST.getlist("proposal"), **acting(request))
        _say_made(request, len(made))
        return redirect("interviews:milestones_of_case", case_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_milestone(case_id, form.told(), **acting(request))
        except actions.InterviewRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            _say_made(request, 1)
            return redirect("interviews:milestones_of_case", case_id)
    seen(request, "milestone.read", case.public_id, {"person": case.person.public_id})
    context = {
        "case": case,
        "tab": "interview",
        "proposals": _proposals(request, case),
        "milestones": queries.milestone_list(request.viewer, queries.MilestoneFilter(case=case_id)),
        "form": form,
        "inner_kinds": queries.INNER_KINDS,
    }
    return render(request, "interviews/milestones_of_case.html", context)


def _say_made(request: SignedRequest, made: int) -> None:
    if made:
        messages.success(request, _("The milestones are drafts now. Send each to coordination."))
    else:
        messages.warning(request, _("Choose at least one."))


def _proposals(request: SignedRequest, case: Any) -> list[dict[str, Any]]:
    found = queries.proposals(request.viewer, case, at=clock.now())
    sites = Site.objects.select_related("parent", "unit").in_bulk(
        {p.site_id for p in found.values() if p.site_id}
    )
    return [
        {
            "key": key,
            "proposal": proposal,
            "site": sites.get(proposal.site_id) if proposal.site_id else None,
            "exposure": MilestoneExposure(proposal.exposure).label,
        }
        for key, proposal in found.items()
    ]


@require_http_methods(["GET", "POST"])
def milestone(request: SignedRequest, public_id: str) -> HttpResponse:
    """One milestone: its cases, the contacts that it brought in, what can be done next; posting puts it right."""
    found = _found(request, public_id)
    form = MilestoneForm(request.POST or None, initial=_initial(found), auto_id="m_%s")
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_milestone(public_id, form.told(), **acting(request))
        except actions.InterviewRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("interviews:milestone", public_id)
    seen(request, "milestone.read", public_id)
    contacts = queries.brought_in(request.viewer, found)
    page = ReachPaginator(contacts, SHOWN_CONTACTS).get_page(request.GET.get("page"))
    context = {
        "milestone": found,
        "form": form,
        "cases": queries.cases_of(request.viewer, found),
        "page": page,
        "next_states": _next_states(found),
        "inner_kinds": queries.INNER_KINDS,
        "site_code": found.site.code if found.site else "",
    }
    return render(request, "interviews/milestone.html", context)


def _next_states(found: Milestone) -> list[tuple[str, str, str]]:
    words = {
        MilestoneState.SENT: _("Send to coordination"),
        MilestoneState.TRACED: _("Everybody there is traced"),
        MilestoneState.CLOSED: _("Close"),
        MilestoneState.DRAFT: _("Back to draft"),
    }
    return [(state, words[state], STEPS[state]) for state in words if rules.may_become(found.state, state)]


@require_POST
def milestone_state(request: SignedRequest, public_id: str) -> HttpResponse:
    """Move a milestone on."""
    _found(request, public_id)
    state = request.POST.get("state", "")
    if state not in MilestoneState.values:
        raise Http404
    try:
        actions.set_milestone_state(public_id, MilestoneState(state), **acting(request))
    except actions.InterviewRefused as error:
        messages.error(request, str(error))
    return redirect("interviews:milestone", public_id)


@require_GET
def notice(request: SignedRequest, public_id: str) -> HttpResponse:
    """What the public is told: place, time and what to do, and never a person."""
    found = _found(request, public_id)
    return render(
        request, "interviews/notice.html", {"milestone": found, "today": clock.local_day(clock.now())}
    )


def _found(request: SignedRequest, public_id: str) -> Milestone:
    return get_object_or_404(queries.visible_milestones(request.viewer), public_id=public_id)


def _initial(found: Milestone) -> dict[str, Any]:
    return {
        "site": found.site.code if found.site else "",
        "site_name": found.site.name if found.site else "",
        "words": found.words,
        "commune": found.unit.code if found.unit else "",
        "commune_name": found.unit.name if found.unit else "",
        "start": found.start,
        "end": found.end,
        "exposure": found.exposure,
        "announced": found.announced,
        "note": found.note,
    }
