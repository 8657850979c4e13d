"""Writes of cases: reporting, classifying, correcting dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import Event, last_event
from tuyendau.lib import clock, publicid
from tuyendau.records.cases import rules
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.records.people.actions import moving
from tuyendau.records.people.models import Person


class CaseRefused(Exception):
    """What was asked of a case cannot be done; the text says why and what to do. Nothing was written."""


class AlreadyDecided(CaseRefused):
    """Somebody else has classified the case meanwhile."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as a file brings it; ids are row ids, `code` its number in the register, if it has one."""

    person_id: int
    reported_on: date
    code: str | None = None
    unit_id: int | None = None
    status: str = rules.Status.SUSPECTED
    onset_on: date | None = None
    sampled_on: date | None = None
    result_on: date | None = None
    isolated_at: datetime | None = None
    outcome: str = ""
    outcome_on: date | None = None
    place_infected: str = ""
    note: str = ""


@as_program()
def report_case(
    person: Person,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    onset_on: date | None = None,
    sampled_on: date | None = None,
    result_on: date | None = None,
    note: str = "",
) -> Case:
    """Open a suspected case of `person`. Raises `CaseRefused` where they have one already, or dates cannot be true."""
    viewer.require(Permission.CASE_CREATE)
    today = clock.local_day(at)
    _refuse_fault(rules.Dates(onset_on, sampled_on, result_on, today), today)
    case = Case(
        person=person,
        unit_id=person.unit_id,
        onset_on=onset_on,
        sampled_on=sampled_on,
        result_on=result_on,
        reported_on=today,
        note=note,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        raise CaseRefused(_("%(person)s has a case already. Open that one.") % {"person": person}) from error
    audit.record("case.reported", by=by, at=at, subject=case.public_id)
    return case


@as_program()
def classify(
    public_id: str,
    status: rules.Status,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    ground: str = "",
    isolated_at: datetime | None = None,
) -> Case:
    """Classify a case. Whoever subscribed to "case.<status>" acts in this same transaction: confirming traces.

    Raises `AlreadyDecided` where the case has that status already, `CaseRefused` where it may not follow the one it
    has, Case.DoesNotExist where the viewer may not decide on it. The row is locked: of two people who confirm at
    once, the second is told who was first.
    """
    case = decidable_cases(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    before = rules.Status(case.status)
    if before is status:
        raise AlreadyDecided(_already(case))
    if isolated_at is not None and isolated_at > at:
        raise CaseRefused(_("Isolated: the time lies in the future."))
    if not rules.may_become(before, status):
        raise CaseRefused(
            _("A case that is %(before)s cannot become %(after)s.")
            % {
                "before": case.get_status_display(),
                "after": dict(Case._meta.get_field("status").flatchoices)[status],
            }
        )
    case.status = status
    if status is rules.Status.CONFIRMED:
        case.result_on = case.result_on or clock.local_day(at)
        case.isolated_at = isolated_at or case.isolated_at
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        raise CaseRefused(
            _("%(person)s has another open case. Work on that one.") % {"person": case.person}
        ) from error
    audit.record(
        f"case.{status}", by=by, at=at, subject=case.public_id, data={"from": before, "ground": ground[:500]}
    )
    return case


@as_program()
def correct_dates(
    public_id: str,
    *,
    onset_on: date | None,
    sampled_on: date | None,
    result_on: date | None,
    isolated_at: datetime | None,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Case:
    """Set the dates of a case, which moves its infectious window. Raises `CaseRefused`, Case.DoesNotExist."""
    case = decidable_cases(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    today = clock.local_day(at)
    _refuse_fault(rules.Dates(onset_on, sampled_on, result_on, case.reported_on, case.outcome_on), today)
    if isolated_at is not None and isolated_at > at:
        raise CaseRefused(_("Isolated: the time lies in the future."))
    before = {
        name: str(getattr(case, name) or "")
        for name in ("onset_on", "sampled_on", "result_on", "isolated_at")
    }
    case.onset_on, case.sampled_on, case.result_on, case.isolated_at = (
        onset_on,
        sampled_on,
        result_on,
        isolated_at,
    )
    case.save()
    audit.record("case.dates_corrected", by=by, at=at, subject=case.public_id, data={"before": before})
    return case


@as_program()
def add_cases(rows: Sequence[NewCase], *, by: AbstractBaseUser | None, at: datetime) -> list[int]:
    """Record cases from a file, whole or not at all; the row ids of those that were new, in order.

    A code that is in the register already is left as it is. Confirmed cases are traced by the worker soon after.
    Raises `CaseRefused` where a person has another open case.
    """
    known = set(Case.objects.filter(code__in=[r.code for r in rows if r.code]).values_list("code", flat=True))
    new = [
        Case(
            public_id=publicid.new("case"),
            **{name: getattr(row, name) for name in NewCase.__slots__},
        )
        for row in rows
        if row.code is None or row.code not in known
    ]
    try:
        with transaction.atomic():
            Case.objects.bulk_create(new, batch_size=2_000)
    except IntegrityError as error:
        raise CaseRefused(
            _("A person in this list has an open case already, or stands in it twice. Nothing was imported.")
        ) from error
    audit.record("cases.imported", by=by, at=at, subject="cases", data={"rows": len(rows), "new": len(new)})
    return [case.pk for case in new]


def _already(case: Case) -> str:
    event = last_event(case.public_id, f"case.{case.status}")
    if event is None:
        return _("This case is %(status)s already.") % {"status": case.get_status_display()}
    return _("This case is %(status)s already: %(who)s decided so at %(when)s.") % {
        "status": case.get_status_display(),
        "who": event.by.get_full_name() if event.by else "Tuyến Đầu",
        "when": date_format(localtime(event.at), "DATETIME_FORMAT"),
    }


def _refuse_fault(dates: rules.Dates, today: date) -> None:
    fault = rules.fault_of(dates, today)
    if fault is None:
        return
    shown = date_format(today, "DATE_FORMAT")
    messages = {
        rules.DateFault.ONSET_FUTURE: _("Onset lies after today, %(today)s."),
        rules.DateFault.SAMPLED_FUTURE: _("The sample lies after today, %(today)s."),
        rules.DateFault.RESULT_FUTURE: _("The result lies after today, %(today)s."),
        rules.DateFault.REPORTED_FUTURE: _("The report lies after today, %(today)s."),
        rules.DateFault.RESULT_BEFORE_SAMPLE: _("The result is earlier than its sample. Check both dates."),
        rules.DateFault.OUTCOME_BEFORE_ONSET: _("The outcome is earlier than the onset. Check both dates."),
    }
    raise CaseRefused(messages[fault] % {"today": shown})


def on_merged(event: Event) -> None:
    """The cases of a person who was merged are the survivor's. Raises `MergeRefused` where both have an open one."""
    merge = moving.merge_of(event)
    both = Case.objects.exclude(status=CaseStatus.DISCARDED).filter(
        person__in=[merge.survivor_id, merge.merged_id]
    )
    opened = list(both.order_by("reported_on", "pk"))
    if len(opened) > 1:
        names = " · ".join(_told(case) for case in opened)
        raise moving.MergeRefused(
            _(
                "Both have an open case: %(cases)s. If it is one illness, discard the case that was reported twice and "
                "merge then; if it is two, keep the one that goes on and discard the other with its reason."
            )
            % {"cases": names}
        )
    moving.move(merge, "case", table="cases_case")


def on_unmerged(event: Event) -> None:
    """Each has again the cases that were theirs."""
    moving.bring_back(moving.merge_of(event), "case", table="cases_case")


def _told(case: Case) -> str:
    shown = date_format(case.reported_on, "SHORT_DATE_FORMAT")
    return f"{case.code or case.public_id} ({case.get_status_display()}, {shown})"
