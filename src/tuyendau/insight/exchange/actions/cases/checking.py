"""Whose cases the rows are, which are on record already, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Task
from tuyendau.insight.exchange.actions.cases.typing import PERMISSION, Row, counted, typed, with_codes
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import people_by_code, people_elsewhere
from tuyendau.insight.exchange.queries.register import (
    OnRecord,
    cases_by_code,
    open_cases,
    people_by_number,
    reached_cases,
    reached_people,
)
from tuyendau.lib import clock
from tuyendau.lib.text import fold

COMPARED = (
    "status", "onset_on", "sampled_on", "result_on", "isolated_at", "outcome", "outcome_on", "place_infected", "note",
)  # fmt: skip
"""What a row may say otherwise of a case that is on record."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows of new cases, and rows of cases on record: these have "on_record" and "changes", by field (was, now)."""

    new: list[Row]
    known: list[Row]


def check_cases(sheet: Sheet, task: Task) -> Checked:
    """Check the cases of `sheet`. What is wrong stands in its problems; where nobody can be asked, `FileRefused`."""
    rows = typed(sheet, task)
    of_counts = sheet.has("cases")
    if of_counts:
        rows = counted(sheet, rows)
    else:
        _check_repeats(sheet, rows)
    if not sheet.asks:
        sheet.problems.raise_any()
    named = with_codes(rows, task.options.source, of_counts)
    for row in named:
        row["isolated_at"] = _moment(row["isolated"])
    register = cases_by_code([str(row["code"]) for row in named])
    _find_people(sheet, task, [row for row in named if row["code"] not in register])
    checked = _split(sheet, task, named, register)
    if not sheet.asks:
        sheet.problems.raise_any()
    return checked


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds) if isinstance(seconds, int) else None


def _check_repeats(sheet: Sheet, rows: pl.DataFrame) -> None:
    codes = rows["code"]
    again = codes.is_not_null() & ~codes.is_first_distinct()
    sheet.wrong(again, "code", _("An earlier row has the same code. Every case has its own."))
    again_person = _("An earlier row is a case of the same person, who can have one open case only.")
    open_now = rows["status"] != "discarded"
    for name in ("person", "id_number"):
        people = rows[name].set(~open_now.fill_null(True), None)
        again = people.is_not_null() & ~people.is_first_distinct()
        sheet.wrong(again, name, again_person)
    if sheet.asks:
        _check_twins(sheet, rows, open_now)


def _check_twins(sheet: Sheet, rows: pl.DataFrame, open_now: pl.Series) -> None:
    """Who stands in the file twice without a number: the same name and birth, and nothing that tells the two apart."""
    births = rows["birth_date"].cast(pl.String).fill_null(rows["birth_year"].cast(pl.String))
    columns = (
        rows["full_name"],
        births,
        rows["unit_id"],
        rows["phone"],
        rows["row"],
        open_now.fill_null(True),
    )
    first: dict[tuple[object, ...], int] = {}
    twice = [False] * rows.height
    earlier: dict[int, list[bool]] = {}
    for index, (name, birth, unit, phone, number, is_open) in enumerate(zip(*columns, strict=True)):
        if not (name and birth and is_open) or (unit is None and not phone):
            continue
        same = (fold(name), birth, unit, phone)
        if same in first:
            twice[index] = True
            earlier.setdefault(first[same], [False] * rows.height)[index] = True
        else:
            first[same] = number
    ids = rows["id_number"]
    for number, mask in earlier.items():
        message = _("Row %(row)s is the same person. Leave one of the two out, or tell them apart by number.")
        sheet.wrong(pl.Series(mask) & ids.is_null(), "full_name", message % {"row": number})


