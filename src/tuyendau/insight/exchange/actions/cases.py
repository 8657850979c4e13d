"""Cases from a file: a line list with a row for each case, or counts of unnamed cases by day and commune.

A row belongs to a person already known only where it gives that person's code: two people of one name are two people.
A case without a code of its own gets one that follows from its row, so that the same rows again are the same cases.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.actions.units import commune_ids, communes_by_name
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.words import OUTCOME, SEX, STATUS
from tuyendau.insight.exchange.queries import (
    case_codes,
    commune_code,
    communes,
    open_cases_of,
    people_by_code,
    people_elsewhere,
    residences,
)
from tuyendau.lib import clock
from tuyendau.lib.text import fold
from tuyendau.records.cases.actions import NewCase, add_cases
from tuyendau.records.people.actions import NewPerson, add_people

_PERMISSION = Permission.IMPORT_CASES
_OLDEST = 125
_MOST = 5_000
_OF_ONE_PERSON = ("code", "person", "full_name", "age", "birth_year")
Row = dict[str, object]


def import_cases(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the cases of `sheet` and the people that they are of. Raises `FileRefused`; then nothing is."""
    rows = _typed(sheet, task)
    counted = sheet.has("cases")
    if counted:
        rows = _counted(sheet, rows)
    else:
        _check_repeats(sheet, rows)
    sheet.problems.raise_any()
    named = _with_codes(rows, task.options.source, counted)
    known = case_codes([str(row["code"]) for row in named])
    new = [row for row in named if row["code"] not in known]
    _check_people(sheet, task, new)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    people, made = _people(task, new)
    added = add_cases(
        [_case(row, person, task) for row, person in zip(new, people, strict=True)], by=task.by, at=task.at
    )
    return Outcome(
        len(sheet),
        {
            "new": len(added),
            "known": len(named) - len(new),
            "people": made,
            "without_unit": sum(row["unit_id"] is None for row in new),
        },
    )


def _typed(sheet: Sheet, task: Task) -> pl.DataFrame:
    """The rows with every value typed, as far as it is right; what is not stands in the sheet's problems."""
    known = communes(task.viewer, _PERMISSION, task.valid_on)
    unit = commune_ids(sheet, known, task.valid_on)
    if not sheet.has("unit"):
        unit = communes_by_name(sheet, known)
    reported = sheet.days("reported")
    rows = pl.DataFrame(
        {
            "row": sheet.rows,
            "code": sheet.text("code"),
            "person": sheet.text("person"),
            "full_name": sheet.text("full_name"),
            "sex": sheet.words("sex", SEX),
            "birth_year": _birth_year(sheet, reported),
            "unit_id": unit,
            "place": sheet.text("unit"),
            "status": sheet.words("status", STATUS).fill_null("confirmed"),
            "onset_on": sheet.days("onset"),
            "sampled_on": sheet.days("sampled"),
            "result_on": sheet.days("result"),
            "reported_on": reported,
            "isolated": _isolated(sheet, task.at),
            "outcome": sheet.words("outcome", OUTCOME).fill_null(""),
            "outcome_on": sheet.days("outcome_on"),
            "place_infected": sheet.text("place_infected").fill_null(""),
        }
    )
    _check_order(sheet, rows)
    return rows.with_columns(address=_address(sheet, unit), note=_joined(sheet, ("note", "hospital"), "\n"))


def _birth_year(sheet: Sheet, reported: pl.Series) -> pl.Series:
    age = sheet.whole("age", 0, _OLDEST)
    return sheet.birth_year().fill_null(reported.dt.year().cast(pl.Int64) - age)


def _isolated(sheet: Sheet, at: datetime) -> pl.Series:
    """Moments of isolation [n] (Int64 seconds). A day alone counts to its end, so that no contact is missed."""
    parsed = sheet.parsed("isolated")
    now = int(at.timestamp())
    start = parsed.day.cast(pl.Int32).cast(pl.Int64) * 86_400 - clock.UTC_OFFSET_SECONDS
    last = (start + 86_400).clip(upper_bound=now)
    moment = parsed.moment.fill_null(last)
    future = (parsed.day > clock.local_day(at)) | (parsed.moment > now)
    sheet.wrong(future, "isolated", _("The moment lies in the future. Check the date and the time."))
    return moment


def _check_order(sheet: Sheet, rows: pl.DataFrame) -> None:
    early = rows["result_on"] < rows["sampled_on"]
    sheet.wrong(early, "result", _("The result is earlier than its sample. Check both dates."))
    early = rows["outcome_on"] < rows["onset_on"]
    sheet.wrong(early, "outcome_on", _("The outcome is earlier than the onset. Check both dates."))


def _address(sheet: Sheet, unit: pl.Series) -> pl.Series:
    """The address as recorded; where the commune is not known by its code, its name as recorded goes with it."""
    address = sheet.text("address").fill_null("")
    whole = _joined(sheet, ("address", "commune", "district"), ", ")
    return address.zip_with(unit.is_not_null(), whole).str.slice(0, 200)


