"""What is counted, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tuyendau.insight.situation.rules import Basis, By, Counted, Found, Place
from tuyendau.records.cases.models import CaseStatus

Words = str | Promise

BASES: dict[Basis, Words] = {
    Basis.REPORTED: _("by day of report"),
    Basis.ONSET: _("by day of onset"),
    Basis.SAMPLE: _("by day of sample"),
}
COUNTED: dict[Counted, Words] = {
    Counted.CONFIRMED: _("confirmed cases"),
    Counted.ALL: _("all cases not discarded"),
}
SPLITS: dict[By, Words] = {
    By.STATUS: _("by status"),
    By.SETTING: _("by setting"),
    By.FOUND: _("by how they were found"),
    By.UNIT: _("by unit"),
}
STATUSES: dict[str, Words] = {
    status.value: status.label for status in (CaseStatus.CONFIRMED, CaseStatus.PROBABLE, CaseStatus.SUSPECTED)
}
PLACES: dict[str, Words] = {
    Place.PARK: _("worker in an industrial park"),
    Place.COMPANY: _("worker of a company elsewhere"),
    Place.SCHOOL: _("school"),
    Place.HEALTH: _("health facility"),
    Place.MARKET: _("market, shop"),
    Place.LODGING: _("dormitory, boarding house"),
    Place.COMMUNITY: _("community"),
}
FOUND: dict[str, Words] = {
    Found.QUARANTINED: _("already in quarantine"),
    Found.FOLLOWED: _("contact in follow-up"),
    Found.COMMUNITY: _("in the community"),
}
elsewhere: Words = pgettext_lazy("units", "the others")
no_unit: Words = _("commune not known")

FIGURES: dict[str, tuple[Words, Words]] = {
    "total": (_("Cases on record"), _("All cases that count, as known at the moment; compared with a day before.")),
    "today": (_("New on the day"), _("Cases dated on the day, so far; compared with the whole day before.")),
    "week": (_("New in 7 days"), _("Cases dated in the last 7 days; compared with the 7 days before.")),
    "fortnight": (_("New in 14 days"), _("Cases dated in the last 14 days; compared with the 14 days before.")),
    "active": (_("Cases without an outcome"), _("Neither recovered nor dead, as known; compared with a day before.")),
    "not_isolated": (
        _("Of these not isolated"),
        _("Cases without an outcome of which no isolation is on record; compared with a day before."),
    ),
    "waiting": (_("Waiting for a decision"), _("Suspected and probable cases; compared with a day before.")),
    "recovered": (_("Recovered"), _("Cases that recovered, in all; compared with a day before.")),
    "died": (_("Died"), _("Cases that died, in all; compared with a day before.")),
    "f1": (_("F1 in follow-up"), _("Contacts of cases whose follow-up goes on; compared with a day before.")),
    "f2": (_("F2 in follow-up"), _("Contacts of F1 whose follow-up goes on; compared with a day before.")),
    "lost": (_("Lost from follow-up"), _("Of these, people whom nobody reaches; compared with a day before.")),
    "facility": (_("In quarantine facilities"), _("People whom a signed order keeps in a facility on the day.")),
    "home": (_("In quarantine at home"), _("People whom a signed order keeps at home on the day.")),
    "isolation": (_("Cases isolated by order"), _("Cases whom a signed order of isolation binds on the day.")),
}  # fmt: skip
"""By code of a figure its title, and what exactly it counts."""

CHANGES: dict[str, Words] = {
    "new": _("cases that count now and did not before"),
    "gone": _("cases that count no more"),
    "died": _("cases that died"),
    "recovered": _("cases that recovered"),
    "isolated": _("cases isolated since"),
    "waiting": _("suspected or probable cases that came to wait for a decision"),
}
"""By code of a change, what changed."""
