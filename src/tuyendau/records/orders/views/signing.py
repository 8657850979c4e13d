"""Signing drafts, one or many, and lifting an order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.records.orders import actions, queries
from tuyendau.records.orders.forms import GroundForm, SignForm
from tuyendau.records.orders.models import Office, Order
from tuyendau.records.orders.views.common import act, today

MOST = 500


@require_http_methods(["GET", "POST"])
def sign(request: SignedRequest) -> HttpResponse:
    """The drafts that wait for the viewer; chosen ones are signed together, with the next numbers."""
    units = queries.authorities(request.viewer)
    form = SignForm(request.POST or None)
    form.fields["unit"].choices = [(u.path, u.name) for u in units]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _signed(request, form):
        return redirect("orders:list")
    drafts = _drafts(request)
    chosen = set(request.POST.getlist("orders")) or {order.public_id for order in drafts}
    context = {
        "form": form, "drafts": drafts, "chosen": chosen, "more": len(drafts) == MOST,
        "next": queries.next_numbers(units, today().year),
    }  # fmt: skip
    return render(request, "orders/sign.html", context)


def _signed(request: SignedRequest, form: SignForm) -> bool:
    chosen = request.POST.getlist("orders")
    if not chosen:
        messages.error(request, _("Choose at least one order."))
        return False
    first = form.cleaned_data["first"]
    if first and act(request, actions.begin_series, form.cleaned_data["unit"], first) is None:
        return False
    asked = {"unit": form.cleaned_data["unit"], "office": Office(form.cleaned_data["office"])}
    done: actions.Signed | None = act(request, actions.sign_orders, chosen, **asked)
    if done is None:
        return False
    n = len(done.orders)
    said = ngettext(
        "%(n)s order was signed: number %(first)s.",
        "%(n)s orders were signed: numbers %(first)s to %(last)s.",
        n,
    )
    messages.success(request, said % {"n": n, "first": done.first, "last": done.last})
    return True


def _drafts(request: SignedRequest) -> list[Order]:
    drafts = queries.signable(request.viewer).order_by("person__unit__folded", "person__folded", "pk")
    with as_program():
        numbers = list(drafts.values_list("pk", flat=True)[:MOST])
    read = drafts.select_related("person__unit", "site__parent", "drafted_by", "case")
    return list(read.filter(pk__any_of=numbers))


@require_POST
def lift(request: SignedRequest, public_id: str) -> HttpResponse:
    """Lift a signed order."""
    request.viewer.require(Permission.ORDER_SIGN)
    form = GroundForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the order is lifted."))
    elif act(request, actions.lift_order, public_id, form.cleaned_data["ground"]) is not None:
        messages.success(request, _("The order is lifted from today on."))
    return redirect("orders:detail", public_id)
