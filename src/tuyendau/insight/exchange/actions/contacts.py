"""Reported contacts from a file: who met whom, as people told it. An end is a case or a person, by its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import link_ends
from tuyendau.insight.exchange.queries.register import reports_of
from tuyendau.records.contacts.actions import ReportedContact, add_reported_contacts


@dataclass(frozen=True, slots=True)
class Checked:
    """Who met whom by row ids [n], null where a row has something wrong, and which rows are left out."""

    rows: pl.Series
    cases: pl.Series
    people: pl.Series
    days: pl.Series
    notes: pl.Series
    left_out: pl.Series


def import_contacts(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the reported contacts of `sheet`. Raises `FileRefused`; then nothing is written.

    The end `from` has to be a case. With `skip_unknown`, rows with an end that is not known are left out and counted.
    """
    checked = check_contacts(sheet, task)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    return write_contacts(checked, task)


def check_contacts(sheet: Sheet, task: Task) -> Checked:
    """Check the reported contacts of `sheet`; what is wrong stands in its problems."""
    sources, targets = sheet.text("from"), sheet.text("to")
    ends = link_ends(task.viewer, pl.concat([sources, targets.alias("from")]).drop_nulls().unique().to_list())
    cases = {code: end.case_id for code, end in ends.items() if end.case_id is not None}
    people = {code: end.person_id for code, end in ends.items()}
    case_ids, case_people, person_ids = (
        _looked_up(s, t) for s, t in ((sources, cases), (sources, people), (targets, people))
    )
    no_case = sources.is_not_null() & case_ids.is_null()
    nobody = targets.is_not_null() & person_ids.is_null()
    left_out = no_case | nobody
    if not task.options.skip_unknown:
        sheet.wrong(
            no_case,
            "from",
            _("No case, and nobody with an open case, is known by this code. Import the case first."),
        )
        sheet.wrong(
            nobody,
            "to",
            _("No case and no person is known by this code. Check it, or import the person first."),
        )
        left_out = pl.Series([False] * len(sheet))
    sheet.wrong(case_people == person_ids, "to", _("Both ends are the same person."))
    notes = sheet.text("exposure").fill_null("")
    return Checked(sheet.rows, case_ids, person_ids, sheet.days("date"), notes, left_out)


def write_contacts(checked: Checked, task: Task) -> Outcome:
    """Record what was checked. Of a staged import, `made` tells which reports were new."""
    columns = (checked.rows, checked.cases, checked.people, checked.notes, checked.days, checked.left_out)
    kept = [row[:5] for row in zip(*columns, strict=True) if not row[5]]
    contacts = [
        ReportedContact(case_id=case, person_id=person, note=note, on=day)
        for _row, case, person, note, day in kept
    ]
    pairs = {(contact.case_id, contact.person_id) for contact in contacts}
    before = reports_of(pairs) if task.keeps else {}
    new = add_reported_contacts(contacts, by=task.by, at=task.at) if contacts else 0
    made: dict[int, list[dict[str, Any]]] = {}
    if task.keeps:
        after = reports_of(pairs)
        for row, case, person, _note, _day in kept:
            fresh = sorted(after.pop((case, person), set()) - before.get((case, person), set()))
            if fresh:
                made[row] = [{"contact_of": case, "person": person, "reports": fresh}]
    out = len(checked.rows) - len(contacts)
    return Outcome(len(contacts), {"new": new, "known": len(contacts) - new, "left_out": out}, made)


def _looked_up(codes: pl.Series, known: dict[str, int]) -> pl.Series:
    return codes.replace_strict(known, default=None, return_dtype=pl.Int64)
