"""Who is on the roster of a site on a day, who of them was seen, and who was absent."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.visits import actions
from tuyendau.records.visits.forms import AbsenceForm, DayForm
from tuyendau.records.visits.queries import roster_of


@require_http_methods(["GET", "POST"])
def roster(request: SignedRequest, site_id: str) -> HttpResponse:
    """The roster of a site on a day, today unless another is asked for; posting says who was absent, or was not."""
    request.viewer.require(Permission.VISIT_CORRECT if request.method == "POST" else Permission.VISIT_VIEW)
    site = get_object_or_404(visible_sites(request.viewer, Permission.VISIT_VIEW), public_id=site_id)
    if request.method == "POST":
        return _absent(request, site)
    form = DayForm(request.GET if "day" in request.GET else {"day": clock.local_day(clock.now())})
    listed = roster_of(site, form.cleaned_data["day"], viewer=request.viewer) if form.is_valid() else None
    return render(request, "visits/roster.html", {"site": site, "form": form, "roster": listed})


def _absent(request: SignedRequest, site: Site) -> HttpResponse:
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"]
    try:
        actions.set_absent(
            form.cleaned_data["person"],
            site.public_id,
            day,
            absent=form.cleaned_data["absent"],
            viewer=request.viewer,
            by=request.user,
            at=clock.now(),
        )
    except (Site.DoesNotExist, Person.DoesNotExist) as error:
        raise Http404 from error
    return redirect(f"{reverse('visits:roster', args=[site.public_id])}?day={day.isoformat()}")
