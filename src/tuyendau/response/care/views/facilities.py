"""How full facilities are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.response.care import queries


@require_GET
def facility_list(request: SignedRequest) -> HttpResponse:
    """The viewer's facilities with their wards where they are few, and the free beds of all others: numbers alone."""
    request.viewer.require(Permission.STAY_VIEW)
    own = list(queries.facilities(request.viewer))
    mine = {site.pk for site in own}
    rooms = queries.occupancy(own)
    wards = [(room, queries.rooms_of(room.site)) for room in rooms[:3]] if len(rooms) <= 3 else []
    others = queries.occupancy(site for site in queries.every_facility() if site.pk not in mine)
    context = {"rooms": rooms, "wards": wards, "others": others}
    return render(request, "care/facilities.html", context)
