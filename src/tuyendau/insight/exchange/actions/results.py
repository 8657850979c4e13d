"""Results of tests from a file: each of a sample that is on record, by its number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.actions.base import Outcome, Task
from tuyendau.insight.exchange.forms.problems import refused
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.words import RESULT, TEST
from tuyendau.insight.exchange.queries.samples import KnownSample, samples_by_number
from tuyendau.lib import clock
from tuyendau.records.cases.actions import ResultRow, RowState, record_results, refusals
from tuyendau.records.cases.rules import results as rules
from tuyendau.science.epi.diseases import disease


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be recorded by row number, and the rows that are on record already."""

    rows: dict[int, ResultRow]
    known: frozenset[int]


def check_results(sheet: Sheet, task: Task) -> Checked:
    """Check the results of `sheet`; what is wrong stands in its problems."""
    assert task.viewer is not None  # noqa: S101 results are staged only
    numbers = sheet.text("number")
    both = pl.DataFrame([numbers.alias("number"), sheet.text("test").alias("test")]).to_struct("both")
    again = numbers.is_not_null() & ~both.is_first_distinct()
    sheet.wrong(again, "number", _("An earlier row has the same sample and test. Leave one of them out."))
    known = samples_by_number(task.viewer, numbers.drop_nulls().unique().to_list())
    parsed = sheet.parsed("resulted")
    columns = zip(
        sheet.rows, numbers, sheet.words("test", TEST).fill_null("rt_pcr"), sheet.words("result", RESULT),
        parsed.day, parsed.moment, sheet.text("ct"), strict=True,
    )  # fmt: skip
    rows: dict[int, ResultRow] = {}
    same: set[int] = set()
    for number, sample_number, test, result, day, moment, ct in columns:
        if not sample_number or result is None or day is None:
            continue
        found = known.get(sample_number, [])
        if len(found) != 1:
            message = (
                _("No sample with this number is on record here.")
                if not found
                else _("Two laboratories have a sample with this number. Record it on its page.")
            )
            sheet.problems.add(number, sheet.heading("number"), message, sample_number)
            continue
        at = datetime.fromtimestamp(moment, clock.ZONE) if moment is not None else clock.midnight(day)
        # A day alone is the day on which the sample was taken at the earliest at that moment.
        at = (
            max(at, found[0].taken_at) if moment is None and day == clock.local_day(found[0].taken_at) else at
        )
        row = _row(sheet, number, found[0], test, result, at, ct)
        if row is None or _faulty(sheet, number, found[0], row, task.at):
            continue
        if found[0].has(row):
            same.add(number)
        rows[number] = row
    return Checked(rows, frozenset(same))


def _row(
    sheet: Sheet, number: int, sample: KnownSample, test: str, result: str, at: datetime, ct: str | None
) -> ResultRow | None:
    try:
        value = Decimal(ct.replace(",", ".")) if ct else None
    except InvalidOperation:
        sheet.problems.add(
            number, sheet.heading("ct"), _("This is no Ct value. Write a number such as 24.5."), ct
        )
        return None
    return ResultRow(sample.number, test, result, at, value, sample=sample.public_id)


def _faulty(sheet: Sheet, number: int, sample: KnownSample, row: ResultRow, at: datetime) -> bool:
    """Whether a result cannot be true, or another one stands there; told as a problem."""
    try:
        test = disease(sample.disease).test(row.test)
    except KeyError:
        message = _("This test is not made for this disease. Choose one of the list.")
        sheet.problems.add(number, sheet.heading("test"), message, row.test)
        return True
    fault = rules.fault_of_result(
        sample.taken_at, row.resulted_at, at, positive=row.result == "positive",
        ct=None if row.ct is None else float(row.ct), bounds=test.ct,
    )  # fmt: skip
    if fault is not None:
        name = "ct" if "ct" in fault else "resulted"
        text = refusals.result_fault_in_words(fault, sample.taken_at, test)
        sheet.problems.add(number, sheet.heading(name), text, row.ct or row.resulted_at)
        return True
    if other := sample.definite(row):
        message = _(
            "The sample has another result of this test already. If that is wrong, correct it on its page."
        )
        sheet.problems.add(number, sheet.heading("result"), message, other)
        return True
    return False


def write_results(checked: Checked, task: Task) -> Outcome:
    """Record what was checked, each as on the sample's page. Raises `FileRefused` where one cannot be any more."""
    assert task.viewer is not None  # noqa: S101 results are staged only
    given = list(checked.rows.items())
    outcomes = record_results([row for _number, row in given], viewer=task.viewer, by=task.by, at=task.at)
    made: dict[int, list[dict[str, Any]]] = {}
    for (number, _row), outcome in zip(given, outcomes, strict=True):
        if outcome.state is RowState.REFUSED:
            raise refused(_("Row %(row)s: %(message)s") % {"row": number, "message": outcome.text})
        if outcome.state is RowState.RECORDED and outcome.result is not None:
            made[number] = [{"result": outcome.result.pk}]
    return Outcome(len(given), {"new": len(made), "known": len(given) - len(made)}, made)
