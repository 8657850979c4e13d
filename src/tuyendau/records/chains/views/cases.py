"""Who infected a case and whom it infected, as a part of its page and as the card of the drawing; deciding on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.chains import actions, queries, rules
from tuyendau.records.chains.forms import ANOTHER, NOBODY, DecideForm, WithdrawForm
from tuyendau.records.chains.models import Decision, Verdict
from tuyendau.records.chains.views.common import seen

SHOWN = 20
"""Infected cases that are named at once."""

DOUBTS = {
    rules.Doubt.LATER: gettext_lazy(
        "By the dates the infector fell ill after the infected. Check both dates."
    ),
    rules.Doubt.FAR: gettext_lazy("More than 28 days lie between the two. Check both dates."),
    rules.Doubt.ISOLATED: gettext_lazy("The infector had been isolated for more than 14 days by then."),
}


@require_GET
def of_case(request: SignedRequest, public_id: str) -> HttpResponse:
    """Who infected the case and whom it infected; `card` in the URL gives it a head, for the drawing."""
    request.viewer.require(Permission.CONTACT_VIEW)
    case = get_object_or_404(visible_cases(request.viewer), public_id=public_id)
    seen(request, "case.chains_read", case.public_id, {"person": case.person.public_id})
    return render(request, "chains/of_case.html", _context(request, case))


def _context(request: SignedRequest, case: Case, **more: Any) -> dict[str, Any]:
    (place,) = queries.places_of(request.viewer, [case])
    infected = queries.infected_by(request.viewer, case)
    return {
        "case": case,
        "place": place,
        "infected": infected.cases[:SHOWN],
        "infected_more": max(0, len(infected.cases) - SHOWN),
        "infected_elsewhere": infected.elsewhere,
        "edits": queries.edits(request.viewer, case),
        "history": queries.history_of(case),
        "card": "card" in request.GET or "card" in request.POST,
    } | more


@require_POST
def decide(request: SignedRequest, public_id: str) -> HttpResponse:
    """Say who infected the case, or did not; the form comes back filled where that cannot be."""
    request.viewer.require(Permission.CHAIN_EDIT)
    case = get_object_or_404(visible_cases(request.viewer), public_id=public_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _again(request, case, _first_error(form), form)
    chosen = form.cleaned_data["infector"]
    if chosen == ANOTHER:
        other = queries.case_by_number(request.viewer, form.cleaned_data["another"])
        if other is None:
            told = _("There is no case “%(number)s” that you may see. Check the number.")
            return _again(request, case, told % {"number": form.cleaned_data["another"]}, form)
        chosen = other.public_id
    try:
        _decision, doubts = actions.decide(
            case.public_id,
            None if chosen == NOBODY else chosen,
            Verdict(form.cleaned_data["verdict"]),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            by=request.user,
            at=clock.now(),
        )
    except Case.DoesNotExist as error:
        raise Http404 from error
    except actions.ChainRefused as error:
        return _again(request, case, str(error), form)
    return _done(request, case, _("Decided."), doubts)


@require_POST
def withdraw(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take a decision back, with a reason."""
    request.viewer.require(Permission.CHAIN_EDIT)
    case = get_object_or_404(visible_cases(request.viewer), chain_decisions__public_id=public_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _again(request, case, _first_error(form), form)
    try:
        actions.withdraw(
            public_id,
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            by=request.user,
            at=clock.now(),
        )
    except Decision.DoesNotExist as error:
        raise Http404 from error
    return _done(request, case, _("The decision was taken back."), [])


def _done(request: SignedRequest, case: Case, told: str, doubts: list[rules.Doubt]) -> HttpResponse:
    warnings = [str(DOUBTS[doubt]) for doubt in doubts]
    if request.htmx:
        answer = render(request, "chains/of_case.html", _context(request, case, told=told, warnings=warnings))
        answer["HX-Trigger"] = "chains:changed"
        return answer
    messages.success(request, told)
    for warning in warnings:
        messages.warning(request, warning)
    return redirect("cases:detail", case.public_id)


def _again(request: SignedRequest, case: Case, refused: str, form: Any) -> HttpResponse:
    """The part with what was refused, and with what had been filled in."""
    if request.htmx:
        context = _context(request, case, refused=refused, sent=form.data)
        return render(request, "chains/of_case.html", context, status=422)
    messages.error(request, refused)
    return redirect("cases:detail", case.public_id)


def _first_error(form: Any) -> str:
    if "reason" in form.errors:
        return _("Say why: the reason stands beside the link for whoever reads it later.")
    return next(str(error) for errors in form.errors.values() for error in errors)
