"""Orders and certificates on paper, one page a person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.places.models import Unit
from tuyendau.lib.dates_vi import in_words
from tuyendau.records.orders import queries
from tuyendau.records.orders.forms import FilterForm
from tuyendau.records.orders.models import Order, State
from tuyendau.records.orders.queries.document import place_of
from tuyendau.records.orders.views.common import order_by_public_id, seen, today
from tuyendau.science.epi.diseases import disease
from tuyendau.science.epi.regimes import regime

MOST = 500


@require_GET
def paper(request: SignedRequest, public_id: str) -> HttpResponse:
    """One order as it was signed; a draft with room for number and signature."""
    order = order_by_public_id(request, public_id)
    seen(request, "order.printed", public_id, {"person": order.person.public_id})
    return render(
        request, "orders/papers.html", {"papers": [_paper(order)], "printing": "print" in request.GET}
    )


@require_GET
def papers(request: SignedRequest) -> HttpResponse:
    """All orders of the list as filtered, in one print."""
    request.viewer.require(Permission.ORDER_VIEW)
    found = queries.order_list(request.viewer, FilterForm(request.GET).wanted(today()))
    orders = list(
        found.select_related("extends", "replaces", "site__parent").order_by("series", "number", "id")[:MOST]
    )
    if not orders:
        raise Http404
    seen(request, "orders.printed", "orders", {"rows": len(orders), "filter": request.GET.urlencode()})
    return render(
        request, "orders/papers.html", {"papers": [_paper(order) for order in orders], "printing": True}
    )


@require_GET
def certificate(request: SignedRequest, public_id: str) -> HttpResponse:
    """The certificate that somebody has completed what was ordered, from the last day on."""
    order = order_by_public_id(request, public_id)
    if order.state not in (State.SIGNED, State.LIFTED) or (
        order.state == State.SIGNED and today() < order.ends_on
    ):
        raise Http404
    seen(request, "order.printed", public_id, {"person": order.person.public_id, "certificate": True})
    last = order.ends_on if order.state == State.SIGNED else order.lifted_on
    monitor = None
    if order.exposed_on is not None and order.regime and order.state == State.SIGNED:
        of = regime(order.regime)
        monitor = of.monitor_until(order.exposed_on) if of.monitor_days else None
    context = {
        "order": order,
        "document": order.document,
        "person": order.document["person"],
        "last": last,
        "monitor": monitor,
        "place": place_of(order) or order.document.get("place", ""),
        "disease": disease(order.disease).name["vi"],
        "dated": f"{order.document['place_and_date'].rpartition(', ngày')[0]}, {in_words(today())}",
        "printing": "print" in request.GET,
    }
    return render(request, "orders/certificate.html", context)


def _paper(order: Order) -> dict[str, Any]:
    unit: Unit | None = order.series.unit if order.series else None
    return {"order": order, "document": order.document or queries.document_of(order, unit)}
