"""Dormitories and boarding houses, with their cases and contacts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import Shape, layer
from tuyendau.insight.map.layers.sites import SiteLayer


@layer
class Lodgings(SiteLayer):
    """Where many lodge. How many cases lodge in a house nearly tells who: for those alone who see cases."""

    code = "lodgings"
    title = gettext_lazy("Dormitories and boarding houses")
    order = 60
    drawn = {
        SiteKind.DORMITORY: ("#7b3294", Shape.SQUARE),
        SiteKind.BOARDING_HOUSE: ("#e66101", Shape.TRIANGLE),
    }
