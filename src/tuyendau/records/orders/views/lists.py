"""The list of orders, one order, those of a person, and who did what to one and when."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.audit.queries import grounds_in_words, kind_in_words
from tuyendau.records.orders import queries
from tuyendau.records.orders.forms import ExtendForm, FilterForm, GroundForm
from tuyendau.records.orders.models import State
from tuyendau.records.orders.queries.document import digest_of
from tuyendau.records.orders.views.common import order_by_public_id, person_of, seen, today
from tuyendau.records.people.queries import in_reach

PAGE = 50


@require_GET
def order_list(request: SignedRequest) -> HttpResponse:
    """The orders in reach, narrowed by the URL, latest first."""
    request.viewer.require(Permission.ORDER_VIEW)
    form = FilterForm(request.GET)
    wanted = form.wanted(today())
    page = ReachPaginator(queries.order_list(request.viewer, wanted), PAGE).get_page(request.GET.get("page"))
    seen(request, "orders.read", "orders")
    template = "orders/list.html#rows" if request.htmx else "orders/list.html"
    due = queries.due(request.viewer, today())
    return render(request, template, {"form": form, "wanted": wanted, "page": page, "due": due})


@require_GET
def detail(request: SignedRequest, public_id: str) -> HttpResponse:
    """One order: what it says, and what can be done with it now."""
    order = order_by_public_id(request, public_id)
    seen(request, "order.read", public_id, {"person": order.person.public_id})
    drafts = in_reach(request.viewer, order.person, Permission.ORDER_DRAFT)
    signs = in_reach(request.viewer, order.person, Permission.ORDER_SIGN)
    context = {
        "order": order,
        "document": order.document or queries.document_of(order, None),
        "chain": queries.chain_of(order),
        "drafts": drafts,
        "signs": signs,
        "in_force": order.state == State.SIGNED and today() < order.over_from,
        "over": order.state == State.SIGNED and today() >= order.ends_on,
        "extend_form": ExtendForm(auto_id="extend_%s"),
        "lift_form": GroundForm(auto_id="lift_%s"),
    }
    return render(request, "orders/detail.html", context)


@require_GET
def record(request: SignedRequest, public_id: str) -> HttpResponse:
    """Who ordered what and when, for a court: every version, person, time and digest."""
    order = order_by_public_id(request, public_id)
    seen(request, "order.read", public_id, {"person": order.person.public_id})
    chain = []
    for each in queries.chain_of(order):
        course = queries.course_of(each)
        grounds = grounds_in_words(event for event, _digest, _seq in course)
        lines = [
            {
                "event": event,
                "what": kind_in_words(event.kind),
                "ground": grounds[event.pk],
                "digest": digest,
                "seq": seq,
            }
            for event, digest, seq in course
        ]
        whole = not each.document or digest_of(each.document) == each.digest
        chain.append({"order": each, "lines": lines, "whole": whole})
    return render(request, "orders/record.html", {"order": order, "chain": chain})


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The orders of a person, as a part of their page."""
    request.viewer.require(Permission.ORDER_VIEW)
    person = person_of(request, person_id, Permission.PERSON_VIEW)
    context = {
        "person": person,
        "orders": queries.in_reach(request.viewer)
        .filter(person=person)
        .exclude(state=State.DROPPED)
        .order_by("-pk"),
        "may_draft": in_reach(request.viewer, person, Permission.ORDER_DRAFT),
    }
    return render(request, "orders/of_person.html", context)
