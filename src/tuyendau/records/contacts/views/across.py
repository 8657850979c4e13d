"""The list of contacts over all cases: by site, by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.actions import taken_away
from tuyendau.core.lists.views import file_answer, first_of, listed
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import FORMATS
from tuyendau.records.contacts import queries
from tuyendau.records.contacts.forms import AcrossForm
from tuyendau.records.contacts.queries.columns import CONTACTS

PAGE = 50


@require_GET
def across(request: SignedRequest) -> HttpResponse:
    """Who became a contact on a day, or was exposed at a site over some days, over all cases, worst first."""
    request.viewer.require(Permission.CONTACT_VIEW)
    seen = listed(request, CONTACTS)
    if elsewhere := first_of(request, seen):
        return elsewhere
    form, wanted = _wanted(request)
    audit.record_read(
        "contacts.listed_read",
        viewer=request.viewer,
        permission=Permission.CONTACT_VIEW,
        subject="contacts",
        at=clock.now(),
        data={"filter": request.GET.urlencode()[:300]},
    )
    page = queries.PeoplePages(request.viewer, wanted, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    own = queries.open_case_of([row.person.pk for row in rows])
    for row in rows:
        row.own = own.get(row.person.pk)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "site": Site.objects.filter(code=wanted.site).first() if wanted.site else None,
    }
    if request.htmx and request.htmx.target == "rows":
        return render(request, "contacts/across.html#rows", context)
    context["listed"] = seen
    context["formats"] = [(code, each.title) for code, each in FORMATS.items()]
    context["moved"] = (
        None if wanted.site else queries.changes_of_days(request.viewer, wanted.first, wanted.last)
    )
    return render(request, "contacts/across.html", context)


def _wanted(request: SignedRequest) -> tuple[AcrossForm, queries.AcrossFilter]:
    form = AcrossForm(request.GET)
    asked = any(request.GET.get(name) for name in ("first", "last", "site"))
    today = clock.local_day(clock.now())
    day: date = today if asked else queries.last_day_listed(request.viewer)
    wanted = form.wanted(day, today)
    # The days that are listed stand in their fields, also where nobody asked for any.
    shown = request.GET.copy()
    for name in ("first", "last"):
        if not shown.get(name):
            shown[name] = date_format(getattr(wanted, name), "SHORT_DATE_FORMAT")
    return (form if form.errors else AcrossForm(shown)), wanted


@require_GET
def export_across(request: SignedRequest) -> StreamingHttpResponse:
    """Everybody of the list as filtered, as a file; that it was taken is on record."""
    viewer = request.viewer
    viewer.require(Permission.EXPORT, Permission.CONTACT_VIEW)
    file = request.GET.get("format", "xlsx")
    if file not in FORMATS:
        raise Http404
    _form, wanted = _wanted(request)

    def read(ids: Sequence[int]) -> Sequence[queries.Exposed]:
        return queries.exposed(viewer, wanted, ids)

    taken = taken_away(
        "contacts.listed_exported",
        title=str(CONTACTS.title),
        columns=listed(request, CONTACTS).asked.columns,
        numbers=lambda: queries.people_across(viewer, wanted),
        read=read,
        file=file,
        viewer=viewer,
        subject="contacts",
        at=clock.now(),
        data={"filter": request.GET.urlencode()[:300]},
        name=f"contacts-{wanted.first:%Y%m%d}-{wanted.last:%Y%m%d}",
    )
    return file_answer(taken)
