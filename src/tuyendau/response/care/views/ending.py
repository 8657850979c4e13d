"""Ending a stay, taking it back where it was a mistake, and letting it go on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.response.care import actions
from tuyendau.response.care.forms import EndForm, GroundForm
from tuyendau.response.care.queries import clinical, patients
from tuyendau.response.care.views.common import act, act_of_form, stay_of


@require_http_methods(["GET", "POST"])
def end(request: SignedRequest, public_id: str) -> HttpResponse:
    """Discharge and other ends, beside what the text in force asks for."""
    stay = stay_of(request, public_id, Permission.STAY_RECORD)
    now = clock.now()
    course = clinical.courses([stay]).get(stay.pk)
    guided = clinical.guided(stay, course, now) if course is not None else None
    form = EndForm(
        request.POST or None, initial={"ended_at": now}, treated=stay.case_id is not None,
        unmet=guided is not None and not guided.met,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = act_of_form(
            request,
            form,
            actions.end_stay,
            public_id,
            given["state"],
            given["ended_at"],
            ground=given["ground"],
        )
        if made is not None:
            messages.success(request, f"{stay.person}: {made.get_state_display()}.")
            return redirect("care:detail", public_id)
    context = {
        "form": form,
        "stay": stay,
        "guided": guided,
        "day": patients.day_of(stay, clock.local_day(now)),
    }
    return render(request, "care/end.html", context)


@require_POST
def cancel(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take back a stay that was recorded by mistake."""
    request.viewer.require(Permission.STAY_RECORD)
    form = GroundForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the stay was recorded by mistake."))
    elif act(request, actions.cancel_stay, public_id, form.cleaned_data["ground"]) is not None:
        messages.success(request, _("The stay is taken back; it stays on record."))
        return redirect("care:list")
    stay_of(request, public_id, Permission.STAY_RECORD)
    return redirect("care:change", public_id)


@require_POST
def reopen(request: SignedRequest, public_id: str) -> HttpResponse:
    """Let a stay go on that was ended by mistake."""
    request.viewer.require(Permission.STAY_RECORD)
    form = GroundForm(request.POST)
    if not form.is_valid():
        stay_of(request, public_id, Permission.STAY_RECORD)
        messages.error(request, _("Say why the stay goes on."))
    elif act(request, actions.take_end_back, public_id, form.cleaned_data["ground"]) is not None:
        messages.success(request, _("The stay goes on."))
    return redirect("care:detail", public_id)
