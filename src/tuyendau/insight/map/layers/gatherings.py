"""Markets, shops and schools, with their cases and contacts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import Shape, layer
from tuyendau.insight.map.layers.sites import SiteLayer


@layer
class Gatherings(SiteLayer):
    """Where people come together beside work."""

    code = "gatherings"
    title = gettext_lazy("Markets, shops and schools")
    order = 70
    drawn = {
        SiteKind.MARKET: ("#b35806", Shape.DIAMOND),
        SiteKind.SHOP: ("#dfa500", Shape.CIRCLE),
        SiteKind.SCHOOL: ("#0571b0", Shape.TRIANGLE),
    }
