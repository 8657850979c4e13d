"""The auditor's pages: what was seen and decided, by whom, on what ground; whether the record is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission, Viewer
from tuyendau.core.audit import actions
from tuyendau.core.audit.forms import FilterForm
from tuyendau.core.audit.models import Event
from tuyendau.core.audit.queries import chain, lists, words
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import Column, workbook

EXPORTED = 200_000
CHUNK = 2_000


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Every event, latest first, narrowed by the URL; above it whether the chain is whole."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = FilterForm(request.GET)
    found = lists.event_list(viewer, form.wanted())
    after = request.GET.get("after", "")
    context = {"form": form, "page": lists.event_page(found, after=after), "after": after}
    if getattr(request, "htmx", False):
        return render(request, "audit/events.html#rows", context)
    return render(request, "audit/events.html", context | _state(viewer))


def _state(viewer: Viewer) -> dict[str, Any]:
    check = lists.last_check(viewer)
    seq, digest = chain.head()
    faults = [words.break_in_words(chain.Break(**found)) for found in check.breaks] if check else []
    return {"check": check, "faults": faults, "seq": seq, "digest": digest.hex()}


@require_GET
def of_subject(request: HttpRequest, subject: str) -> HttpResponse:
    """Who looked at one person or one case, and who changed what of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    looks = lists.looks_at(viewer, subject)
    return render(request, "audit/of_subject.html", {"subject": subject, "looks": looks})


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """The events as filtered, as XLSX, at most the latest `EXPORTED`; that they were taken is an event itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.AUDIT_VIEW)
    found = lists.event_list(viewer, FilterForm(request.GET).wanted())
    at = clock.now()
    actions.record_export(
        "audit.exported",
        viewer=viewer,
        permission=Permission.AUDIT_VIEW,
        subject="audit",
        at=at,
        data={"filter": request.GET.urlencode()},
    )
    columns = [
        Column(str(title), width)
        for title, width in (
            (_("Time"), 18), (_("Who"), 26), (_("User name"), 16), (_("What was done"), 40), (_("Rows"), 10),
            (_("Subject"), 24), (_("Ground"), 50), (_("Device"), 24),
        )
    ]  # fmt: skip
    book = workbook(_("Events"), columns, _rows(found))
    return FileResponse(book, as_attachment=True, filename=f"audit-{clock.local_day(at):%Y%m%d}.xlsx")


def _rows(found: QuerySet[Event]) -> Iterator[list[object]]:
    after, left = "", EXPORTED
    while left:
        page = lists.event_page(found, after=after, size=min(CHUNK, left))
        for line in page.lines:
            event = line.event
            yield [
                event.at, line.who or "Tuyến Đầu", line.username, line.what, line.rows, event.subject, line.ground,
                event.device,
            ]  # fmt: skip
        left -= len(page.lines)
        if not (after := page.next):
            return
