"""Reported contacts from a file: who met whom, as people told it. An end is a case or a person, by its code."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import link_ends
from tuyendau.records.contacts.actions import ReportedContact, add_reported_contacts


def import_contacts(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the reported contacts of `sheet`. Raises `FileRefused`; then nothing is written.

    The end `from` has to be a case. With `skip_unknown`, rows with an end that is not known are left out and counted.
    """
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
    days = sheet.days("date")
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    notes = sheet.text("exposure").fill_null("")
    contacts = [
        ReportedContact(case_id=case, person_id=person, note=note, on=day)
        for case, person, note, day, out in zip(case_ids, person_ids, notes, days, left_out, strict=True)
        if not out
    ]
    new = add_reported_contacts(contacts, by=task.by, at=task.at) if contacts else 0
    return Outcome(
        len(contacts), {"new": new, "known": len(contacts) - new, "left_out": len(sheet) - len(contacts)}
    )


def _looked_up(codes: pl.Series, known: dict[str, int]) -> pl.Series:
    return codes.replace_strict(known, default=None, return_dtype=pl.Int64)
