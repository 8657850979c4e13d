"""Numbers for those who need no names: cases and contacts under pseudonyms, a park's counts in bands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission, Privacy, ScopeKind
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.queries import parks as park_queries
from tuyendau.insight.exchange.queries import pseudonyms
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import Column, workbook

PAGE = 50
FORMS = ("xlsx", "csv")


@require_GET
def start(request: SignedRequest) -> HttpResponse:
    """The list that the viewer may have: people of their units, else the counts of their park."""
    request.viewer.require(Permission.PSEUDONYM_VIEW)
    if request.viewer.paths(Permission.PSEUDONYM_VIEW, ScopeKind.UNIT):
        return redirect("numbers:people", "cases")
    return redirect("numbers:parks")


@require_GET
def people(request: SignedRequest, what: str) -> HttpResponse:
    """Cases or contacts under pseudonyms, 50 a page."""
    chosen, purpose = _what(request, what), _purpose(request)
    number = request.GET.get("page", "1")
    first = (int(number) - 1) * PAGE if number.isdecimal() and 0 < int(number) < 100_000 else 0
    found = pseudonyms.table(
        request.viewer, chosen, recipient=_recipient(request), purpose=purpose, first=first, size=PAGE
    )
    _seen(request, {"what": what, "purpose": purpose})
    context = {
        "what": what,
        "columns": pseudonyms.headings(chosen),
        "rows": found.rows,
        "count": found.count,
        "page": Paginator(range(found.count), PAGE).get_page(first // PAGE + 1),
        "purpose": purpose,
        "purposes": pseudonyms.PURPOSES.items(),
        "least": settings.LEAST_GROUP,
    }
    return render(request, "exchange/pseudonyms.html", context)


@require_GET
def export(request: SignedRequest, what: str, form: str) -> HttpResponse | FileResponse:
    """All of it as XLSX or CSV; that it was taken, for what purpose, is on record."""
    chosen, purpose = _what(request, what), _purpose(request)
    if form not in FORMS:
        raise Http404
    found = pseudonyms.table(request.viewer, chosen, recipient=_recipient(request), purpose=purpose)
    columns = [
        Column(str(column.title), column.width, column.privacy) for column in pseudonyms.headings(chosen)
    ]
    _taken(request, f"pseudonyms.{what}_exported", {"purpose": purpose, "rows": found.count, "form": form})
    return _file(form, f"{what}-{purpose}", columns, found.rows)


@require_GET
def parks(request: SignedRequest) -> HttpResponse:
    """The counts of a park by company and line."""
    numbers = park_queries.park_numbers(request.viewer)
    _seen(request, {"what": "parks"})
    return render(request, "exchange/parks.html", {"numbers": numbers, "least": settings.LEAST_GROUP})


@require_GET
def park_export(request: SignedRequest, form: str) -> HttpResponse | FileResponse:
    """The counts of a park as XLSX or CSV."""
    numbers = park_queries.park_numbers(request.viewer)
    if form not in FORMS:
        raise Http404
    titles = (
        _("Site"),
        _("Kind"),
        _("Level"),
        _("Headcount"),
        _("Confirmed cases"),
        _("Close contacts"),
        _("Other contacts"),
    )
    _taken(request, "pseudonyms.parks_exported", {"rows": len(numbers), "form": form})
    return _file(
        form, "parks", [Column(title, 20, Privacy.PUBLIC) for title in titles], [astuple(n) for n in numbers]
    )


def _what(request: SignedRequest, what: str) -> pseudonyms.What:
    request.viewer.require(Permission.PSEUDONYM_VIEW)
    if what not in pseudonyms.COLUMNS:
        raise Http404
    return cast(pseudonyms.What, what)


def _purpose(request: SignedRequest) -> str:
    purpose = request.GET.get("purpose", "")
    return purpose if purpose in pseudonyms.PURPOSES else next(iter(pseudonyms.PURPOSES))


def _recipient(request: SignedRequest) -> str:
    return f"user:{request.viewer.user_id}"


def _seen(request: SignedRequest, data: dict[str, Any]) -> None:
    audit.record_read(
        "pseudonyms.read",
        viewer=request.viewer,
        permission=Permission.PSEUDONYM_VIEW,
        subject="pseudonyms",
        at=clock.now(),
        data=data,
    )


def _taken(request: SignedRequest, kind: str, data: dict[str, Any]) -> None:
    audit.record_export(
        kind,
        viewer=request.viewer,
        permission=Permission.PSEUDONYM_VIEW,
        subject="pseudonyms",
        at=clock.now(),
        data=data,
    )


def _file(
    form: str, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> HttpResponse | FileResponse:
    """A workbook, or a CSV file that Excel opens as UTF-8. Refuses columns that tell who somebody is, or do not say."""
    unfit = [column.title for column in columns if column.privacy not in {Privacy.PUBLIC, Privacy.SENSITIVE}]
    if unfit:
        raise ValueError(f"not for a list without names: {', '.join(unfit)}")
    named = f"{name}-{clock.local_day(clock.now()):%Y%m%d}.{form}"
    if form == "xlsx":
        return FileResponse(workbook(name, columns, rows), as_attachment=True, filename=named)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    writer.writerows(rows)
    body = io.BytesIO(b"\xef\xbb\xbf" + text.getvalue().encode())
    return FileResponse(body, as_attachment=True, filename=named, content_type="text/csv; charset=utf-8")
