"""Industrial parks and companies, with their cases and contacts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tuyendau.access import Permission
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import Shape, layer
from tuyendau.insight.map.layers.sites import SiteLayer


@layer
class Workplaces(SiteLayer):
    """Where people work. A company's number is of many: whoever leads sees it too."""

    code = "workplaces"
    title = gettext_lazy("Parks and companies")
    order = 50
    permissions = (Permission.SITUATION_VIEW, Permission.CASE_VIEW)
    drawn = {
        SiteKind.PARK: ("#1b7837", Shape.STAR),
        SiteKind.COMPANY: ("#0571b0", Shape.SQUARE),
    }
