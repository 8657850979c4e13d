"""What every page knows: the main menu, each entry to those who may open it, and who is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Viewer
from tuyendau.config import signins
from tuyendau.core.accounts.models import ROLE_NAMES
from tuyendau.lib import clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the name of its URL, its label, the permission that opens it (None: any role), its Tabler icon."""

    url: str
    label: str | Promise
    permission: Permission | None
    icon: str

    @property
    def namespace(self) -> str:
        """The namespace of the pages that belong to this entry."""
        return self.url.partition(":")[0]


ENTRIES = (
    Entry("home", _("What is due"), None, "home"),
    Entry("situation:page", _("Situation room"), Permission.SITUATION_VIEW, "chart-bar"),
    Entry("map:page", _("Map"), Permission.MAP_VIEW, "map"),
    Entry("reports:reports", _("Situation reports"), Permission.REPORT_MAKE, "chart-line"),
    Entry("cases:list", _("Cases"), Permission.CASE_VIEW, "virus"),
    Entry("contacts:list", _("Contacts"), Permission.CONTACT_VIEW, "users"),
    Entry("chains:page", _("Chains"), Permission.CONTACT_VIEW, "sitemap"),
    Entry("interviews:overview", _("Interviews"), Permission.INTERVIEW_RECORD, "message"),
    Entry("samples:list", _("Samples"), Permission.SAMPLE_TAKE, "flask"),
    Entry("followup:worklist", _("Follow-up"), Permission.FOLLOWUP_RECORD, "clipboard-check"),
    Entry("orders:list", _("Orders"), Permission.ORDER_VIEW, "file-text"),
    Entry("notifications:list", _("Reports of cases"), Permission.CASE_NOTIFY, "send"),
    Entry("care:list", _("Treatment"), Permission.STAY_VIEW, "bed"),
    Entry("people:list", _("People"), Permission.PERSON_VIEW, "users"),
    Entry("places:sites", _("Sites"), Permission.VISIT_VIEW, "building"),
    Entry("visits:scan", _("Scan"), Permission.VISIT_RECORD, "scan"),
    Entry("exchange:imports", _("Import"), Permission.IMPORT_VISITS, "upload"),
    Entry("numbers:start", _("Numbers"), Permission.PSEUDONYM_VIEW, "chart-bar"),
    Entry("retention:overview", _("Retention"), Permission.RETENTION_MANAGE, "clock"),
    Entry("accounts:users", _("Users"), Permission.USER_MANAGE, "users-group"),
    Entry("devices:list", _("Devices"), Permission.DEVICE_MANAGE, "device-mobile"),
    Entry("audit:events", _("Record of events"), Permission.AUDIT_VIEW, "shield-check"),
)


SEARCHED = (Permission.CASE_VIEW, Permission.PERSON_VIEW, Permission.VISIT_VIEW, Permission.MAP_VIEW)
"""Whoever may do one of these has something to search for."""


class May:
    """What the viewer may do, for templates: `{% if may.contact_view %}`."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    def __getitem__(self, name: str) -> bool:
        return self._viewer.may(Permission[name.upper()])


def entries_for(viewer: Viewer) -> list[Entry]:
    """The entries that the viewer may open."""
    return [
        entry
        for entry in ENTRIES
        if (viewer.may(entry.permission) if entry.permission is not None else viewer.grants)
    ]


def _scenario() -> dict[str, Any] | None:
    """At which moment a demonstration's clock stands and how fast it runs; None in real time."""
    said = clock.scenario()
    return None if said is None else {"moment": said.at(clock.real_now()), "speed": said.speed}


def _live(request: HttpRequest) -> dict[str, Any] | None:
    """From which event on an open page is kept at the present, and the name of the line that a browser's tabs share."""
    after = getattr(request, "live_after", None)
    session = request.session.session_key if after is not None and hasattr(request, "session") else None
    if not session or not request.user.is_authenticated:
        return None
    return {"after": after, "key": salted_hmac("tuyendau.live", session).hexdigest()[:20]}


def role_names(codes: Iterable[str]) -> dict[str, str]:
    """The words for roles, by their codes."""
    return {code: str(ROLE_NAMES.get(code, code)) for code in codes}


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: this viewer's menu entries, role names, and the sign-ins that a demonstration shows.

    `TUYENDAU_DEMO_SIGNINS` in the settings is a sequence of `signins.Signin`; empty by default, and shown to a browser
    on this machine only.
    """
    viewer = getattr(request, "viewer", Viewer(None))
    roles = dict.fromkeys(grant.role for grant in viewer.grants)
    return {
        "navigation": entries_for(viewer),
        "may": May(viewer),
        "may_search": any(viewer.may(permission) for permission in SEARCHED),
        "roles": [ROLE_NAMES.get(role, role) for role in roles],
        "scenario": _scenario(),
        "live": _live(request),
        "public_map": settings.PUBLIC_MAP,
        "demo_accounts": settings.TUYENDAU_DEMO_SIGNINS if signins.asked_from_here(request.META) else (),
    }
