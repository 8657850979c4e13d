"""The columns of the list of patients: said once, for the page, the files, the order and the rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy
from tuyendau.core.lists.rules import Column, ListOf
from tuyendau.lib import clock, phones
from tuyendau.lib.spreadsheet import Kind
from tuyendau.records.cases.models import Result
from tuyendau.response.care.models import Condition

PERSONAL, SENSITIVE, PUBLIC = Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.PUBLIC
FILTERS = frozenset({"q", "show", "site", "severity", "condition", "who", "wants", "unit"})


def _words(value: object) -> str | None:
    return str(value) if value else None


def _age(stay: Any) -> int | None:
    born: date | None = stay.person.birth_date
    day = clock.local_day(stay.began_at)
    if born:
        return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))
    return day.year - stay.person.birth_year if stay.person.birth_year else None


def _days(stay: Any) -> int:
    until = stay.ended_at or clock.now()
    return (clock.local_day(until) - clock.local_day(stay.began_at)).days + 1


def _beside(need: str, name: str) -> Callable[[Any], object]:
    def value(stay: Any) -> object:
        found = stay.beside.get(need)
        return getattr(found, name) if found is not None else None

    return value


def _result(stay: Any) -> str | None:
    found = stay.beside.get("latest")
    return str(Result(found.result).label) if found is not None else None


def _conditions(stay: Any) -> str | None:
    return ", ".join(str(Condition(code).label) for code in stay.conditions) or None


def _of_case(name: str) -> Callable[[Any], Any]:
    return lambda stay: getattr(stay.case, name) or None if stay.case else None


_TESTS = Permission.SAMPLE_TAKE
_COLUMNS = (
    Column(
        "name",
        _("Name"),
        lambda s: _words(s.person.full_name),
        PERSONAL,
        24,
        sort=("person__folded",),
        shown=True,
        fixed=True,
    ),
    Column(
        "severity",
        _("Severity"),
        lambda s: _words(s.get_severity_display()) if s.severity else None,
        SENSITIVE,
        14,
        sort=("rank",),
        shown=True,
    ),
    Column(
        "day", _("Day of illness"), lambda s: s.day, SENSITIVE, 8, Kind.WHOLE, sort=("ill_for",), shown=True
    ),
    Column(
        "ward",
        _("Ward or room"),
        lambda s: s.ward.name if s.ward else None,
        SENSITIVE,
        16,
        sort=("ward__folded",),
        shown=True,
    ),
    Column("bed", _("Bed"), lambda s: _words(s.bed), SENSITIVE, 8, sort=("bed",)),
    Column("age", _("Age"), _age, PERSONAL, 7, Kind.WHOLE, sort=("age",)),
    Column(
        "result", _("Latest result"), _result, SENSITIVE, 14, shown=True, permission=_TESTS, needs="latest"
    ),
    Column(
        "ct",
        _("Ct"),
        _beside("latest", "ct"),
        SENSITIVE,
        7,
        Kind.NUMBER,
        permission=_TESTS,
        needs="latest",
    ),
    Column("conditions", _("Comorbidity"), _conditions, SENSITIVE, 24, shown=True),
    Column(
        "infected",
        _("Where infected"),
        lambda s: s.beside.get("infected"),
        SENSITIVE,
        26,
        shown=True,
        needs="infected",
    ),
    Column(
        "sex",
        _("Sex"),
        lambda s: _words(s.person.get_sex_display()) if s.person.sex else None,
        PERSONAL,
        8,
        sort=("person__sex",),
    ),
    Column(
        "taken",
        _("Latest sample taken"),
        _beside("latest", "taken_at"),
        SENSITIVE,
        18,
        Kind.MOMENT,
        permission=_TESTS,
        needs="latest",
    ),
    Column("facility", _("Facility"), lambda s: s.site.name, SENSITIVE, 24, sort=("site__folded",)),
    Column(
        "assessed", _("Assessed"), lambda s: s.assessed_at, SENSITIVE, 18, Kind.MOMENT, sort=("assessed_at",)
    ),
    Column("began", _("Admitted"), lambda s: s.began_at, SENSITIVE, 18, Kind.MOMENT, sort=("began_at",)),
    Column("days", _("Days in the facility"), _days, SENSITIVE, 8, Kind.WHOLE, sort=("kept_for",)),
    Column("onset", _("Onset"), _of_case("onset_on"), SENSITIVE, 12, Kind.DAY, sort=("case__onset_on",)),
    Column("case", _("Case number"), _of_case("code"), PERSONAL, 14, sort=("case__code",)),
    Column(
        "unit",
        _("Commune"),
        lambda s: s.person.unit.name if s.person.unit else None,
        PERSONAL,
        20,
        sort=("person__unit__folded",),
    ),
    Column("address", _("Address"), lambda s: _words(s.person.address), PERSONAL, 28),
    Column("phone", _("Phone"), lambda s: _words(phones.readable(s.person.phone)), PERSONAL, 14),
    Column("state", _("State"), lambda s: str(s.get_state_display()), SENSITIVE, 18, sort=("state",)),
    Column("ended", _("Left"), lambda s: s.ended_at, SENSITIVE, 18, Kind.MOMENT, sort=("ended_at",)),
    Column("note", _("Note"), lambda s: _words(s.note), SENSITIVE, 30),
    Column("id", _("Public id"), lambda s: s.public_id, PUBLIC, 20),
)


def patient_columns() -> ListOf:
    """The list of patients."""
    return ListOf("patients", "care:list", _("Patients"), Permission.STAY_VIEW, _COLUMNS, FILTERS)
