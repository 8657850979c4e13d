"""The days over which the map is played."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.map import queries
from tuyendau.insight.map.queries import Counting
from tuyendau.lib import clock


@require_safe
@cache_control(private=True, no_cache=True)
def timeline(request: SignedRequest) -> HttpResponse:
    """Every day from the first case to today, with the cases that were known on it as reported that day."""
    request.viewer.require(Permission.MAP_VIEW)
    now = clock.now()
    shown = queries.tree(request.viewer, clock.local_day(now))
    found = queries.timeline(shown, now, "new", Counting(days=1))
    counts = [int(n) for n in found.counts.sum(axis=1)]
    return JsonResponse({"days": [day.isoformat() for day in found.days], "counts": counts})
