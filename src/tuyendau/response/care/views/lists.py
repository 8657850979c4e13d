"""The list of patients, its files, and the stays of a person as a part of their page."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.lists.actions import taken_away
from tuyendau.core.lists.views import answered, file_answer, first_of, listed
from tuyendau.core.lists.views.page import Chip
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import FORMATS
from tuyendau.lib.text import fold
from tuyendau.records.people.queries import in_reach
from tuyendau.response.care import queries
from tuyendau.response.care.forms import FilterForm
from tuyendau.response.care.models import Severity, StayState
from tuyendau.response.care.queries import patients
from tuyendau.response.care.queries.columns import patient_columns
from tuyendau.response.care.views.common import person_of, seen

PAGE, PRINTED = 50, 1_000


@require_GET
def patient_list(request: SignedRequest) -> HttpResponse:
    """The patients: filters, columns and order as the address says, the most severely ill first unless it says so."""
    listing = listed(request, patient_columns())
    if elsewhere := first_of(request, listing):
        return elsewhere
    now = clock.now()
    form = FilterForm(request.GET, viewer=request.viewer)
    wanted = form.wanted(now)
    printing = "print" in request.GET
    stays = patients.patients(request.viewer, wanted, listing.asked.orders)
    pages = ReachPaginator(
        stays,
        PRINTED if printing else PAGE,
        lambda numbers: patients.lines(request.viewer, numbers, listing.asked.needs),
    )
    page = pages.get_page(request.GET.get("page"))
    words = fold(wanted.q)
    seen(request, "stays.searched" if words else "stays.read", "stays", {"words": words} if words else None)
    listing.chips = [Chip(text, listing.without(name, value)) for name, value, text in form.chips()]
    facilities = list(queries.facilities(request.viewer)[:4])
    return answered(request, "care/list.html", listing, {
        "form": form, "wanted": wanted, "page": page, "listed": listing, "printing": printing,
        "rows": listing.cells(page), "levels": list(reversed(Severity.choices)),
        "rooms": queries.occupancy(facilities) if len(facilities) < 4 else [],
        "formats": [(each.code, each.title) for each in FORMATS.values()], "now": now,
    })  # fmt: skip


@require_GET
def export(request: SignedRequest) -> HttpResponseBase:
    """Every row of the list as filtered, in the columns chosen; that it was taken is on record."""
    request.viewer.require(Permission.EXPORT)
    listing = listed(request, patient_columns())
    viewer, asked, at = request.viewer, listing.asked, clock.now()
    wanted = FilterForm(request.GET, viewer=viewer).wanted(at)
    stays = patients.patients(viewer, wanted, asked.orders)
    form = request.GET.get("format", "xlsx")
    taken = taken_away(
        "stays.exported", title=_("Patients"), columns=asked.columns, file=form if form in FORMATS else "xlsx",
        numbers=lambda: patients.numbers_of(stays),
        read=lambda numbers: patients.lines(viewer, numbers, asked.needs),
        viewer=viewer, subject="stays", at=at, data={"filter": listing.query},
        name=f"patients-{clock.local_day(at):%Y%m%d}",
    )  # fmt: skip
    return file_answer(taken)


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The stays of a person, as a part of their page."""
    request.viewer.require(Permission.STAY_VIEW)
    person = person_of(request, person_id, Permission.PERSON_VIEW)
    stays = queries.stays_in_reach(request.viewer).filter(person=person).exclude(state=StayState.CANCELLED)
    found = list(stays.select_related("site", "ward").order_by("-began_at"))
    records = request.viewer.may(Permission.STAY_RECORD)
    context = {
        "person": person,
        "stays": found,
        "may_admit": records
        and not any(stay.state == StayState.PRESENT for stay in found)
        and in_reach(request.viewer, person, Permission.STAY_RECORD),
    }
    return render(request, "care/of_person.html", context)
