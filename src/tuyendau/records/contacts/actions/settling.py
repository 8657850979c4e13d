"""After evidence of a few people of a case's list changed by hand: their grades, the ranks, the record, the degrees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions.degrees import keep_degrees
from tuyendau.records.contacts.actions.listing import Listed, note_changes, regrade
from tuyendau.records.contacts.actions.tracing import Difference
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Grade, Judgement, Link
from tuyendau.records.contacts.queries import met_by_setting


class ContactRefused(Exception):
    """What was said of a contact cannot be taken; the text says why. Nothing was changed. `field` is to be mended."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def grades_of(case: Case, people: Collection[int]) -> dict[int, int]:
    """The grades that these people have in a case's list now, by person."""
    found = Contact.objects.filter(case=case, person__in=people)
    return dict(found.values_list("person_id", "grade"))


def settle(
    case: Case,
    before: dict[int, int],
    people: Collection[int],
    *,
    kind: str,
    by: AbstractBaseUser | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    ground: str = "",
) -> Difference:
    """Let what is on record of `people` in a case's list count, and write the event `kind` whose subject is the case.

    `before` are their grades from before the change. The caller holds the case's row locked.
    """
    there = dict(Contact.objects.filter(case=case, person__in=people).values_list("person_id", "pk"))
    gone = _unfounded(case, there)
    Exposure.objects.filter(contact__in=gone).delete()
    Contact.objects.filter(pk__in=gone).delete()
    regrade([pk for pk in there.values() if pk not in gone], [case.pk])
    listed = Listed(before, grades_of(case, people))
    note_changes(case, listed, cause=kind, by=by, at=at)
    difference = Difference.of(listed)
    keep_degrees(people, case.disease)
    told = (data or {}) | difference.counts() | {"settings": met_by_setting(case)}
    audit.record(kind, by=by, at=at, subject=case.public_id, data=told, ground=ground[:500])
    return difference


def ensure_listed(case: Case, person_id: int, at: datetime) -> Contact:
    """The person's row in a case's list, made where there is none; what it holds is for `settle` to say."""
    contact, _made = Contact.objects.get_or_create(
        case=case,
        person_id=person_id,
        defaults={"grade": Grade.CLOSE, "rank": 0, "probability": 0.0, "seconds": 0, "listed_at": at},
    )
    return contact


def show_link(link: Link, contact: Contact) -> None:
    """Let a link stand among the evidence of a contact."""
    note = " · ".join(filter(None, (link.place, link.reason)))
    Exposure.objects.create(
        contact=contact, site=link.site, evidence=Evidence.REPORTED, link=link, seconds=0, first=link.first,
        last=link.last, note=note[:200],
    )  # fmt: skip


def _unfounded(case: Case, there: dict[int, int]) -> set[int]:
    """Of listed people (row ids of contacts by person) those rows for which nothing and nobody speaks any more."""
    told = set(
        Exposure.objects.filter(contact__in=there.values(), evidence=Evidence.REPORTED).values_list(
            "contact", flat=True
        )
    )
    judged = Judgement.objects.filter(case=case, person__in=there, withdrawn_at=None)
    near = set(judged.filter(grade__lt=Grade.EXCLUDED).values_list("person_id", flat=True))
    traced = set(
        Contact.objects.filter(pk__in=there.values()).exclude(traced_grade=None).values_list("pk", flat=True)
    )
    return {pk for person, pk in there.items() if pk not in told | traced and person not in near}
