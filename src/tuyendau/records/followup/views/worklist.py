"""The day's list, and its paper for a team without a network."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator, as_program
from tuyendau.lib import clock
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.forms import WorkForm
from tuyendau.records.followup.models import FollowUp, How, Result
from tuyendau.records.followup.queries.worklist import SHOWS
from tuyendau.records.followup.rules import LATEST_ENTRY_DAYS, Urgency
from tuyendau.records.followup.views.common import seen, today

PAGE, PRINTED = 50, 400


@require_GET
def worklist(request: SignedRequest) -> HttpResponse:
    """Whom to see today, narrowed by the URL, in order of urgency."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    form = WorkForm(request.GET)
    wanted, on = form.wanted(), today()
    counts = queries.progress(request.viewer, wanted, on)
    pages = ReachPaginator(queries.worklist(request.viewer, wanted, on), PAGE)
    # They were counted already, with all the other numbers of the day.
    pages.count = getattr(counts, wanted.show)
    page = pages.get_page(request.GET.get("page"))
    done = [followup for followup in page if followup.urgency == Urgency.DONE]
    own = queries.own_checks(request.viewer, done, clock.now() - actions.UNDO_WITHIN) if done else {}
    for followup in done:
        followup.own_check = own.get(followup.pk)
    seen(request, "followups.read", "followups", Permission.FOLLOWUP_RECORD, _filter(request))
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "today": on,
        "yesterday": on - timedelta(days=1),
    }
    if request.htmx and request.htmx.target == "rows":
        return render(request, "followup/worklist.html#rows", context)
    context |= {
        "progress": counts,
        "shows": [(show, _titles()[show], getattr(counts, show)) for show in SHOWS],
        "sites": queries.sites_of(request.viewer, wanted),
    }
    return render(request, "followup/worklist.html", context)


def _titles() -> dict[str, str]:
    return {
        "todo": _("To see"), "done": _("Seen today"), "alarm": _("Symptoms"), "lost": _("Lost"),
        "test": _("Test due"), "last": _("Last day"), "all": _("Everybody"),
    }  # fmt: skip


def _filter(request: SignedRequest) -> dict[str, str]:
    asked = request.GET.copy()
    asked.pop("page", None)
    return {"filter": asked.urlencode()} if asked else {}


@require_http_methods(["GET", "POST"])
def sheet(request: SignedRequest) -> HttpResponse:
    """The list for paper, by house and room; and the form in which it is entered afterwards, in the same order."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    form = WorkForm(request.GET)
    wanted, on = form.wanted(), _day(request)
    if request.method == "POST":
        return _enter(request, on)
    found = _in_walking_order(request, wanted)
    printing = "print" in request.GET
    if printing:
        seen(request, "followups.printed", "followups", Permission.FOLLOWUP_RECORD, _filter(request))
    days = [today() - timedelta(days=n) for n in range(LATEST_ENTRY_DAYS + 1)]
    context = {
        "form": form, "wanted": wanted, "rows": found, "on": on, "today": today(), "days": days,
        "printing": printing, "results": Result.choices, "most": PRINTED,
    }  # fmt: skip
    return render(request, "followup/sheet.html", context)


def _in_walking_order(request: SignedRequest, wanted: queries.WorkFilter) -> list[FollowUp]:
    found = queries.narrowed(request.viewer, wanted, today())
    with as_program():
        numbers = list(
            found.order_by("person__unit__folded", "site__path", "person__folded", "pk").values_list(
                "pk", flat=True
            )[:PRINTED]
        )
    rows = FollowUp.objects.filter(pk__any_of=numbers).select_related(
        "person__unit", "site__parent", "officer"
    )
    place = {pk: n for n, pk in enumerate(numbers)}
    return sorted(rows, key=lambda followup: place[followup.pk])


def _day(request: SignedRequest) -> date:
    """The day that is entered: from the address, today unless it is understood."""
    try:
        return date.fromisoformat(request.POST.get("day") or request.GET.get("day") or "")
    except ValueError:
        return today()


def _enter(request: SignedRequest, on: date) -> HttpResponse:
    known = {value for value, _title in Result.choices}
    rows: list[tuple[str, actions.Found]] = []
    for name, value in request.POST.items():
        if name.startswith("r-") and value in known:
            public_id = name.removeprefix("r-")
            note = str(request.POST.get(f"n-{public_id}", ""))[:300]
            symptoms = ("other",) if value == Result.SYMPTOMATIC else ()
            found = actions.Found(Result(value), How.VISIT, on, symptoms, note=note)
            rows.append((public_id, found))
    done, refused = actions.record_sheet(rows, viewer=request.viewer, by=request.user, at=clock.now())
    if done:
        messages.success(
            request, ngettext("%(n)s check was recorded.", "%(n)s checks were recorded.", done) % {"n": done}
        )
    elif not refused:
        messages.info(request, _("Nothing was chosen, so nothing was recorded."))
    for reason, people in _by_reason(refused).items():
        messages.error(request, f"{reason} ({', '.join(people)})")
    return redirect("followup:worklist")


def _by_reason(refused: dict[str, str]) -> dict[str, list[str]]:
    names: dict[str, Any] = dict(
        FollowUp.objects.filter(public_id__in=refused).values_list("public_id", "person__full_name")
    )
    found: dict[str, list[str]] = {}
    for public_id, reason in refused.items():
        found.setdefault(reason, []).append(str(names.get(public_id, public_id)))
    return found
