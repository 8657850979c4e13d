"""The search box of the map."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.insight.map.queries.finding import LEAST, find_places
from tuyendau.lib import clock
from tuyendau.lib.text import clean, fold

LONGEST = 100


@require_GET
def search(request: SignedRequest) -> HttpResponse:
    """What the words name, and where it is; the hits alone for htmx. That it was searched is on record."""
    request.viewer.require(Permission.MAP_VIEW)
    written = clean(request.GET.get("q", ""))[:LONGEST]
    groups = find_places(request.viewer, written)
    if groups and request.viewer.may(Permission.PERSON_VIEW):
        audit.record_read(
            "people.searched", viewer=request.viewer, permission=Permission.PERSON_VIEW, subject="people",
            at=clock.now(), data={"words": fold(written)},
        )  # fmt: skip
    context = {"q": written, "groups": groups, "short": len(fold(written)) < LEAST}
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "map/search.html#hits" if part else "map/search.html", context)
