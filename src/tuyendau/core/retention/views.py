"""Periods of retention: what is in force, what would go, approving it, and holding one person's data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission, Viewer
from tuyendau.core.retention import actions, queries
from tuyendau.core.retention.forms import HoldForm, PeriodsForm
from tuyendau.core.retention.rules import SUGGESTED
from tuyendau.lib import clock


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The latest version of the periods with what it would take today, and the holds."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    policy = queries.latest(viewer)
    form = PeriodsForm(initial={"source": policy.source} | SUGGESTED | policy.periods)
    lines = queries.preview(viewer, policy, clock.local_day(clock.now()))
    context = {
        "policy": policy,
        "in_force": queries.in_force(),
        "lines": [(line, form[line.keeping.code]) for line in lines],
        "form": form,
        "total": sum(line.found.total for line in lines),
        "holds": queries.holds(viewer),
        "hold_form": HoldForm(auto_id="hold_%s"),
    }
    return render(request, "retention/overview.html", context)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Write another version of the periods."""
    form = PeriodsForm(request.POST)
    if _may(request) and _valid(request, form):
        _act(request, actions.propose, form.periods(), form.cleaned_data["source"])
    return redirect("retention:overview")


@require_POST
def approve(request: HttpRequest, version: int) -> HttpResponse:
    """Put the version that was shown in force."""
    if _may(request) and _act(request, actions.approve, version):
        messages.success(request, _("Approved. The worker removes what was kept long enough each night."))
    return redirect("retention:overview")


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Keep one person's data."""
    form = HoldForm(request.POST)
    if _may(request) and _valid(request, form):
        _act(request, actions.hold, form.cleaned_data["subject"], form.cleaned_data["ground"])
    return redirect("retention:overview")


@require_POST
def release(request: HttpRequest, subject: str) -> HttpResponse:
    """End a hold."""
    if _may(request):
        _act(request, actions.release, subject)
    return redirect("retention:overview")


def _may(request: HttpRequest) -> bool:
    request.viewer.require(Permission.RETENTION_MANAGE)  # type: ignore[attr-defined]
    return True


def _act(request: HttpRequest, act: Any, *arguments: object) -> bool:
    """Carry out an action for who asks; what it refuses is said on the page."""
    try:
        act(*arguments, viewer=request.viewer, by=request.user, at=clock.now())  # type: ignore[attr-defined]
    except actions.RetentionRefused as error:
        messages.error(request, str(error))
        return False
    return True


def _valid(request: HttpRequest, form: Any) -> bool:
    for name, errors in form.errors.items():
        label = form.fields[name].label or queries.keepings()[name].label
        for error in errors:
            messages.error(request, f"{label}: {error}")
    return bool(form.is_valid())
