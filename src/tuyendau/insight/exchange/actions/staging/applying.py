"""Applying a staged import: every good row in one transaction, through the records' own acts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import polars as pl
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.actions.base import Outcome
from tuyendau.insight.exchange.actions.staging.checking import rulings_of
from tuyendau.insight.exchange.actions.staging.reading import CHECKS, WRITES, opened, task_of
from tuyendau.insight.exchange.actions.staging.rows import keep_made
from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.reading import check_texts
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.forms.tables import ROW
from tuyendau.insight.exchange.models import StagedImport, StagedRow, State, Verdict
from tuyendau.insight.exchange.queries.staged import tell
from tuyendau.records.cases.actions import CaseRefused
from tuyendau.records.people.actions import PeopleRefused

LEFT = (Verdict.REFUSED, Verdict.OPEN)
"""Rows that cannot be taken in as they are."""


class StagedRefused(Exception):
    """A staged import cannot be applied or taken back; the text says why and what to do. Nothing was written."""


@as_program()
def begin(staged: StagedImport, *, leave_out: bool, viewer: Viewer) -> StagedImport:
    """Mark a checked import as being applied, so that nobody applies it twice. Raises `StagedRefused`."""
    viewer.require(SPECS[staged.kind].permission)
    staged = StagedImport.objects.select_for_update(of=("self",)).get(pk=staged.pk)
    if staged.state != State.READY:
        raise StagedRefused(_("This import is %(state)s.") % {"state": staged.get_state_display()})
    left = staged.rows.filter(verdict__in=LEFT).count()
    if left and not leave_out:
        raise StagedRefused(
            ngettext(
                "%(n)d row cannot be taken in yet. Mend or decide it, or say that it is left out.",
                "%(n)d rows cannot be taken in yet. Mend or decide them, or say that they are left out.", left,
            ) % {"n": left}
        )  # fmt: skip
    if left == staged.rows.count():
        raise StagedRefused(_("There is no row that could be taken in."))
    staged.state, staged.stage = State.APPLYING, ""
    staged.save(update_fields=["state", "stage"])
    return staged


def apply(staged: StagedImport, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Outcome:
    """Write all good rows of an import that `begin` marked, or nothing. Raises `StagedRefused`.

    Rows that are refused, undecided or skipped are left out. What each row made is kept for taking it back.
    """
    viewer.require(SPECS[staged.kind].permission)
    try:
        with as_program():
            return _written(staged, viewer, by, at)
    except (FileRefused, CaseRefused, PeopleRefused, IntegrityError) as error:
        why = (
            _("Somebody changed the same records at this moment. Check the import again.")
            if isinstance(error, IntegrityError)
            else str(error)
        )
        with as_program():
            StagedImport.objects.filter(pk=staged.pk).update(state=State.READY, stage=why)
        raise StagedRefused(why) from error


def _written(staged: StagedImport, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Outcome:
    staged = StagedImport.objects.select_for_update(of=("self",)).get(pk=staged.pk)
    if staged.state != State.APPLYING:
        raise StagedRefused(_("This import is %(state)s.") % {"state": staged.get_state_display()})
    tell(staged.public_id, 5)
    file = opened(staged)
    said = {row.number: row for row in staged.rows.all()}
    out = [n for n, row in said.items() if row.verdict in (*LEFT, Verdict.SKIPPED)]
    sheet = file.sheet(at)
    sheet.frame = sheet.frame.filter(~pl.col(ROW).is_in(out))
    if sheet.no_commune is not None:
        sheet.no_commune = sheet.no_commune.filter(~file.layout.body[ROW].is_in(out))
    sheet.problems = type(sheet.problems)()
    check_texts(sheet)
    rulings = rulings_of(said) | _beyond_doubt(said)
    updates = frozenset(n for n, row in said.items() if row.update)
    task = task_of(staged, viewer=viewer, by=by, at=at, rulings=rulings, updates=updates)
    checked = CHECKS[staged.kind](sheet, task)
    sheet.problems.raise_any()
    tell(staged.public_id, 30)
    outcome = WRITES[staged.kind](len(sheet), checked, task)
    tell(staged.public_id, 80)
    keep_made(staged, outcome.made)
    left = Counter(said[n].verdict for n in out)
    staged.state, staged.applied_at = State.APPLIED, at
    staged.counts = {**staged.counts, **{f"done_{word}": n for word, n in outcome.counts.items()}}
    event = audit.record(
        "import.applied", by=by, at=at, subject=staged.public_id,
        data={"kind": staged.kind, "name": staged.name, "rows": outcome.rows, "left_out": sum(left.values()),
              **outcome.counts},
    )  # fmt: skip
    staged.applied_event = event.pk
    staged.save(update_fields=["state", "applied_at", "counts", "applied_event"])
    return outcome


def _beyond_doubt(said: dict[int, StagedRow]) -> dict[int, Any]:
    """Whom rows mean of whom nobody had to decide."""
    return rulings_of(
        {
            number: StagedRow(number=number, decision="same", person=row.person)
            for number, row in said.items()
            if row.person is not None and not row.decision and row.candidates
        }
    )
