"""How far an act on many rows has come."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.lists import queries
from tuyendau.core.lists.models import Batch


@require_GET
def batch(request: SignedRequest, public_id: str) -> HttpResponse:
    """What was done, what was refused and why; the page can be left and opened again."""
    try:
        found = queries.batch_by_public_id(request.viewer, public_id)
    except Batch.DoesNotExist as error:
        raise Http404 from error
    of, act = queries.list_named(found.list_name), queries.act_of(found.list_name, found.act)
    request.viewer.require(of.permission)
    names = act.names(request.viewer, [row for row, _why in found.refused])
    refused = [
        (names.get(row, row), reverse(act.url, args=[row]) if act.url and row in names else "", why)
        for row, why in found.refused
    ]
    context = {
        "batch": found, "of": of, "act": act, "refused": refused, "url": reverse(of.url),
        "changed": found.done - len(found.refused),
        "percent": round(100 * found.done / found.total) if found.total else 100,
    }  # fmt: skip
    htmx = request.htmx and not request.htmx.history_restore_request
    return render(request, "lists/batch.html#state" if htmx else "lists/batch.html", context)
