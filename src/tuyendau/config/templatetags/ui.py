"""What every page shows in one way: icons, badges, durations."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime
from functools import cache

from django import template
from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.core.accounts.models import ROLE_NAMES
from tuyendau.core.audit.queries.words import kind_in_words
from tuyendau.core.places.queries import unit_on
from tuyendau.lib import clock, identity, phones
from tuyendau.records.cases.forms.words import in_language
from tuyendau.records.cases.models import CaseStatus, Result
from tuyendau.records.contacts.models import Grade
from tuyendau.response.care.models import Severity
from tuyendau.science.epi.diseases import disease

register = template.Library()
logger = logging.getLogger(__name__)

STATUS_COLOURS = {
    CaseStatus.SUSPECTED: "yellow",
    CaseStatus.PROBABLE: "orange",
    CaseStatus.CONFIRMED: "red",
    CaseStatus.DISCARDED: "secondary",
}
RESULT_COLOURS = {
    Result.POSITIVE: "red",
    Result.NEGATIVE: "green",
    Result.INDETERMINATE: "yellow",
    Result.INVALID: "secondary",
}
SEVERITY_COLOURS = {
    Severity.ASYMPTOMATIC: "secondary",
    Severity.MILD: "green",
    Severity.MODERATE: "yellow",
    Severity.SEVERE: "orange",
    Severity.CRITICAL: "red",
}
GRADE_COLOURS = {
    Grade.CLOSE: "red",
    Grade.NEAR: "orange",
    Grade.AROUND: "yellow",
    Grade.EXCLUDED: "secondary",
}


@cache
def _shapes() -> dict[str, str]:
    """Shapes of the icons by name, as the build of the front end wrote them."""
    shapes: dict[str, str] = json.loads((settings.PACKAGE / "static" / "icons.json").read_text())
    return shapes


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """The Tabler icon `name` (one of frontend/icons.json), drawn in the page; hidden from screen readers."""
    shapes = _shapes().get(name)
    if shapes is None:
        logger.error("there is no icon %r: add it to frontend/icons.json", name)
        return SafeString("")
    return format_html(
        '<svg class="icon {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        css,
        mark_safe(shapes),  # noqa: S308 the shapes come from our own build
    )


@register.filter
def status_badge(status: str) -> SafeString:
    """A case's status as a word on its colour."""
    known = CaseStatus(status)
    return badge(STATUS_COLOURS[known], known.label)


@register.filter
def severity_badge(level: str) -> SafeString:
    """How ill a patient is, as a word on its colour; nobody assessed is said so."""
    if not level:
        return badge("blue", _("not assessed"))
    known = Severity(level)
    return badge(SEVERITY_COLOURS[known], known.label)


@register.filter
def severity_colour(level: str) -> str:
    """The Tabler colour of a severity."""
    return SEVERITY_COLOURS[Severity(level)]


@register.filter
def grade_badge(grade: int) -> SafeString:
    """A contact's grade as a word on its colour."""
    known = Grade(grade)
    return badge(GRADE_COLOURS[known], known.label)


def badge(colour: str, text: object) -> SafeString:
    """`text` on a pale ground of a Tabler colour, dark enough to be read."""
    return format_html(
        '<span class="badge badge-level bg-{}-lt" data-level="{}">{}</span>', colour, colour, text
    )


@register.filter
def as_badge(colour: str, text: object) -> SafeString:
    """`{{ "red"|as_badge:words }}`: words on the pale ground of a Tabler colour."""
    return badge(colour, text)


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds in hours and whole minutes: 7500 gives "2 h 05 min"; under a minute is said so."""
    if seconds is None:
        return "–"
    if 0 < seconds < 60:
        return _("under 1 min")
    hours, minutes = divmod(int(seconds) // 60, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}


@register.filter
def waited(since: datetime, now: datetime) -> str:
    """How long something waits, in the two largest units: "2 d 5 h", "5 h 20 min"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return duration(60 * minutes)


@register.filter
def phone(number: str) -> str:
    """A telephone number as people write it: "+84912345678" gives "0912 345 678"."""
    return phones.readable(number)


@register.filter
def said(words: dict[str, str]) -> str:
    """A text of the bundled data, which it holds in Vietnamese and English, in the reader's language."""
    return in_language(words)


@register.filter
def disease_name(code: str) -> str:
    """What a disease is called, by its code."""
    return in_language(disease(code).name)


@register.filter
def result_badge(result: str) -> SafeString:
    """What a laboratory found, as a word on its colour."""
    known = Result(result)
    return badge(RESULT_COLOURS[known], known.label)


@register.filter
def masked(number: str) -> str:
    """An identity number for who may know that there is one but not which: its last three characters."""
    return identity.masked(number)


@register.filter
def percent(share: float | None) -> str:
    """A share of one in per cent: 0.123 gives "12%", 0.004 "0,4%", less than a thousandth "under 0,1%"."""
    if share is None:
        return "–"
    if 0 < share < 0.001:
        return _("under %(least)s%%") % {"least": number_format(0.1, 1)}
    return f"{number_format(100 * share, 1 if share < 0.1 else 0)}%"


@register.filter
def role_name(code: str) -> str:
    """The words for a role, by its code."""
    return str(ROLE_NAMES.get(code, code))


@register.filter
def event_words(kind: str) -> str:
    """What happened, by the kind of an event."""
    return kind_in_words(kind)


@register.filter
def has_key(mapping: dict[object, object], key: object) -> bool:
    """Whether the mapping holds the key."""
    return key in mapping


@register.filter
def as_day(value: object) -> str:
    """A day from an address, as pages show it: "2026-11-23" gives "23/11/2026"; anything else stays as it is."""
    text = str(value)
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text


@register.filter
def cell(value: object) -> str:
    """A cell of a list, as pages show it: days and moments as people write them, nothing as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else "–"
    if isinstance(value, datetime):
        return str(date_format(localtime(value), "SHORT_DATETIME_FORMAT"))
    if isinstance(value, date):
        return str(date_format(value, "SHORT_DATE_FORMAT"))
    return str(number_format(value, 1) if isinstance(value, float) else value)


@register.filter
def unit_name(code: str, day: date | None) -> str:
    """The name of the unit that has a code on a day; the code itself where there is none."""
    unit = unit_on(code, day or clock.local_day(clock.now()))
    return code if unit is None else unit.name
