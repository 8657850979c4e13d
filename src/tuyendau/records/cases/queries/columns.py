"""The columns of the line list: said once, for the page, the files, the order and the rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy
from tuyendau.core.lists.queries import register
from tuyendau.core.lists.rules import Column, ListOf
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock, phones
from tuyendau.lib.spreadsheet import Kind
from tuyendau.records.cases import rules
from tuyendau.records.cases.models import CaseStatus, Outcome
from tuyendau.records.cases.queries.beside import Belongs
from tuyendau.records.people.models import Sex
from tuyendau.science.epi.diseases import DiseaseError, disease

PERSONAL, SENSITIVE, PUBLIC = Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.PUBLIC
FILTERS = frozenset({
    "q", "status", "disease", "unit", "unit_on", "no_unit", "site", "basis", "from", "to", "days", "sex", "age_from",
    "age_to", "outcome", "isolated", "without",
})  # fmt: skip


def _words(value: object) -> str | None:
    return str(value) if value else None


def _age(case: Any) -> int | None:
    person, day = case.person, case.reported_on
    born: date | None = person.birth_date
    if born:
        return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))
    return day.year - person.birth_year if person.birth_year else None


def _born(case: Any) -> str | None:
    """The day as people write it, or the year alone where no more is known."""
    born: date | None = case.person.birth_date
    return f"{born:%d/%m/%Y}" if born else _words(case.person.birth_year)


def _district(case: Any) -> str | None:
    above = case.unit.parent if case.unit else None
    return above.name if above and above.level == UnitLevel.DISTRICT else None


def disease_name(code: str) -> str:
    """A disease in the reader's language; its code where the program does not know it."""
    try:
        return _in_language(disease(code).name)
    except DiseaseError:
        return code


def _in_language(words: Mapping[str, str]) -> str:
    return words.get(get_language() or "vi") or words["vi"]


def _dates(case: Any) -> rules.Dates:
    return rules.Dates(case.onset_on, case.sampled_on, case.result_on, case.reported_on, case.outcome_on)


def _basis(case: Any) -> str:
    """Which date the reference day is, in words."""
    if case.onset_on:
        return gettext("onset")
    if case.sampled_on:
        return gettext("sample")
    return gettext("result") if case.result_on else gettext("report")


def _since(name: str) -> Callable[[Any], int | None]:
    def days(case: Any) -> int | None:
        day = getattr(case, name)
        return (clock.local_day(clock.now()) - day).days if day else None

    return days


def _beside(need: str, name: str) -> Callable[[Any], object]:
    def value(case: Any) -> object:
        found = case.beside.get(need)
        return (getattr(found, name) or None) if found is not None else None

    return value


def _belongs(name: str, title: str | Promise, width: int) -> Column:
    return Column(
        name, title, _beside("belongs", name), PERSONAL, width, needs="belongs", permission=Permission.PERSON_VIEW
    )  # fmt: skip


def _told_in_full(name: str) -> Callable[[Any], str | None]:
    return lambda case: _words(getattr(case, name)) if case.in_full else None


@cache
def _label(choices: Any, value: str, language: str | None) -> str:
    """A choice in words; a file asks for the same few a million times."""
    return str(choices(value).label)


def _sex(case: Any) -> str | None:
    return _label(Sex, case.person.sex, get_language()) if case.person.sex else None


def _status(case: Any) -> str:
    return _label(CaseStatus, case.status, get_language())


def _unit(case: Any) -> str | None:
    return case.unit.name if case.unit else None


def _outcome(case: Any) -> str | None:
    return _label(Outcome, case.outcome, get_language()) if case.outcome else None


def _day(name: str, field: str, title: str | Promise, *, shown: bool = False) -> Column:
    return Column(
        name, title, lambda case: getattr(case, field), SENSITIVE, 12, Kind.DAY, sort=(field,), shown=shown
    )


def _symptoms(case: Any) -> str | None:
    """The symptoms in words; what was answered in an interview is not for an employer."""
    told = (case.details or {}).get("symptoms") or {}
    if not told or not case.in_full:
        return None
    try:
        names = {each.code: each.name for each in disease(case.disease).symptoms}
    except DiseaseError:
        names = {}
    known = [_in_language(name) for code, name in names.items() if code in told]
    return ", ".join([*known, *(code for code in told if code not in names)])