def _find_people(sheet: Sheet, task: Task, rows: list[Row]) -> None:
    """Give each row the row id of its person, None for somebody new. Nobody is out of the viewer's reach."""
    codes = [str(row["person"]) for row in rows if row["person"]]
    by_code = people_by_code(None, PERMISSION, codes)
    held = people_by_number([numbers.of(str(row["id_number"])) for row in rows if row["id_number"]])
    elsewhere = people_elsewhere(task.viewer, PERMISSION, codes)
    for row in rows:
        ruling = task.rulings.get(_number(row) or 0)
        number = held.get(numbers.of(str(row["id_number"]))) if row["id_number"] else None
        known = by_code.get(str(row["person"])) if row["person"] else None
        if known is not None and number is not None and known != number:
            message = _("This number is on record for somebody else than the person with this code.")
            sheet.problems.add(_number(row), sheet.heading("id_number"), message, row["person"])
        row["person_id"] = known if known is not None else number
        if row["person_id"] is None and ruling is not None:
            row["person_id"] = ruling.person
    ids = [row["person_id"] for row in rows if isinstance(row["person_id"], int)]
    reached = reached_people(task.viewer, PERMISSION, ids)
    message = _("This person is recorded outside your area. Ask the province to report the case.")
    for row in rows:
        if row["person"] in elsewhere or (row["person_id"] is not None and row["person_id"] not in reached):
            name = "person" if row["person"] else "id_number" if row["id_number"] else "full_name"
            sheet.problems.add(_number(row), sheet.heading(name), message, row.get(name))


def _split(sheet: Sheet, task: Task, named: list[Row], register: dict[str, OnRecord]) -> Checked:
    """Which rows are of cases on record: by code, or of a person who has an open case."""
    found = open_cases(
        [row["person_id"] for row in named if isinstance(row.get("person_id"), int)]  # type: ignore[misc]
    )
    checked = Checked([], [])
    seen: set[int] = set()
    for row in named:
        case = register.get(str(row["code"]))
        person = row.get("person_id")
        if case is None and isinstance(person, int) and row["status"] != "discarded":
            case = _open_case(sheet, row, found.get(person))
            if case is None and person in seen:
                _twice(sheet, row)
            seen.add(person)
        if case is None:
            checked.new.append(row)
        else:
            row["on_record"] = case
            checked.known.append(row)
    reached = reached_cases(task.viewer, PERMISSION, [_case_of(row).id for row in checked.known])
    for row in checked.known:
        row["changes"] = _changes(row) if _case_of(row).id in reached else {}
    return checked


def _open_case(sheet: Sheet, row: Row, case: OnRecord | None) -> OnRecord | None:
    """The open case that a row without a code of its own is; with another code, or nobody to ask, it is a problem."""
    if case is None or (sheet.asks and not (row["code_given"] and case.code)):
        return case
    message = _("This person has an open case already (%(case)s). Work on that one, or give its code here.")
    name = "person" if row["person"] else "id_number" if row["id_number"] else "full_name"
    shown = {"case": case.code or _("without a code")}
    sheet.problems.add(_number(row), sheet.heading(name), message % shown, row[name])
    return case if sheet.asks else None


def _twice(sheet: Sheet, row: Row) -> None:
    if sheet.asks and not row["person"] and not row["id_number"]:
        message = _("An earlier row is a case of the same person, who can have one open case only.")
        sheet.problems.add(_number(row), sheet.heading("full_name"), message, row["full_name"])


def _case_of(row: Row) -> OnRecord:
    case = row["on_record"]
    assert isinstance(case, OnRecord)  # noqa: S101 put there above
    return case


_GIVEN: dict[str, Callable[[Row], bool]] = {"status": lambda row: bool(row["status_given"])}


def _changes(row: Row) -> dict[str, tuple[str, str]]:
    """What the row says otherwise, by field; an empty cell says nothing."""
    case, changes = _case_of(row), {}
    for name in COMPARED:
        now, was = row[name], getattr(case, name)
        given = _GIVEN.get(name, lambda row, now=now: bool(now))(row)
        if given and now != was and not (name == "isolated_at" and _same_day(row, was)):
            changes[name] = (_text(was), _text(now))
    return changes


def _same_day(row: Row, was: datetime | None) -> bool:
    """Whether a row that names only the day of isolation agrees with the moment on record."""
    now = row["isolated_at"]
    if was is None or not isinstance(now, datetime) or not row["isolated_by_day"]:
        return False
    return clock.local_day(was) in (clock.local_day(now), clock.local_day(now - timedelta(seconds=1)))


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value or "")


def _number(row: Row) -> int | None:
    number = row["row"]
    return number if isinstance(number, int) else None
