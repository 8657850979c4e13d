"""Transfers, as the facility that asks and the one that is asked see them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.response.care import actions, queries
from tuyendau.response.care.forms import ArriveForm, GroundForm, ProposeForm
from tuyendau.response.care.models import Condition, Transfer, TransferState
from tuyendau.response.care.queries import transfers
from tuyendau.response.care.queries.transfers import Asked
from tuyendau.response.care.views.common import act, act_of_form, seen, stay_of


@require_GET
def transfer_list(request: SignedRequest) -> HttpResponse:
    """What is to be answered, who is on the way, what was asked of others, and what is over."""
    request.viewer.require(Permission.STAY_VIEW)
    seen(request, "stays.read", "transfers")
    return render(
        request, "care/transfers.html", {"found": transfers.transfers(request.viewer), "now": clock.now()}
    )


@require_GET
def transfer(request: SignedRequest, public_id: str) -> HttpResponse:
    """One transfer, with what can be done on this side."""
    return _page(request, _asked(request, public_id))


def _page(
    request: SignedRequest, asked: Asked, *, arrive_form: ArriveForm | None = None, status: int = 200
) -> HttpResponse:
    of = asked.transfer
    seen(request, "transfer.read", of.public_id)
    if asked.comes_to_me and arrive_form is None:
        first = {"arrived_at": clock.now(), "level": of.stay.severity}
        arrive_form = ArriveForm(initial=first, rooms=queries.rooms_of(of.to))
    records = request.viewer.may(Permission.STAY_RECORD)
    context = {
        "asked": asked,
        "transfer": of,
        "conditions": [Condition(code).label for code in of.stay.conditions],
        "room": queries.occupancy([of.to])[0],
        "arrive_form": arrive_form,
        "may_withdraw": records
        and asked.ours
        and of.state in (TransferState.PROPOSED, TransferState.ACCEPTED),
        "now": clock.now(),
    }
    return render(request, "care/transfer.html", context, status=status)


def _asked(request: SignedRequest, public_id: str) -> Asked:
    try:
        return transfers.transfer_by_public_id(request.viewer, public_id)
    except Transfer.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def propose(request: SignedRequest, public_id: str) -> HttpResponse:
    """Ask another facility to take a patient: the facilities with how much is free there."""
    stay = stay_of(request, public_id, Permission.STAY_RECORD)
    others = queries.every_facility().exclude(pk=stay.site_id)
    form = ProposeForm(request.POST or None, rooms=queries.occupancy(others))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = act_of_form(
            request,
            form,
            actions.propose_transfer,
            public_id,
            form.chosen(),
            given["reason"],
            urgent=given["urgent"],
        )
        if made is not None:
            messages.success(
                request,
                _("%(site)s is asked. The patient stays here until they arrive there.") % {"site": made.to},
            )
            return redirect("care:transfer", made.public_id)
    return render(request, "care/propose.html", {"form": form, "stay": stay})


@require_POST
def accept(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take the patient."""
    request.viewer.require(Permission.STAY_RECORD)
    if act(request, actions.accept_transfer, public_id, answer=request.POST.get("answer", "")) is not None:
        messages.success(request, _("Accepted. Record the arrival here when the patient has come."))
    return redirect("care:transfer", public_id)


@require_POST
def refuse(request: SignedRequest, public_id: str) -> HttpResponse:
    """Not take the patient, and say why."""
    request.viewer.require(Permission.STAY_RECORD)
    form = GroundForm(request.POST)
    ground = form.cleaned_data["ground"] if form.is_valid() else ""
    if act(request, actions.refuse_transfer, public_id, ground) is not None:
        messages.success(request, _("Refused. The other side is told."))
    return redirect("care:transfer", public_id)


@require_POST
def withdraw(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take back what was asked."""
    request.viewer.require(Permission.STAY_RECORD)
    if act(request, actions.withdraw_transfer, public_id) is not None:
        messages.success(request, _("The transfer is withdrawn."))
    return redirect("care:transfer", public_id)


@require_POST
def arrive(request: SignedRequest, public_id: str) -> HttpResponse:
    """Record that the patient has come."""
    request.viewer.require(Permission.STAY_RECORD)
    asked = _asked(request, public_id)
    form = ArriveForm(request.POST, rooms=queries.rooms_of(asked.transfer.to))
    if form.is_valid():
        given = form.cleaned_data
        new = act_of_form(
            request, form, actions.arrive, public_id, arrived_at=given["arrived_at"], ward=form.chosen(),
            bed=given["bed"], level=given["level"], beyond=given["beyond"],
        )  # fmt: skip
        if new is not None:
            messages.success(request, _("%(person)s is here.") % {"person": new.person})
            return redirect("care:detail", new.public_id)
    return _page(request, asked, arrive_form=form)
