"""The rows of a line list with every value typed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Task
from tuyendau.insight.exchange.actions.telephones import phone_numbers
from tuyendau.insight.exchange.actions.units import commune_ids
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.words import OUTCOME, SEX, STATUS
from tuyendau.insight.exchange.queries import commune_code, communes
from tuyendau.lib import clock
from tuyendau.lib.text import fold

PERMISSION = Permission.IMPORT_CASES
_OLDEST = 125
_MOST = 5_000
_LONG_BEFORE = timedelta(days=366)
_OF_ONE_PERSON = ("code", "person", "full_name", "age", "birth_year", "birth_date", "phone", "id_number")
Row = dict[str, object]


def typed(sheet: Sheet, task: Task) -> pl.DataFrame:
    """The rows with every value typed, as far as it is right; what is not stands in the sheet's problems."""
    unit = commune_ids(sheet, communes(task.viewer, PERMISSION, task.valid_on), task.valid_on)
    reported = sheet.days("reported")
    status = sheet.words("status", STATUS)
    rows = pl.DataFrame(
        {
            "row": sheet.rows,
            "code": sheet.text("code"),
            "person": sheet.text("person"),
            "full_name": sheet.text("full_name"),
            "sex": sheet.words("sex", SEX),
            "birth_year": (years := _birth_year(sheet, reported)),
            "birth_date": _birth_date(sheet, years),
            "phone": phone_numbers(sheet),
            "unit_id": unit,
            "place": sheet.text("unit"),
            "status": status.fill_null("confirmed"),
            "status_given": status.is_not_null(),
            "onset_on": sheet.days("onset"),
            "sampled_on": sheet.days("sampled"),
            "result_on": sheet.days("result"),
            "reported_on": reported,
            "isolated": _isolated(sheet, task.at),
            "isolated_by_day": sheet.parsed_quietly("isolated").moment.is_null(),
            "outcome": sheet.words("outcome", OUTCOME).fill_null(""),
            "outcome_on": sheet.days("outcome_on"),
            "place_infected": sheet.text("place_infected").fill_null(""),
        }
    )
    _check_order(sheet, rows)
    return rows.with_columns(
        id_number=numbers.cards(sheet, rows),
        address=_address(sheet, unit),
        note=_joined(sheet, ("note", "hospital"), "\n"),
    )


def _birth_year(sheet: Sheet, reported: pl.Series) -> pl.Series:
    age = sheet.whole("age", 0, _OLDEST)
    return sheet.birth_year().fill_null(reported.dt.year().cast(pl.Int64) - age)


def _birth_date(sheet: Sheet, years: pl.Series) -> pl.Series:
    """The days of birth [n] where a day stands and is of the year that counts."""
    days = sheet.birth_date()
    return days.to_frame("day").select(pl.when(days.dt.year() == years).then(days)).to_series()


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
    before = rows["reported_on"].dt.offset_by(f"-{_LONG_BEFORE.days}d")
    for name, column in (("onset", "onset_on"), ("sampled", "sampled_on"), ("result", "result_on")):
        sheet.wrong(
            rows[column] < before, name, _("This is more than a year before the report. Check the year.")
        )


def _address(sheet: Sheet, unit: pl.Series) -> pl.Series:
    """The address as recorded; where the commune is not known by its code, its name as recorded goes with it."""
    address = sheet.text("address").fill_null("")
    whole = _joined(sheet, ("address", "commune", "district"), ", ")
    return address.zip_with(unit.is_not_null(), whole).str.slice(0, 200)


def _joined(sheet: Sheet, names: Iterable[str], mark: str) -> pl.Series:
    texts = [sheet.text(name).alias(name) for name in names]
    return pl.select(pl.concat_str(texts, separator=mark, ignore_nulls=True)).to_series()


def counted(sheet: Sheet, rows: pl.DataFrame) -> pl.DataFrame:
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


def with_codes(rows: pl.DataFrame, source: str, of_counts: bool) -> list[Row]:
    """The rows, those without a code given one that follows from what they tell and from how often it came before."""
    seen: Counter[str] = Counter()
    named = list(rows.iter_rows(named=True))
    for row in named:
        row["code_given"] = row["code"] is not None
        if row["code"] is None:
            begin = f"{source}:{row['reported_on']}:{_place(row) if of_counts else _mark(row)}"
            seen[begin] += 1
            row["code"] = f"{begin}:{seen[begin]}"
    return named


def _place(row: Row) -> str:
    return commune_code(str(row["place"])) if row["place"] else _digest(row["address"])


def _mark(row: Row) -> str:
    told = [row[name] for name in ("person", "full_name", "sex", "birth_year", "place", "address")]
    # What came later to the form is told only where it is there, so that older lists keep their codes.
    told += [row[name] for name in ("id_number", "phone") if row[name]]
    return _digest(*told)


def _digest(*parts: object) -> str:
    text = "|".join(fold(str(part or "")) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
