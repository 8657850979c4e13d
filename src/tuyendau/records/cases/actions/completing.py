"""Adding to a case what a later list says of it: its outcome, where the infection happened, a note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.actions.refusals import CaseRefused
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import decidable_cases

COMPLETED = ("outcome", "outcome_on", "place_infected", "note")


@as_program()
def complete(
    public_id: str, fields: Mapping[str, Any], *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Case:
    """Set some of `COMPLETED`. Raises `CaseRefused` for an outcome before the onset, Case.DoesNotExist."""
    if not fields.keys() <= set(COMPLETED):
        raise ValueError(f"not to be completed: {sorted(fields.keys() - set(COMPLETED))}")
    case = decidable_cases(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    before = {name: str(getattr(case, name) or "") for name in fields}
    for name, value in fields.items():
        setattr(case, name, value)
    if case.outcome_on and case.onset_on and case.outcome_on < case.onset_on:
        raise CaseRefused(_("The outcome is earlier than the onset. Check both dates."))
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    data = {"before": before, "version": case.version}
    audit.record("case.completed", by=by, at=at, subject=case.public_id, data=data)
    return case
