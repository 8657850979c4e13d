"""Taking samples."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.refusals import SampleRefused, result_fault_in_words
from tuyendau.records.cases.models import Case, CaseStatus, Sample
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach
from tuyendau.science.epi.diseases import DiseaseError, disease

NUMBER_TRIES = 5


@as_program()
def take_sample(
    person: Person,
    *,
    disease_code: str,
    specimen: str,
    taken_at: datetime,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
    number: str = "",
    laboratory: Site | None = None,
) -> Sample:
    """Record a sample of a person in the viewer's reach; without a `number` it is given one.

    It belongs to the person's open case of the disease, if there is one. Raises `Denied`, Person.DoesNotExist out of
    reach, and `SampleRefused` where the number is taken, the disease has no such specimen, or the time cannot be.
    """
    viewer.require(Permission.SAMPLE_TAKE)
    if not in_reach(viewer, person, Permission.SAMPLE_TAKE):
        raise Person.DoesNotExist(person.public_id)
    number = number.strip()
    _check(disease_code, specimen, taken_at, at)
    case = (
        Case.objects.exclude(status=CaseStatus.DISCARDED).filter(person=person, disease=disease_code).first()
    )
    sample = Sample(
        person=person, case=case, disease=disease_code, number=number, specimen=specimen, taken_at=taken_at,
        taken_by_id=by.pk if by is not None else None, laboratory=laboratory, recorded_at=at,
    )  # fmt: skip
    _save(sample, clock.local_day(taken_at).strftime("%y%m%d"))
    data = {
        "person": person.public_id,
        "case": case.public_id if case else "",
        "disease": disease_code,
        "laboratory": laboratory.public_id if laboratory else "",
    }
    audit.record("sample.taken", by=by, at=at, subject=sample.public_id, data=data)
    return sample


def _check(disease_code: str, specimen: str, taken_at: datetime, at: datetime) -> None:
    try:
        disease(disease_code).specimen(specimen)
    except DiseaseError as error:
        text = _("This disease is not known here. Choose one of the list.")
        raise SampleRefused(text, {"disease": text}) from error
    except KeyError as error:
        text = _("This specimen is not taken for this disease. Choose one of the list.")
        raise SampleRefused(text, {"specimen": text}) from error
    fault = rules.results.fault_of_sample(taken_at, at)
    if fault is not None:
        text = result_fault_in_words(fault, taken_at)
        raise SampleRefused(text, {"taken_at": text})


def _save(sample: Sample, day: str) -> None:
    """Save under its own number, or under a free one: the day and six digits, to be read aloud and typed."""
    given = bool(sample.number)
    for _try in range(1 if given else NUMBER_TRIES):
        sample.number = sample.number if given else f"{day}{secrets.randbelow(10**6):06d}"
        try:
            with transaction.atomic():
                sample.save()
        except IntegrityError:
            continue
        return
    text = _("The number %(number)s stands on another sample of this laboratory. Check the barcode.")
    raise SampleRefused(text % {"number": sample.number}, {"number": text % {"number": sample.number}})
