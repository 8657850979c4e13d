"""People of a selection are to be followed: who is chosen, what is known of them, on what ground."""

from __future__ import annotations

from typing import Any

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
from tuyendau.insight.map.actions import FOLLOW
from tuyendau.insight.map.forms.selection import FollowForm, SelectionForm
from tuyendau.insight.map.queries.selection import SELECTION, Line, Listing, TooMany, Unknown
from tuyendau.insight.map.views.selection import name_of
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach

MOST_FOLLOWED = 2_000
"""So many people are followed by one decision: more than any team checks in a day."""
SHOWN = 12


@require_POST
def follow(request: SignedRequest) -> HttpResponse:
    """Ask how the people chosen are to be followed, and begin it once that is confirmed (`step` "run")."""
    request.viewer.require(Permission.MAP_VIEW, Permission.FOLLOWUP_ASSIGN, Permission.CONTACT_EDIT)
    query = cleaned(request.POST.get("query", ""), SELECTION.filters)
    back = f"{reverse('map:selected')}?{query}"
    listing = _listing(QueryDict(query), request)
    lines = _chosen(request, listing) if listing is not None else []
    if listing is None or not lines:
        messages.error(request, _("Choose at least one person."))
        return redirect(back)
    if len(lines) > MOST_FOLLOWED:
        told = _("%(n)s people were chosen. One decision is for at most %(most)s: narrow the list first.")
        messages.error(request, told % {"n": len(lines), "most": MOST_FOLLOWED})
        return redirect(back)
    unseen = sum(line.last is None for line in lines)
    asked = request.POST.get("step") == "run"
    form = FollowForm(request.POST if asked else None, unseen=unseen, today=clock.local_day(clock.now()))
    if asked and request.POST.get("count") != str(len(lines)):
        messages.warning(request, _("The list has %(now)s people now. Look again.") % {"now": len(lines)})
    elif asked and form.is_valid() and (case := _case(request, form)) is not None:
        return _begin(request, form, case, lines)
    context = _context(lines) | {"form": form, "query": query, "back": back, "name": name_of(listing.asked)}
    context |= {"whole": bool(request.POST.get("whole")), "unseen": unseen}
    return render(request, "map/follow.html", context)


def _listing(query: QueryDict, request: SignedRequest) -> Listing | None:
    form = SelectionForm(query, now=clock.now())
    if not form.is_valid():
        return None
    try:
        return Listing(request.viewer, form.selection(), *form.chosen)
    except (Unknown, TooMany):
        return None


def _chosen(request: SignedRequest, listing: Listing) -> list[Line]:
    """The people who were ticked, as far as they are in the list, or all of it; at most one too many."""
    rows = listing.rows()
    if not request.POST.get("whole"):
        rows = rows.filter(public_id__in=request.POST.getlist("row"))
    with as_program():
        numbers = list(rows.values_list("pk", flat=True)[: MOST_FOLLOWED + 1])
    return listing.lines(numbers)


def _case(request: SignedRequest, form: FollowForm) -> str | None:
    """The public id of the confirmed case whom they met, "" where none is named; None where there is no such case."""
    written = form.cleaned_data["case"].strip()
    if not written:
        return ""
    cases = cases_in_reach(request.viewer, Permission.CONTACT_EDIT).filter(status=CaseStatus.CONFIRMED)
    found: list[Case] = list(cases.filter(code__iexact=written)[:2]) or list(cases.filter(public_id=written))
    if len(found) != 1:
        form.add_error("case", _("There is no confirmed case of this number within your area."))
        return None
    if found[0].disease != form.cleaned_data["disease"]:
        form.add_error("disease", _("The case whom they met has another disease."))
        return None
    return str(found[0].public_id)


def _begin(request: SignedRequest, form: FollowForm, case: str, lines: list[Line]) -> HttpResponse:
    rows = [(line.person.public_id, _seen(line)) for line in lines]
    batch = begin(
        SELECTION.name, FOLLOW.name, rows, data=form.told | {"case": case}, ground=form.cleaned_data["ground"],
        viewer=request.viewer, by=request.user, at=clock.now(),
    )  # fmt: skip
    if len(rows) <= AT_ONCE:
        run(batch.public_id)
    else:
        with as_program():
            tasks.run_batch.defer(batch=batch.public_id)
    return redirect("lists:batch", batch.public_id)


def _seen(line: Line) -> str:
    """From when until when somebody was seen in the area, as the act is told."""
    return f"{line.first.isoformat()}/{line.last.isoformat()}" if line.first and line.last else ""


def _context(lines: list[Line]) -> dict[str, Any]:
    """What is known of those chosen: who is a case, who is in follow-up already."""
    return {
        "count": len(lines), "rows": [line.person.public_id for line in lines], "shown": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "cases": sum(line.case is not None and line.case.status == CaseStatus.CONFIRMED for line in lines),
        "followed": sum(line.followup is not None for line in lines),
    }  # fmt: skip
