"""The drawing of the chains, its data, and the list behind it."""

from __future__ import annotations

import json
from datetime import date
from math import isfinite
from typing import Any

from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.places.models import SiteKind
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.chains import queries
from tuyendau.records.chains.forms import FilterForm
from tuyendau.records.chains.views.common import filter_form, seen
from tuyendau.science.chains import Method
from tuyendau.science.epi.times import date_to_day

PAGE = 50


@require_GET
def page(request: SignedRequest) -> HttpResponse:
    """The forest drawn over time, with what it tells in numbers; narrowed by the URL."""
    request.viewer.require(Permission.CASE_VIEW, Permission.CONTACT_VIEW)
    form = filter_form(request)
    wanted = form.wanted()
    found = queries.chart(request.viewer, wanted.disease, wanted.cases)
    seen(request, "chains.read", "chains", {"filter": request.GET.urlencode()})
    numbers = queries.summary(found)
    context = {
        "form": form,
        "wanted": wanted,
        "summary": numbers,
        "spread_even": numbers.spread.k is not None and not isfinite(numbers.spread.k),
        "high_open": numbers.spread.high is not None and not isfinite(numbers.spread.high),
        "today": date_to_day(clock.local_day(clock.now())),
        "subtitle": _subtitle(form, numbers.cases),
        "method": Method.bundled(),
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    return render(request, "chains/page.html", context)


def _subtitle(form: FilterForm, cases: int) -> str:
    """What the drawing is narrowed to, in words, for its picture."""
    told = [ngettext("%(n)d case", "%(n)d cases", cases) % {"n": cases}]
    told += [f"{field.label}: {_value(field)}" for field in form if field.value() and field.name != "colour"]
    return " · ".join(told)


def _value(field: BoundField) -> str:
    """What was chosen, in words; choices may stand in groups."""
    words: dict[str, str] = {}
    for value, label in getattr(field.field, "choices", ()):
        words.update(label if isinstance(label, list | tuple) else {value: str(label)})
    return str(words.get(field.value(), field.value()))


@require_GET
@gzip_page
@cache_control(private=True, no_store=True)
def chart(request: SignedRequest) -> HttpResponse:
    """The nodes of the drawing as columns: see `frontend/src/chain/data.ts`. Days count from 1 January 2020."""
    form = filter_form(request)
    wanted = form.wanted()
    found = queries.chart(request.viewer, wanted.disease, wanted.cases)
    body = json.dumps(_columns(found), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json")


def _columns(found: queries.Chart) -> dict[str, Any]:
    nodes = found.nodes
    plain = ("kind", "id", "code", "name", "parent", "decided", "generation", "basis")
    columns: dict[str, Any] = {name: [getattr(node, name) for node in nodes] for name in plain}
    for name in ("day", "onset", "sample", "reported"):
        columns[name] = [_day(getattr(node, name)) for node in nodes]
    columns["also"] = [[infectee, infector, round(weight, 3)] for infectee, infector, weight in found.also]
    columns["weight"] = [round(node.weight, 3) for node in nodes]
    columns["decided"] = [int(node.decided) for node in nodes]
    for name in ("status", "commune", "setting"):
        values = sorted({getattr(node, name) for node in nodes})
        place = {value: number for number, value in enumerate(values)}
        columns[name] = {"values": values, "of": [place[getattr(node, name)] for node in nodes]}
    return columns


def _day(value: date | None) -> int | None:
    return None if value is None else date_to_day(value)


def _words() -> dict[str, Any]:
    """The words of the drawing, in the reader's language."""
    return {
        "status": {value: str(label) for value, label in CaseStatus.choices},
        "setting": {value: str(label) for value, label in SiteKind.choices} | {"": _("not known")},
        "generation": _("generation %(n)s"),
        "more": _("generation %(n)s and later"),
        "others": _("other"),
        "unknown": _("not known"),
        "elsewhere": _("a case elsewhere"),
        "beyond": _("outside the filter"),
        "nameless": _("Name not known"),
        "nobody": _("no infector in the list"),
        "hand": _("decided by hand"),
        "infected": _("infected %(n)s"),
        "collapsed": _("%(n)s cases folded in"),
        "cases": _("%(n)s cases"),
        "title": _("Chains of transmission"),
        "drawn": _("Drawn on %(day)s"),
        "solid": _("weight one half or more"),
        "dashed": _("weight less than one half"),
        "also": _("named as well"),
        "none": _("No case matches"),
        "failed": _("The chains could not be loaded. Load the page again."),
        "axis": {
            "best": _("onset, else the first date"), "onset": _("onset"), "sample": _("sample"),
            "reported": _("report"),
        },
        "undated": _("no such date: shown by another one"),
    }  # fmt: skip


@require_GET
def links(request: SignedRequest) -> HttpResponse:
    """The same as a list: each case with who infected it, how sure that is, and on what it rests."""
    request.viewer.require(Permission.CASE_VIEW, Permission.CONTACT_VIEW)
    form = filter_form(request)
    wanted = form.wanted()
    cases = queries.linked_cases(request.viewer, wanted.disease, wanted.cases)
    listed = ReachPaginator(cases, PAGE).get_page(request.GET.get("page"))
    seen(request, "chains.read", "chains", {"filter": request.GET.urlencode(), "list": True})
    context = {
        "form": form,
        "wanted": wanted,
        "page": listed,
        "places": queries.places_of(request.viewer, list(listed)),
    }
    template = "chains/links.html#rows" if request.htmx else "chains/links.html"
    return render(request, template, context)
