"""What the treatment of a patient says of their case. Who may record it is decided by whoever treats."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case


@as_program()
def treated_since(case_id: int, since: datetime, *, by: AbstractBaseUser | None, at: datetime) -> bool:
    """Set from when on a case (a row id) met nobody, where nothing is known of it; whether that was so.

    Its infectious window ends then: whoever subscribed to "case.dates_corrected" traces it anew.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.isolated_at is not None:
        return False
    case.isolated_at = since
    case.version += 1
    case.save(update_fields=["isolated_at", "version"])
    data = {"before": {"isolated_at": ""}, "version": case.version}
    audit.record("case.dates_corrected", by=by, at=at, subject=case.public_id, data=data)
    return True


@as_program()
def end_of_treatment(
    case_id: int, outcome: str, on: date, *, by: AbstractBaseUser | None, at: datetime
) -> bool:
    """Set the outcome of a case (a row id) where none is known, or a death whatever was known; whether it changed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.outcome == outcome or (case.outcome and outcome != "died"):
        return False
    _set_outcome(case, outcome, on, by=by, at=at)
    return True


@as_program()
def end_taken_back(case_id: int, outcome: str, *, by: AbstractBaseUser | None, at: datetime) -> bool:
    """Take an outcome back that `end_of_treatment` set, where it still stands; whether it did."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.outcome != outcome:
        return False
    _set_outcome(case, "", None, by=by, at=at)
    return True


def _set_outcome(
    case: Case, outcome: str, on: date | None, *, by: AbstractBaseUser | None, at: datetime
) -> None:
    before = {"outcome": case.outcome, "outcome_on": str(case.outcome_on or "")}
    case.outcome, case.outcome_on = outcome, on
    case.version += 1
    case.save(update_fields=["outcome", "outcome_on", "version"])
    data = {"before": before, "version": case.version}
    audit.record("case.completed", by=by, at=at, subject=case.public_id, data=data)
