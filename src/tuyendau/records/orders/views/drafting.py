"""Drafting orders: one, many, going on from one, in the place of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.orders import actions, queries
from tuyendau.records.orders.forms import ExtendForm, OrderForm, PlaceForm
from tuyendau.records.orders.models import Kind, Order, PlaceKind
from tuyendau.records.orders.views.common import act, order_by_public_id, person_of, today
from tuyendau.records.people.models import Person
from tuyendau.science.epi.regimes import regime_on


@require_http_methods(["GET", "POST"])
def new(request: SignedRequest, person_id: str) -> HttpResponse:
    """Draft an order for a person: filled in with what is known of them as a contact or a case."""
    person = person_of(request, person_id, Permission.ORDER_DRAFT)
    known, basis = _known(request, person)
    form = OrderForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        rests = basis if terms["kind"] == known["kind"] else {"disease": basis["disease"]}
        try:
            order = actions.draft_order(
                person, actions.Draft(**terms | rests), viewer=request.viewer, by=request.user, at=clock.now()
            )
        except actions.OrderRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is ready. It waits for a signature."))
            return redirect("orders:detail", order.public_id)
    return render(request, "orders/form.html", {"form": form, "person": person, "title": _("Draft an order")})


def _known(request: SignedRequest, person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a form for a person begins with, and what the order rests on."""
    on = today()
    home = ", ".join(part for part in (person.address, person.unit.name if person.unit else "") if part)
    case = Case.objects.filter(person=person, status=CaseStatus.CONFIRMED).order_by("-reported_on").first()
    if case is not None:
        regime = regime_on(case.disease, 0, on)
        ends = on + timedelta(days=regime.days if regime else 14)
        first = {"kind": Kind.ISOLATION, "place_kind": PlaceKind.HOSPITAL, "starts_on": on, "ends_on": ends}
        return first | {"address": home}, {"disease": case.disease, "case": case}
    found = queries.candidates(request.viewer, on=on, people=[person.public_id])
    first = {"kind": Kind.QUARANTINE, "starts_on": on, "address": home, "place_kind": PlaceKind.FACILITY}
    if not found:
        return first | {"ends_on": on + timedelta(days=14)}, {"disease": "covid19"}
    one = found[0]
    basis = {
        "disease": one.disease, "case": Case.objects.get(pk=one.case), "exposed_from": one.exposed_from,
        "exposed_on": one.exposed_on, "regime": one.regime.id,
    }  # fmt: skip
    return first | {"ends_on": one.ends_on, "place_kind": PlaceKind(one.regime.where.value)}, basis


@require_http_methods(["GET", "POST"])
def bulk(request: SignedRequest) -> HttpResponse:
    """Draft orders for the close contacts of a case or a site: chosen from a list, one place and ground for all."""
    request.viewer.require(Permission.ORDER_DRAFT)
    asked = {name: request.GET.get(name, "") for name in ("case", "site")}
    found = queries.candidates(request.viewer, on=today(), **asked) if any(asked.values()) else []
    form = PlaceForm(request.POST or None, initial={"starts_on": today(), "place_kind": PlaceKind.FACILITY})
    chosen = request.POST.getlist("people")
    if request.method == "POST" and form.is_valid():
        wanted = [c for c in found if c.person.public_id in set(chosen)]
        if not wanted:
            form.add_error(None, _("Choose at least one person."))
        elif (done := _draft_all(request, wanted, form)) is not None:
            return done
    context = {
        "form": form,
        "found": found,
        "chosen": set(chosen),
        "first": request.method == "GET",
        "asked": asked,
    }
    return render(request, "orders/bulk.html", context)


def _draft_all(
    request: SignedRequest, wanted: list[queries.Candidate], form: PlaceForm
) -> HttpResponse | None:
    data = form.cleaned_data
    same = actions.Draft(
        Kind.QUARANTINE, wanted[0].disease, data["starts_on"], data["starts_on"], PlaceKind(data["place_kind"]),
        data["site"], data["address"], data["ground"],
    )  # fmt: skip
    done, refused = actions.draft_orders(wanted, same, viewer=request.viewer, by=request.user, at=clock.now())
    for text in refused[:20]:
        messages.error(request, text)
    if not done:
        return None
    said = ngettext("%(n)s draft is ready.", "%(n)s drafts are ready.", len(done)) % {"n": len(done)}
    messages.success(request, said + " " + _("They wait for a signature."))
    return redirect("orders:list")


@require_http_methods(["GET", "POST"])
def change(request: SignedRequest, public_id: str) -> HttpResponse:
    """Write a draft anew."""
    order = order_by_public_id(request, public_id, Permission.ORDER_DRAFT)
    return _write(request, order, actions.change_draft, _("Change the draft"))


@require_http_methods(["GET", "POST"])
def replace(request: SignedRequest, public_id: str) -> HttpResponse:
    """Draft an order in the place of a signed one that was wrong."""
    order = order_by_public_id(request, public_id, Permission.ORDER_DRAFT)
    return _write(request, order, actions.replace_order, _("Replace the order"))


def _write(request: SignedRequest, order: Order, do: Any, title: str) -> HttpResponse:
    initial: dict[str, Any] = {
        name: getattr(order, name)
        for name in ("kind", "place_kind", "address", "starts_on", "ends_on", "ground")
    }
    initial["site"] = order.site.code if order.site else ""
    form = OrderForm(request.POST or None, initial=initial)
    form.fields["kind"].disabled = True
    if request.method == "POST" and form.is_valid():
        wanted = actions.Draft(disease=order.disease, **form.terms())
        try:
            written = do(order.public_id, wanted, viewer=request.viewer, by=request.user, at=clock.now())
        except actions.OrderRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is ready. It waits for a signature."))
            return redirect("orders:detail", written.public_id)
    context = {"form": form, "person": order.person, "title": title, "order": order}
    return render(request, "orders/form.html", context)


@require_POST
def drop(request: SignedRequest, public_id: str) -> HttpResponse:
    """Drop a draft."""
    request.viewer.require(Permission.ORDER_DRAFT)
    if act(request, actions.drop_draft, public_id) is not None:
        messages.success(request, _("The draft was dropped."))
    return redirect("orders:list")


@require_POST
def extend(request: SignedRequest, public_id: str) -> HttpResponse:
    """Draft an order that goes on from a signed one."""
    request.viewer.require(Permission.ORDER_DRAFT)
    form = ExtendForm(request.POST)
    until: date | None = form.cleaned_data["until"] if form.is_valid() else None
    if until is None:
        messages.error(request, _("Write until which day the order goes on, and why."))
    elif (
        made := act(request, actions.extend_order, public_id, until, form.cleaned_data["ground"])
    ) is not None:
        messages.success(request, _("The draft is ready. It waits for a signature."))
        return redirect("orders:detail", made.public_id)
    return redirect("orders:detail", public_id)
