"""Deciding on many cases: which, what, on what ground; then each by itself."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.lists import tasks
from tuyendau.core.lists.actions import begin, run
from tuyendau.core.lists.actions.batches import AT_ONCE
from tuyendau.core.lists.queries import cleaned
from tuyendau.lib import clock
from tuyendau.records.cases import queries, rules
from tuyendau.records.cases.forms import FilterForm
from tuyendau.records.cases.forms.many import ISOLATE, ManyForm
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.views.lines import refusal

SHOWN = 12


@require_POST
def bulk(request: SignedRequest) -> HttpResponse:
    """Ask what is decided on the rows chosen, and begin it once that is confirmed (`step` "run")."""
    if request.POST.get("act") == "export":
        return _to_file(request)
    request.viewer.require(Permission.CASE_DECIDE)
    if request.POST.get("whole"):
        filters = _filters(request)
        if filters.refused():
            return refusal(request, filters, cleaned(request.POST.get("query", "")))
    rows = _rows(request)
    if not rows:
        messages.error(request, _("Choose at least one case."))
        return redirect(_back(request))
    asked = request.POST.get("step") == "run"
    form = ManyForm(request.POST if asked else None)
    count = request.POST.get("count")
    if asked and count != str(len(rows)):
        told = {"before": count, "now": len(rows)}
        messages.warning(
            request, _("The filter gives %(now)s cases now, no longer %(before)s. Look again.") % told
        )
    elif asked and form.is_valid():
        return _begin(request, form, rows)
    return render(request, "cases/bulk.html", _context(request, form, rows))


def _begin(request: SignedRequest, form: ManyForm, rows: list[tuple[str, str]]) -> HttpResponse:
    act, data = form.asked()
    batch = begin(
        "cases", act, rows, data=dict(data), ground=form.cleaned_data["ground"], viewer=request.viewer,
        by=request.user, at=clock.now(),
    )  # fmt: skip
    if len(rows) <= AT_ONCE:
        run(batch.public_id)
    else:
        with as_program():
            tasks.run_batch.defer(batch=batch.public_id)
    return redirect("lists:batch", batch.public_id)


def _rows(request: SignedRequest) -> list[tuple[str, str]]:
    """What was chosen: the rows that were ticked, each with what was seen of it, or all that the filter gives now."""
    if request.POST.get("whole"):
        return queries.chosen(queries.line_list(request.viewer, _filters(request).wanted()))
    pairs = [value.partition("~") for value in request.POST.getlist("row")]
    return list({row: (row, seen) for row, _sign, seen in pairs}.values())


def _filters(request: SignedRequest) -> FilterForm:
    return FilterForm(QueryDict(request.POST.get("query", "")), viewer=request.viewer)


def _context(request: SignedRequest, form: ManyForm, rows: list[tuple[str, str]]) -> dict[str, Any]:
    """How many of those chosen are what, and how many of them can become what."""
    counts = Counter(seen.partition(".")[0] for _row, seen in rows)
    states = {status.value: counts.get(status.value, 0) for status in rules.Status}
    may = {
        str(then): sum(n for now, n in states.items() if rules.may_become(rules.Status(now), then))
        for then in rules.Status
    }
    labels = dict(CaseStatus.choices)
    first = [row for row, _seen in rows[:SHOWN]]
    return {
        "form": form, "rows": rows, "whole": bool(request.POST.get("whole")),
        "query": request.POST.get("query", ""), "back": _back(request), "count": len(rows),
        "states": [(labels[status], n) for status, n in states.items() if n],
        "choices": [(status, labels[status], n) for status, n in may.items() if n], "isolate": ISOLATE,
        "shown": queries.visible_cases(request.viewer).filter(public_id__in=first), "more": len(rows) - len(first),
    }  # fmt: skip


def _back(request: SignedRequest) -> str:
    return f"{reverse('cases:list')}?{cleaned(request.POST.get('query', '')) or 'view=none'}"


def _to_file(request: SignedRequest) -> HttpResponse:
    """The file of the rows chosen, in the columns shown."""
    query = cleaned(request.POST.get("query", ""))
    rows = [] if request.POST.get("whole") else [row for row, _seen in _rows(request)]
    chosen = urlencode([("row", row) for row in rows])
    return redirect(f"{reverse('cases:export')}?{'&'.join(filter(None, [query, chosen]))}")
