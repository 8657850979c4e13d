"""Recording results, correcting them, and what follows for the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.cases import lock_person
from tuyendau.records.cases.actions.consequences import follow
from tuyendau.records.cases.actions.refusals import SampleRefused, result_fault_in_words
from tuyendau.records.cases.models import Result, Sample, TestResult
from tuyendau.records.cases.queries.samples import recordable_samples
from tuyendau.science.epi.diseases import TestKind, disease


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result as it comes, of the sample with that `number`, or, where several carry it, that of `laboratory`.

    `test` is a code of the disease's tests, `laboratory` a public id.
    """

    number: str
    test: str
    result: str
    resulted_at: datetime
    ct: Decimal | None = None
    laboratory: str = ""
    sample: str = ""
    """The public id of the sample, in place of its number."""


class RowState(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of row `number` (from 0); `text` says why it was refused, `result` is what stands now."""

    number: int
    state: RowState
    text: str = ""
    result: TestResult | None = None


@as_program()
def record_results(
    rows: Sequence[ResultRow], *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> list[RowOutcome]:
    """Record results row by row; a row that cannot be is refused alone, and one that stands already is `SAME`.

    So the same file given twice changes nothing. Raises `Denied`.
    """
    reach = recordable_samples(viewer)
    outcomes = []
    for number, row in enumerate(rows):
        try:
            with transaction.atomic():
                sample = _sample_of(reach, row)
                standing = _standing(sample, row)
                if standing is not None:
                    outcomes.append(RowOutcome(number, RowState.SAME, result=standing))
                    continue
                result = _recorded(sample, row, by=by, at=at)
        except SampleRefused as refused:
            outcomes.append(RowOutcome(number, RowState.REFUSED, str(refused)))
        else:
            outcomes.append(RowOutcome(number, RowState.RECORDED, result=result))
    return outcomes


@as_program()
def record_result(row: ResultRow, *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime) -> TestResult:
    """Record one result. Raises `Denied`, and `SampleRefused` also where the same stands already."""
    with transaction.atomic():
        sample = _sample_of(recordable_samples(viewer), row)
        if _standing(sample, row) is not None:
            raise SampleRefused(_("This result is recorded already."))
        return _recorded(sample, row, by=by, at=at)


@as_program()
def correct_result(
    public_id: str,
    *,
    result: str,
    ct: Decimal | None,
    resulted_at: datetime,
    reason: str,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> TestResult:
    """Put another result in the place of a wrong one, which stays on record with the reason.

    A case that the wrong one confirmed stays as it is: whoever decides on cases discards it. Raises `SampleRefused`,
    TestResult.DoesNotExist out of reach or where it was corrected already.
    """
    if not reason.strip():
        text = _("Say why the result is corrected.")
        raise SampleRefused(text, {"reason": text})
    with transaction.atomic():
        wrong = TestResult.objects.select_related("sample").get(public_id=public_id, corrected_by=None)
        lock_person(wrong.sample.person_id)
        sample = recordable_samples(viewer).select_for_update(of=("self",)).filter(pk=wrong.sample_id).first()
        if sample is None:
            raise TestResult.DoesNotExist(public_id)
        row = ResultRow(
            sample.number, wrong.test, result, resulted_at, ct,
            wrong.laboratory.public_id if wrong.laboratory else "", sample.public_id,
        )  # fmt: skip
        _check(sample, row, at)
        made = _add(sample, row, by=by, at=at, reason=reason.strip()[:500])
        taken = TestResult.objects.filter(pk=wrong.pk, corrected_by=None).update(corrected_by=made)
        if not taken:
            raise TestResult.DoesNotExist(public_id)
        _settle(sample, made, by=by, at=at, kind="result.corrected", more={"was": wrong.result})
        return made


def _sample_of(reach: QuerySet[Sample], row: ResultRow) -> Sample:
    """The sample of a row, its person's row and its own locked. Raises `SampleRefused`."""
    found = reach
    if row.sample:
        found = found.filter(public_id=row.sample)
    else:
        found = found.filter(number=row.number.strip())
        if row.laboratory:
            found = found.filter(laboratory__public_id=row.laboratory)
    samples = list(found[:2])
    if not samples:
        raise SampleRefused(
            _("No sample with the number %(number)s was sent here. Check the barcode.")
            % {"number": row.number}
        )
    if len(samples) > 1:
        raise SampleRefused(
            _("Two laboratories have a sample %(number)s. Name the laboratory.") % {"number": row.number}
        )
    lock_person(samples[0].person_id)
    return Sample.objects.select_for_update(of=("self",)).get(pk=samples[0].pk)


def _standing(sample: Sample, row: ResultRow) -> TestResult | None:
    """The very same result, if it is on record."""
    same = sample.results.filter(
        test=row.test, result=row.result, ct=row.ct, resulted_at=row.resulted_at, corrected_by=None
    )
    return same.first()


def _recorded(sample: Sample, row: ResultRow, *, by: AbstractBaseUser | None, at: datetime) -> TestResult:
    _check(sample, row, at)
    definite = sample.results.filter(
        test=row.test, corrected_by=None, result__in=[Result.POSITIVE, Result.NEGATIVE]
    ).first()
    if definite is not None:
        raise SampleRefused(
            _(
                "Sample %(number)s has the result %(result)s already. If it is wrong, correct it there with the reason."
            )
            % {"number": sample.number, "result": definite.get_result_display()}
        )
    made = _add(sample, row, by=by, at=at)
    _settle(sample, made, by=by, at=at, kind="result.recorded", more={})
    return made


def _check(sample: Sample, row: ResultRow, at: datetime) -> None:
    """Raise `SampleRefused` where the test is none of the disease's, or the result cannot be true."""
    test = _test(sample, row.test)
    if row.result not in Result.values:
        text = _("The result is positive, negative, indeterminate or invalid.")
        raise SampleRefused(text, {"result": text})
    fault = rules.results.fault_of_result(
        sample.taken_at,
        row.resulted_at,
        at,
        positive=row.result == Result.POSITIVE,
        ct=None if row.ct is None else float(row.ct),
        bounds=test.ct,
    )
    if fault is not None:
        text = result_fault_in_words(fault, sample.taken_at, test)
        raise SampleRefused(text, {"ct" if "ct" in fault else "resulted_at": text})


def _test(sample: Sample, code: str) -> TestKind:
    try:
        return disease(sample.disease).test(code)
    except KeyError as error:
        text = _("This test is not made for this disease. Choose one of the list.")
        raise SampleRefused(text, {"test": text}) from error


def _add(
    sample: Sample, row: ResultRow, *, by: AbstractBaseUser | None, at: datetime, reason: str = ""
) -> TestResult:
    return TestResult.objects.create(
        sample=sample, test=row.test, result=row.result, ct=row.ct, resulted_at=row.resulted_at,
        laboratory_id=sample.laboratory_id, recorded_at=at, recorded_by_id=by.pk if by is not None else None,
        reason=reason,
    )  # fmt: skip


def _settle(
    sample: Sample,
    made: TestResult,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    kind: str,
    more: dict[str, str],
) -> None:
    """The sample is no longer awaited; a positive acts on the case; the event tells of all of it."""
    sample.resulted_at = made.resulted_at
    if made.result == Result.POSITIVE:
        made.effect = follow(sample, made, by=by, at=at)
        made.save(update_fields=["effect"])
    sample.save(update_fields=["resulted_at", "case"])
    data = more | {
        "person": sample.person.public_id,
        "case": sample.case.public_id if sample.case else "",
        "disease": sample.disease,
        "test": made.test,
        "result": made.result,
        "effect": made.effect,
        "hours": _hours(sample, made),
    }
    audit.record(kind, by=by, at=at, subject=sample.public_id, data=data)


def _hours(sample: Sample, made: TestResult) -> str:
    """Turnaround time from taking to result, in hours."""
    return f"{(made.resulted_at - sample.taken_at).total_seconds() / 3600:.1f}"