_SEES = Permission.PERSON_VIEW
_PERSON = (
    Column(
        "name", _("Name"), lambda c: _words(c.person.full_name), PERSONAL, 26, sort=("person__folded",), shown=True,
        fixed=True,
    ),
    Column("code", _("Number"), lambda c: c.code, PERSONAL, 14, sort=("code",), shown=True),
    Column("id", _("Public id"), lambda c: c.public_id, PUBLIC, 20),
    Column("person", _("Person code"), lambda c: c.person.code, PERSONAL, 16, sort=("person__code",)),
    Column("sex", _("Sex"), _sex, PERSONAL, 8, sort=("person__sex",), shown=True),
    Column("born", _("Born"), _born, PERSONAL, 12, sort=("person__birth_year", "person__birth_date")),
    Column("age", _("Age"), _age, PERSONAL, 7, Kind.WHOLE, shown=True),
    Column("phone", _("Phone"), lambda c: _words(phones.readable(c.person.phone)), PERSONAL, 14, permission=_SEES),
    Column("cccd", _("CCCD"), lambda c: c.beside.get("cccd"), PERSONAL, 14, permission=_SEES, needs="cccd"),
    Column("unit", _("Commune"), _unit, PERSONAL, 22, sort=("unit__folded",), shown=True),
    Column("district", _("District"), _district, PERSONAL, 20, sort=("unit__parent__folded",)),
    Column("address", _("Address"), lambda c: _words(c.person.address), PERSONAL, 30, permission=_SEES),
)  # fmt: skip
_CASE = (
    Column("disease", _("Disease"), lambda c: disease_name(c.disease), SENSITIVE, 14, sort=("disease",)),
    Column("status", _("Status"), _status, SENSITIVE, 12, sort=("status",), shown=True),
    _day("onset", "onset_on", _("Onset"), shown=True),
    _day("sample", "sampled_on", _("Sample"), shown=True),
    _day("result", "result_on", _("Result"), shown=True),
    _day("reported", "reported_on", _("Reported"), shown=True),
    Column("isolated", _("Isolated since"), lambda c: c.isolated_at, SENSITIVE, 18, Kind.MOMENT, sort=("isolated_at",)),
    Column("reference", _("Reference day"), lambda c: rules.reference_day(_dates(c)), SENSITIVE, 12, Kind.DAY),
    Column("basis", _("Reference day by"), _basis, SENSITIVE, 12),
    Column("since_onset", _("Days since onset"), _since("onset_on"), SENSITIVE, 8, Kind.WHOLE),
    Column("since_report", _("Days since report"), _since("reported_on"), SENSITIVE, 8, Kind.WHOLE),
    Column("outcome", _("Outcome"), _outcome, SENSITIVE, 12, sort=("outcome",)),
    _day("outcome_day", "outcome_on", _("Outcome date")),
)  # fmt: skip
_TESTED = (
    Column("symptoms", _("Symptoms"), _symptoms, SENSITIVE, 28),
    Column("sampled", _("Latest sample"), _beside("latest", "sampled"), PERSONAL, 14, needs="latest"),
    Column(
        "sampled_at", _("Latest sample taken"), _beside("latest", "sampled_at"), SENSITIVE, 18, Kind.MOMENT,
        needs="latest",
    ),
    Column("test", _("Latest result"), _beside("latest", "test"), SENSITIVE, 14, needs="latest"),
    Column("ct", _("Ct"), _beside("latest", "ct"), SENSITIVE, 7, Kind.NUMBER, needs="latest"),
    Column(
        "tested_at", _("Time of the latest result"), _beside("latest", "tested_at"), SENSITIVE, 18, Kind.MOMENT,
        needs="latest",
    ),
)  # fmt: skip
_BESIDE = (
    _belongs("company", _("Company"), 26),
    _belongs("workshop", _("Workshop"), 18),
    _belongs("line", _("Line"), 18),
    _belongs("shift", _("Shift"), 12),
    _belongs("lodging", _("Lodging"), 24),
    _belongs("room", _("Room"), 12),
    _belongs("stays", _("Hospital or quarantine facility"), 26),
    Column("reporter", _("Reported by"), _beside("told", "by"), PERSONAL, 20, needs="told"),
    Column(
        "changed", _("Last changed"), _beside("told", "changed_at"), SENSITIVE, 18, Kind.MOMENT, needs="told"
    ),
    Column("place_infected", _("Place of infection"), _told_in_full("place_infected"), SENSITIVE, 24),
    Column("note", _("Note"), _told_in_full("note"), SENSITIVE, 40),
)
_added: list[Column] = []


def line_columns() -> ListOf:
    """The line list, with the columns that apps above have added."""
    return ListOf(
        "cases", "cases:list", _("Cases"), Permission.CASE_VIEW, (*_PERSON, *_CASE, *_TESTED, *_added, *_BESIDE),
        FILTERS | _filters(),
    )  # fmt: skip


def _filters() -> frozenset[str]:
    from tuyendau.records.cases.queries.beside import FILTERS as added

    return frozenset(added)


def add_columns(*columns: Column) -> None:
    """Have the line list offer columns of an app above; their `needs` are loaders given to `beside.add`.

    Call it in AppConfig.ready. A column that is known already is replaced.
    """
    names = {column.name for column in columns}
    _added[:] = [column for column in _added if column.name not in names] + list(columns)
    register(line_columns())


__all__ = ["Belongs", "add_columns", "disease_name", "line_columns"]
