"""The units by which a list is narrowed: codes are given anew over time, so a unit is meant by its code on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.core.places.queries import unit_on, units_in_reach, units_on
from tuyendau.lib import clock

SIGN = "@"
"""Between a code and its day, where that is another than today."""


def on_day(code: str, day: str) -> str:
    """The value of a choice: the unit that had the code on the day as it stands in an address."""
    return f"{code}{SIGN}{day}" if code and day and SIGN not in code else code


def unit_meant(value: str) -> tuple[Unit, date] | None:
    """The unit that the value of a choice means, and the day on which it has that code; None if there is none.

    A code without a day is that of today, or, where no unit has it today, of the last one that had it.
    """
    code, sign, written = value.partition(SIGN)
    if sign:
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
    else:
        day = clock.local_day(clock.now())
    unit = unit_on(code, day)
    if unit is None and not sign:
        unit = Unit.objects.filter(code=code, valid_to__lte=day).order_by("-valid_to", "-level").first()
        if unit is not None and unit.valid_to is not None:
            day = unit.valid_to - timedelta(days=1)
    return None if unit is None else (unit, day)


def code_and_day(value: str) -> tuple[str, date | None]:
    """The code that the value of a choice means, and its day; "" and None for none."""
    meant = unit_meant(value) if value else None
    return (meant[0].code, meant[1]) if meant else ("", None)


def units_to_choose(viewer: Viewer, value: str) -> list[Any]:
    """The districts and communes of today in the viewer's reach, in groups; the unit of `value`, of any day, too."""
    today = clock.local_day(clock.now())
    groups: dict[str, list[tuple[str, str]]] = {}
    if viewer.paths(Permission.CASE_VIEW, ScopeKind.UNIT):
        reach = units_in_reach(viewer, Permission.CASE_VIEW).values("pk")
        units = units_on(today).filter(pk__in=reach).select_related("parent").order_by("level", "folded")
        for unit in units:
            above = unit if unit.level < UnitLevel.COMMUNE else unit.parent or unit
            name = gettext("all of %(unit)s") % {"unit": unit.name} if above is unit else unit.name
            groups.setdefault(above.name, []).append((unit.code, name))
    known = {held for group in groups.values() for held, _name in group}
    choices: list[Any] = [("", gettext("everywhere")), *groups.items()]
    if value and value not in known and (meant := unit_meant(value)):
        unit, day = meant
        told = {"unit": unit.name, "day": date_format(day, "SHORT_DATE_FORMAT")}
        choices.append((value, unit.name if day == today else gettext("%(unit)s (as on %(day)s)") % told))
    return choices
