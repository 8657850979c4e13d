"""A case with its person in one act: whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.cases import classify, correct_dates, report_case
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules.details import Details
from tuyendau.records.people.actions import PersonData, add_person, assign_one
from tuyendau.records.people.models import Assignment
from tuyendau.records.people.queries import person_by_public_id


@dataclass(frozen=True, slots=True)
class EnteredCase:
    """A case as it is typed. `person` is the public id of somebody on record, else `data` says who is new.

    `site` is the code of a site to which they belong from the day of the report on, where that is not on record.
    """

    data: PersonData
    person: str = ""
    why_new: str = ""
    site: str = ""
    disease: str = "covid19"
    status: rules.Status = rules.Status.SUSPECTED
    onset_on: date | None = None
    sampled_on: date | None = None
    result_on: date | None = None
    isolated_at: datetime | None = None
    symptoms: tuple[str, ...] = ()
    note: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


@as_program()
def enter_case(new: EnteredCase, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Case:
    """Record a case of somebody on record or new, where they belong, and its first classification.

    Raises `CaseRefused`, `PersonRefused`, Person.DoesNotExist where whoever is named is out of reach, `Denied` also for
    who may not classify as asked. Nothing of it was written then.
    """
    viewer.require(Permission.CASE_CREATE)
    if new.person:
        person = person_by_public_id(viewer, new.person, Permission.CASE_CREATE)
    else:
        person = add_person(new.data, viewer=viewer, by=by, at=at, ground=new.why_new)
    if new.site and not _belongs(person.pk, new.site):
        assign_one(person.public_id, new.site, clock.local_day(at), viewer=viewer, by=by, at=at)
    case = report_case(
        person, viewer=viewer, by=by, at=at, onset_on=new.onset_on, sampled_on=new.sampled_on,
        result_on=new.result_on, note=new.note, disease=new.disease,
        details=Details(dict.fromkeys(new.symptoms), new.answers),
    )  # fmt: skip
    if new.status is rules.Status.SUSPECTED:
        return _isolated(case, new, viewer, by, at) if new.isolated_at else case
    viewer.require(Permission.CASE_DECIDE)
    if new.isolated_at and new.status is not rules.Status.CONFIRMED:
        _isolated(case, new, viewer, by, at)
    return classify(case.public_id, new.status, viewer=viewer, by=by, at=at, isolated_at=new.isolated_at)


def _isolated(case: Case, new: EnteredCase, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Case:
    return correct_dates(
        case.public_id, onset_on=new.onset_on, sampled_on=new.sampled_on, result_on=new.result_on,
        isolated_at=new.isolated_at, viewer=viewer, by=by, at=at,
    )  # fmt: skip


def _belongs(person: int, site_code: str) -> bool:
    """Whether it is on record that they belong at the site."""
    return Assignment.objects.filter(person=person, site__code=site_code, valid_to__isnull=True).exists()
