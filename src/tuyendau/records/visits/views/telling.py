"""What an interview tells of a person, and one visit put right or taken out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.people.queries import visible_people
from tuyendau.records.visits import actions
from tuyendau.records.visits.forms import CorrectionForm, InterviewForm
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.queries import correctable_visit


@require_http_methods(["GET", "POST"])
def told(request: SignedRequest, person_id: str) -> HttpResponse:
    """Record that a person was somewhere from one moment to another, as somebody told."""
    request.viewer.require(Permission.VISIT_RECORD, Permission.PERSON_VIEW)
    person = get_object_or_404(visible_people(request.viewer, Permission.VISIT_RECORD), public_id=person_id)
    form = InterviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_interview(
                person_id,
                data["site"],
                data["start"],
                data["end"],
                told_by=data["told_by"],
                note=data["note"],
                viewer=request.viewer,
                by=request.user,
                at=clock.now(),
            )
        except actions.CorrectionRefused as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The stay is recorded and counts at once."))
            return redirect("visits:told" if "again" in request.POST else "people:detail", person_id)
    return render(request, "visits/told.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
def correct(request: SignedRequest, person_id: str, site_id: str, span: str) -> HttpResponse:
    """Give one visit other times or take it out, with a reason; `span` is its start and end in seconds since 1970."""
    request.viewer.require(Permission.VISIT_CORRECT)
    key = _key(person_id, site_id, span)
    try:
        visit = correctable_visit(key.person, key.site, key.start, key.end, viewer=request.viewer)
    except Visit.DoesNotExist as error:
        raise Http404 from error
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, initial={"start": visit.start, "end": visit.end}
    )
    if request.method == "POST" and form.is_valid():
        try:
            message = _corrected(request, key, form.cleaned_data)
        except actions.CorrectionRefused as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, message)
            return redirect("people:detail", person_id)
    return render(request, "visits/correct.html", {"form": form, "visit": visit})


def _corrected(request: SignedRequest, key: actions.Key, data: dict[str, Any]) -> str:
    asked = {"ground": data["ground"], "viewer": request.viewer, "by": request.user, "at": clock.now()}
    if "remove" in request.POST:
        actions.remove_visit(key, **asked)
        return _("The visit is taken out and counts no more.")
    actions.correct_visit(key, data["start"], data["end"], **asked)
    return _("The visit has its new times, which count at once.")


def _key(person_id: str, site_id: str, span: str) -> actions.Key:
    try:
        start, end = (datetime.fromtimestamp(int(second), UTC) for second in span.split("-"))
    except (ValueError, OverflowError, OSError) as error:
        raise Http404 from error
    return actions.Key(person_id, site_id, start, end)
