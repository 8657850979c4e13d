"""The pages that the main menu offers, in order, each to those who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the name of its URL, its label, the permission that opens it, its icon's id in the sprite."""

    url: str
    label: str | Promise
    permission: Permission
    icon: str


ENTRIES = (
    Entry("situation:map", _("Map"), Permission.MAP_VIEW, "map"),
    Entry("cases:list", _("Cases"), Permission.CASE_VIEW, "virus"),
    Entry("people:list", _("People"), Permission.PERSON_VIEW, "users"),
    Entry("places:sites", _("Sites"), Permission.VISIT_VIEW, "building"),
    Entry("exchange:imports", _("Import"), Permission.IMPORT_VISITS, "upload"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the entries of this viewer's menu."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {"navigation": ()}
    return {"navigation": [entry for entry in ENTRIES if viewer.may(entry.permission)]}
