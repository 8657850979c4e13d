"""The start page: what is due, what changed, and one search for everything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import kind_in_words
from tuyendau.insight.home import queries
from tuyendau.lib import clock
from tuyendau.lib.text import clean, fold

PAGE = 50
LONGEST = 100


@require_GET
def start(request: SignedRequest) -> HttpResponse:
    """What is due now for whoever asks, and what changed since yesterday; who has no role yet is told so."""
    viewer = request.viewer
    if not viewer.grants:
        return render(request, "no_role.html")
    now = clock.now()
    sees_cases = viewer.may(Permission.CASE_VIEW)
    context = {
        "now": now,
        "due": queries.due(viewer, at=now),
        "changes": queries.changes(viewer, at=now) if sees_cases else None,
    }
    return render(request, "home/start.html#parts" if request.htmx else "home/start.html", context)


@require_GET
def changes(request: SignedRequest) -> HttpResponse:
    """Everything of one kind, or of every kind, that changed since yesterday."""
    request.viewer.require(Permission.CASE_VIEW)
    now = clock.now()
    kind = request.GET.get("kind", "")
    page = ReachPaginator(queries.changes_of_kind(request.viewer, kind, at=now), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": queries.in_words(request.viewer, list(page)),
        "kind": kind,
        "kinds": [(each, kind_in_words(each)) for each in queries.CHANGES],
        "since": queries.since_yesterday(now),
    }
    return render(request, "home/changes.html#rows" if request.htmx else "home/changes.html", context)


@require_GET
def search(request: SignedRequest) -> HttpResponse:
    """Everything that the words in the address name; the hits alone for htmx. That it was searched is on record."""
    written = clean(request.GET.get("q", ""))[:LONGEST]
    groups = queries.search(request.viewer, written)
    if groups and request.viewer.may(Permission.PERSON_VIEW):
        audit.record_read(
            "people.searched",
            viewer=request.viewer,
            permission=Permission.PERSON_VIEW,
            subject="people",
            at=clock.now(),
            data={"words": fold(written)},
        )
    context = {"q": written, "groups": groups, "least": queries.LEAST}
    return render(request, "home/search.html#hits" if request.htmx else "home/search.html", context)
