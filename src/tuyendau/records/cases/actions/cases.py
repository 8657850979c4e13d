"""Writes of cases: reporting, classifying, correcting dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import last_event
from tuyendau.lib import clock, publicid
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.refusals import (
    AlreadyDecided,
    CaseRefused,
    answer_fault_in_words,
    refuse_dates,
)
from tuyendau.records.cases.models import Case, Sample
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.records.cases.rules.details import Details, faults_of, stored
from tuyendau.records.people.models import Person
from tuyendau.science.epi.diseases import DiseaseError, disease


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
    disease: str = "covid19"


@as_program()
@transaction.atomic
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
    disease: str = "covid19",
    details: Details | None = None,
) -> Case:
    """Open a suspected case of `person` for a disease, with the answers to its form.

    Raises `CaseRefused` where they have one already, or dates or answers cannot be true.
    """
    viewer.require(Permission.CASE_CREATE)
    today = clock.local_day(at)
    refuse_dates(rules.Dates(onset_on, sampled_on, result_on, today), today)
    lock_person(person.pk)
    case = Case(
        person=person,
        disease=disease,
        details=checked_details(disease, details or Details(), today),
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
    gather_samples(case)
    audit.record("case.reported", by=by, at=at, subject=case.public_id, data={"disease": disease})
    return case


def lock_person(pk: int) -> None:
    """Hold a person's row before their samples and cases are locked: whoever decides by results waits in this order."""
    Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()


def gather_samples(case: Case) -> None:
    """Give a new case the samples of its person that were taken for its disease lately and belong to none."""
    since = clock.midnight(case.reported_on - rules.results.ASKED_AGAIN)
    loose = Sample.objects.filter(person=case.person_id, disease=case.disease, case=None, taken_at__gte=since)
    loose.update(case=case)


def checked_details(disease_code: str, details: Details, today: date) -> dict[str, Any]:
    """The answers as a case stores them. Raises `CaseRefused` naming each that cannot be true."""
    try:
        of = disease(disease_code)
    except DiseaseError as error:
        raise CaseRefused(_("This disease is not known here. Choose one of the list.")) from error
    faults = faults_of(of, details, today)
    if faults:
        fields = {name: answer_fault_in_words(fault) for name, fault in faults.items()}
        raise CaseRefused(" ".join(dict.fromkeys(fields.values())), fields)
    return stored(details)


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
    return decided(case, status, by=by, at=at, ground=ground, isolated_at=isolated_at)


def decided(
    case: Case,
    status: rules.Status,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    ground: str = "",
    isolated_at: datetime | None = None,
) -> Case:
    """Classify a case whose row the caller holds locked: a person's decision, or what follows from a result.

    Raises as `classify` does.
    """
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
    case.version += 1
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
    data = {"from": before, "ground": ground[:500], "version": case.version}
    audit.record(f"case.{status}", by=by, at=at, subject=case.public_id, data=data)
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
    dates = rules.Dates(onset_on, sampled_on, result_on, case.reported_on, case.outcome_on)
    refuse_dates(dates, today, isolated_at, at)
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
    case.version += 1
    case.save()
    data = {"before": before, "version": case.version}
    audit.record("case.dates_corrected", by=by, at=at, subject=case.public_id, data=data)
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
