"""Hospitals, quarantine facilities and laboratories, with who is there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tuyendau.access import Permission
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import Shape, layer
from tuyendau.insight.map.layers.sites import BY, SiteLayer


@layer
class Facilities(SiteLayer):
    """Where cases are treated and contacts stay: all of the province, numbers of one's own."""

    code = "facilities"
    title = gettext_lazy("Treatment and quarantine facilities")
    order = 80
    permissions = (Permission.SITUATION_VIEW, Permission.CASE_VIEW)
    everywhere = True
    now = True
    options = (BY,)
    drawn = {
        SiteKind.HOSPITAL: ("#ca0020", Shape.CROSS),
        SiteKind.QUARANTINE: ("#0571b0", Shape.SQUARE),
        SiteKind.LABORATORY: ("#1b7837", Shape.DIAMOND),
    }