def _joined(sheet: Sheet, names: Iterable[str], mark: str) -> pl.Series:
    texts = [sheet.text(name).alias(name) for name in names]
    return pl.select(pl.concat_str(texts, separator=mark, ignore_nulls=True)).to_series()


def _counted(sheet: Sheet, rows: pl.DataFrame) -> pl.DataFrame:
    """Counts made single cases; what tells of one person has no place among counts."""
    for name in _OF_ONE_PERSON:
        if sheet.has(name):
            message = _(
                "A file with the column “%(cases)s” counts unnamed cases. Leave this column out, or that one."
            )
            sheet.problems.add(None, sheet.heading(name), message % {"cases": sheet.heading("cases")})
    counts = sheet.whole("cases", 0, _MOST)
    sheet.wrong(sheet.text("cases").is_null(), "cases", _("This cell must not be empty."))
    times = counts.fill_null(0).clip(0, _MOST)
    return rows.select(pl.all().repeat_by(times)).explode(rows.columns).filter(pl.col("row").is_not_null())


def _check_repeats(sheet: Sheet, rows: pl.DataFrame) -> None:
    codes = rows["code"]
    again = codes.is_not_null() & ~codes.is_first_distinct()
    sheet.wrong(again, "code", _("An earlier row has the same code. Every case has its own."))
    people = rows["person"].set(rows["status"] == "discarded", None)
    again = people.is_not_null() & ~people.is_first_distinct()
    sheet.wrong(
        again, "person", _("An earlier row is a case of the same person, who can have one open case only.")
    )


def _with_codes(rows: pl.DataFrame, source: str, counted: bool) -> list[Row]:
    """The rows, those without a code given one that follows from what they tell and from how often it came before."""
    seen: Counter[str] = Counter()
    named = list(rows.iter_rows(named=True))
    for row in named:
        if row["code"] is None:
            begin = f"{source}:{row['reported_on']}:{_place(row) if counted else _mark(row)}"
            seen[begin] += 1
            row["code"] = f"{begin}:{seen[begin]}"
    return named


def _place(row: Row) -> str:
    return commune_code(str(row["place"])) if row["place"] else _digest(row["address"])


def _mark(row: Row) -> str:
    return _digest(*(row[name] for name in ("person", "full_name", "sex", "birth_year", "place", "address")))


def _digest(*parts: object) -> str:
    text = "|".join(fold(str(part or "")) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def _check_people(sheet: Sheet, task: Task, new: list[Row]) -> None:
    """Nobody is out of the viewer's reach, and nobody gets a second open case."""
    rows_of = {
        str(row["person"]): row["row"] for row in new if row["person"] and row["status"] != "discarded"
    }
    heading = sheet.heading("person")
    codes = [str(row["person"]) for row in new if row["person"]]
    for code in people_elsewhere(task.viewer, _PERMISSION, codes):
        message = _("This person is recorded outside your area. Ask the province to report the case.")
        sheet.problems.add(_number(rows_of.get(code)), heading, message, code)
    by_code = people_by_code(None, _PERMISSION, list(rows_of))
    open_cases = open_cases_of(list(by_code.values()))
    for code, pk in by_code.items():
        if pk in open_cases:
            message = _(
                "This person has an open case already (%(case)s). Work on that one, or give its code here."
            )
            shown = {"case": open_cases[pk] or _("without a code")}
            sheet.problems.add(_number(rows_of[code]), heading, message % shown, code)


def _number(row: object) -> int | None:
    return row if isinstance(row, int) else None


def _people(task: Task, new: list[Row]) -> tuple[list[int], int]:
    """The row id of the person of each case, and how many people were made. Who is known stays as they are."""
    codes = [str(row["person"]) for row in new if row["person"]]
    known = people_by_code(None, _PERMISSION, codes)
    homes = residences(list(known.values()))
    strangers = [row for row in new if row["person"] not in known]
    added = add_people([_new_person(row) for row in strangers], by=task.by, at=task.at) if strangers else None
    made = iter(added.ids if added else [])
    people = [known[str(row["person"])] if row["person"] in known else next(made) for row in new]
    for row, person in zip(new, people, strict=True):
        row["unit_id"] = row["unit_id"] or homes.get(person)
    return people, added.new if added else 0


def _new_person(row: Row) -> NewPerson:
    fields = ("full_name", "sex", "birth_year", "unit_id", "address")
    given = {name: row[name] for name in fields if row[name] is not None}
    return NewPerson(code=row["person"], **given)  # type: ignore[arg-type]


_TAKEN = (
    "code", "unit_id", "status", "onset_on", "sampled_on", "result_on", "reported_on", "outcome", "outcome_on",
    "place_infected", "note",
)  # fmt: skip


def _case(row: Row, person: int, task: Task) -> NewCase:
    isolated = row["isolated"]
    moment = (
        datetime.fromtimestamp(0, UTC) + timedelta(seconds=isolated) if isinstance(isolated, int) else None
    )
    return NewCase(person_id=person, isolated_at=moment, **{name: row[name] for name in _TAKEN})  # type: ignore[arg-type]
