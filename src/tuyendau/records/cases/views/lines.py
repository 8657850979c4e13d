"""The line list: its page, its files, and the sites by which it can be narrowed."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.actions import taken_away
from tuyendau.core.lists.views import answered, file_answer, first_of, listed
from tuyendau.core.lists.views.page import Chip
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import FORMATS
from tuyendau.lib.text import fold
from tuyendau.records.cases import queries
from tuyendau.records.cases.forms import FilterForm
from tuyendau.records.cases.forms.lines import sites_named
from tuyendau.records.cases.queries.columns import line_columns

PAGE = 50
PRINTED = 2_000


@require_GET
def line_list(request: SignedRequest) -> HttpResponse:
    """The line list: filters, columns and order as the address says, latest report first unless it says otherwise."""
    seen = listed(request, line_columns())
    if elsewhere := first_of(request, seen):
        return elsewhere
    form = FilterForm(request.GET, viewer=request.viewer)
    wanted = form.wanted()
    printing = "print" in request.GET
    cases = queries.line_list(request.viewer, wanted, seen.asked.orders)
    pages = ReachPaginator(
        cases,
        PRINTED if printing else PAGE,
        lambda numbers: queries.lines(request.viewer, numbers, seen.asked.needs),
    )
    page = pages.get_page(request.GET.get("page"))
    if words := fold(wanted.q):
        _searched(request, words)
    seen.chips = [Chip(text, seen.without(name, value)) for name, value, text in form.chips()]
    return answered(request, "cases/list.html", seen, {
        "form": form, "refused": form.refused(), "page": page, "listed": seen, "printing": printing,
        "rows": [(case, queries.seen_of(case), cells) for case, cells in seen.cells(page)],
        "formats": [(each.code, each.title) for each in FORMATS.values()],
    })  # fmt: skip


@require_GET
def export(request: SignedRequest) -> HttpResponseBase:
    """Every row of the line list as filtered, in the columns chosen; that it was taken is on record."""
    request.viewer.require(Permission.EXPORT)
    seen = listed(request, line_columns())
    viewer, asked, at = request.viewer, seen.asked, clock.now()
    filters = FilterForm(request.GET, viewer=viewer)
    if filters.refused():
        return refusal(request, filters, seen.query)
    cases = queries.line_list(viewer, filters.wanted(), asked.orders)
    form = request.GET.get("format", "xlsx")
    taken = taken_away(
        "cases.exported", title=_("Cases"), columns=asked.columns, file=form if form in FORMATS else "xlsx",
        numbers=lambda: queries.numbers_of(cases),
        read=lambda numbers: queries.lines(viewer, numbers, asked.needs),
        viewer=viewer, subject="cases", at=at, data={"filter": seen.query},
        name=f"cases-{clock.local_day(at):%Y%m%d}",
    )  # fmt: skip
    return file_answer(taken)


def refusal(request: SignedRequest, form: FilterForm, query: str) -> HttpResponse:
    """What answers instead of a file or an act where a filter cannot be understood: which, and what to do."""
    back = f"{reverse('cases:list')}?{query or 'view=none'}"
    return render(request, "cases/refused.html", {"refused": form.refused(), "back": back}, status=400)


@require_GET
def sites(request: SignedRequest) -> HttpResponse:
    """Sites to choose from, by words, as options."""
    request.viewer.require(Permission.CASE_VIEW)
    words = request.GET.get("site", "")[:80]
    return render(request, "cases/sites.html", {"sites": sites_named(request.viewer, words)})


def _searched(request: SignedRequest, words: str) -> None:
    audit.record_read(
        "cases.searched", viewer=request.viewer, permission=Permission.CASE_VIEW, subject="cases", at=clock.now(),
        data={"words": words},
    )  # fmt: skip
