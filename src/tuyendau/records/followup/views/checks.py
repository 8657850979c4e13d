"""Recording checks: one tap for "seen, well", a form for the rest, taking back and correcting."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.forms import CheckForm
from tuyendau.records.followup.models import Check, FollowUp, Result
from tuyendau.records.followup.views.common import act, line, today

ONE_TAP = {"well": Result.WELL, "not_reached": Result.NOT_REACHED}


@require_POST
def well(request: SignedRequest, public_id: str, result: str) -> HttpResponse:
    """Record "seen, well" or "not reached" with one tap; the answer is the line, with undo."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    if result not in ONE_TAP:
        raise Http404
    made = act(request, actions.record_check, public_id, actions.Found(ONE_TAP[result]))
    if not request.htmx:
        return redirect("followup:worklist")
    return line(request, public_id, check=made)


@require_POST
def undo(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take back a check that one has just recorded."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    followup: FollowUp | None = act(request, actions.undo_check, public_id)
    if followup is None or not request.htmx:
        return redirect("followup:worklist")
    return line(request, followup.public_id, told=_("Taken back"))


@require_http_methods(["GET", "POST"])
def check(request: SignedRequest, public_id: str) -> HttpResponse:
    """Record in full what a check found."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    try:
        followup = queries.row(request.viewer, public_id, today())
    except FollowUp.DoesNotExist as error:
        raise Http404 from error
    initial = {
        "day": today(),
        "result": request.GET.get("result", ""),
        "how": request.GET.get("how", "visit"),
    }
    form = CheckForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_check(
                public_id, form.found(), viewer=request.viewer, by=request.user, at=clock.now()
            )
        except actions.FollowUpRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            _say(request, followup, form.found().result)
            return redirect("followup:worklist")
    return render(request, "followup/check.html", {"form": form, "followup": followup, "today": today()})


@require_http_methods(["GET", "POST"])
def correct(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put another check in the place of a wrong one; both stay on record."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    wrong = _standing(request, public_id)
    initial = {
        "day": wrong.day, "result": wrong.result, "how": wrong.how, "symptoms": wrong.symptoms,
        "temperature": wrong.temperature, "tested": wrong.tested, "note": wrong.note,
    }  # fmt: skip
    form = CheckForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_check(
                public_id, form.found(), viewer=request.viewer, by=request.user, at=clock.now()
            )
        except actions.FollowUpRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The check was corrected. What stood before stays on record."))
            return redirect("followup:detail", wrong.followup.public_id)
    context = {"form": form, "followup": wrong.followup, "wrong": wrong, "today": today()}
    return render(request, "followup/check.html", context)


def _standing(request: SignedRequest, public_id: str) -> Check:
    mine = queries.in_reach(request.viewer, Permission.FOLLOWUP_RECORD).values("pk")
    found = Check.objects.select_related("followup__person__unit", "followup__site__parent")
    try:
        return found.get(public_id=public_id, withdrawn_at__isnull=True, followup__in=mine)
    except Check.DoesNotExist as error:
        raise Http404 from error


def _say(request: SignedRequest, followup: FollowUp, result: Result) -> None:
    if result == Result.SYMPTOMATIC:
        messages.warning(
            request,
            _("Symptoms of %(person)s were recorded. Your district has been told; take a sample today.")
            % {"person": followup.person},
        )
    else:
        messages.success(request, _("The check of %(person)s was recorded.") % {"person": followup.person})
