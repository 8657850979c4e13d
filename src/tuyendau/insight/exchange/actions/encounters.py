"""Encounters from a file: who was near whom, from when, for how long, as devices measured."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.actions.visits import looked_up
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import people_by_code
from tuyendau.records.visits.actions import Near, add_encounters
from tuyendau.records.visits.queries import kept_from

_PERMISSION = Permission.IMPORT_VISITS


def import_encounters(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the encounters of `sheet`. Raises `FileRefused`; then nothing is written."""
    names = {name: sheet.text(name) for name in ("a", "b")}
    codes = pl.concat([names["a"], names["b"].alias("a")]).drop_nulls().unique().to_list()
    known = people_by_code(task.viewer, _PERMISSION, codes)
    ids = {name: looked_up(column, known) for name, column in names.items()}
    for name, column in names.items():
        message = _("Nobody whom you may name is known by this code. Check it, or import the person first.")
        sheet.wrong(column.is_not_null() & ids[name].is_null(), name, message)
    sheet.wrong(ids["a"] == ids["b"], "b", _("Both are the same person."))
    start = sheet.moments("start")
    sheet.wrong(start < int(kept_from().timestamp()), "start", _("What is so long ago is no longer kept."))
    seconds = sheet.whole("seconds", 1, 86_400)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    rows = [
        Near(*row)
        for row in zip(ids["a"], ids["b"], start.cast(pl.Int64), seconds.cast(pl.Int64), strict=True)
    ]
    new = add_encounters(rows, by=task.by, at=task.at)
    return Outcome(len(sheet), {"new": new, "known": len(sheet) - new})
