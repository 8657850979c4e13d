"""Recording a scan; presence as a part of a person's page."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import known_name, person_by_public_id
from tuyendau.records.visits import actions
from tuyendau.records.visits.forms import DayForm, ScanForm
from tuyendau.records.visits.queries import attendance, visits_of_person

SHOWN_DAYS = 21


@require_http_methods(["GET", "POST"])
def scan(request: SignedRequest) -> HttpResponse:
    """Record that somebody came in or went out, now or at a time that is given."""
    request.viewer.require(Permission.VISIT_RECORD)
    posted = request.POST if request.method == "POST" else None
    form = ScanForm(posted, initial={"site": request.GET.get("site", ""), "direction": "in"})
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        data = form.cleaned_data
        act = actions.scan_in if data["direction"] == "in" else actions.scan_out
        try:
            visit = act(
                data["person"],
                data["site"],
                data["moment"] or at,
                viewer=request.viewer,
                by=request.user,
                at=at,
            )
        except actions.ScanRefused as error:
            form.add_error(error.field, str(error))
        else:
            moment = visit.start if data["direction"] == "in" else visit.end
            text = (
                _("%(person)s in at %(site)s, %(moment)s.")
                if data["direction"] == "in"
                else _("%(person)s out of %(site)s, %(moment)s.")
            )
            shown = date_format(localtime(moment), "DATETIME_FORMAT")
            messages.success(
                request,
                text
                % {
                    "person": known_name(request.viewer, visit.person, Permission.VISIT_RECORD),
                    "site": visit.site,
                    "moment": shown,
                },
            )
            return redirect(f"{request.path}?site={data['site']}")
    return render(request, "visits/scan.html", {"form": form})


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """A person's visits of the last three weeks, as a part of their page."""
    request.viewer.require(Permission.VISIT_VIEW)
    try:
        person = person_by_public_id(request.viewer, person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error
    now = clock.now()
    _seen(request, "person.presence_read", person.public_id)
    visits = visits_of_person(person, now - timedelta(days=SHOWN_DAYS), now, viewer=request.viewer)
    return render(request, "visits/of_person.html", {"visits": visits, "days": SHOWN_DAYS, "person": person})


@require_GET
def of_site(request: SignedRequest, site_id: str) -> HttpResponse:
    """Who was at a site on a day, today unless another is asked for, as a part of the site's page."""
    site = get_object_or_404(visible_sites(request.viewer, Permission.VISIT_VIEW), public_id=site_id)
    form = DayForm(request.GET if "day" in request.GET else {"day": clock.local_day(clock.now())})
    day = form.cleaned_data["day"] if form.is_valid() else None
    if day is not None:
        _seen(request, "site.presence_read", site.public_id, {"day": day.isoformat()})
    there = attendance(site, day, viewer=request.viewer) if day is not None else None
    return render(request, "visits/of_site.html", {"site": site, "form": form, "there": there})


def _seen(request: SignedRequest, kind: str, subject: str, data: dict[str, str] | None = None) -> None:
    """Put on record that the viewer looked."""
    viewer, at = request.viewer, clock.now()
    audit.record_read(
        kind, viewer=viewer, permission=Permission.VISIT_VIEW, subject=subject, at=at, data=data
    )
