"""Test points, vaccination points and checkpoints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import Shape, layer
from tuyendau.insight.map.layers.sites import SiteLayer


@layer
class Posts(SiteLayer):
    """Where people are tested, vaccinated and checked: all of the province."""

    code = "posts"
    title = gettext_lazy("Test points, vaccination, checkpoints")
    order = 90
    everywhere = True
    permissions = ()
    options = ()
    columns = SiteLayer.columns[:3]
    drawn = {
        SiteKind.TEST_POINT: ("#1b7837", Shape.DIAMOND),
        SiteKind.VACCINATION: ("#0571b0", Shape.CROSS),
        SiteKind.CHECKPOINT: ("#404040", Shape.TRIANGLE),
    }
