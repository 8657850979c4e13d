"""What changed in a case's list since somebody last said that they had seen it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries.words import kind_in_words
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Change, Contact, Grade, Look
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import within

MOST = 2_000
"""Changes that are summed up; who has not looked for longer sees the latest."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One person's change, all in all: the grade before and after (None: not listed), and what led to it last."""

    person: Person
    before: int | None
    after: int | None
    cause: str
    by: str
    at: datetime


@dataclass(slots=True)
class Since:
    """Everything that changed since `at`; None where they never looked."""

    at: datetime | None
    new: list[Changed] = field(default_factory=list)
    gone: list[Changed] = field(default_factory=list)
    other: list[Changed] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, list[Changed]]]:
        """The three kinds that have anybody, by name."""
        kinds = (("new", self.new), ("gone", self.gone), ("other", self.other))
        return [(name, people) for name, people in kinds if people]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.other)


def changes_in_reach(viewer: Viewer) -> QuerySet[Change]:
    """The changes of people in the viewer's reach. Raises `Denied`."""
    viewer.require(Permission.CONTACT_VIEW)
    return Change.objects.filter(within(viewer, Permission.CONTACT_VIEW, person="person__"))


def changes_since(viewer: Viewer, case: Case, user: AbstractBaseUser) -> Since:
    """What changed in a case's list for whom the viewer may see, since the user last said that they had seen it.

    Of several changes of one person the first and the last make one; who is again as before is left out.
    """
    with as_program():
        at = Look.objects.filter(user_id=user.pk, case=case).values_list("at", flat=True).first()
        changes = changes_in_reach(viewer).filter(case=case)
        if at is not None:
            changes = changes.filter(at__gt=at)
        numbers = list(changes.order_by("-at", "-id").values_list("pk", flat=True)[:MOST])
    if not numbers:
        return Since(at)
    rows = Change.objects.filter(pk__any_of=numbers).select_related("person__unit", "by").order_by("at", "id")
    found: dict[int, Changed] = {}
    for row in rows:
        was = found.get(row.person_id)
        found[row.person_id] = Changed(
            row.person, was.before if was else row.before, row.after, kind_in_words(row.cause),
            row.by.get_full_name() if row.by else "", row.at,
        )  # fmt: skip
    since = Since(at)
    for changed in found.values():
        before, after = _there(changed.before), _there(changed.after)
        if before is None and after is not None:
            since.new.append(changed)
        elif before is not None and after is None:
            since.gone.append(changed)
        elif before != after:
            since.other.append(changed)
    return since


def _there(grade: int | None) -> int | None:
    """A grade of somebody who counts as a contact; None of whoever does not."""
    return None if grade == Grade.EXCLUDED else grade


@as_program()
def changes_of_days(viewer: Viewer, first: date, last: date) -> dict[str, int]:
    """How many people in reach are gone from a list, or are of another grade, by changes of these days."""
    begins, ends = clock.day_span(first, last)
    changes = changes_in_reach(viewer).filter(at__gte=begins, at__lt=ends)
    gone = Q(after=None) | Q(after=Grade.EXCLUDED)
    return changes.aggregate(
        gone=Count("person", filter=gone, distinct=True),
        other=Count("person", filter=~gone & Q(before__isnull=False), distinct=True),
    )


def history_of(viewer: Viewer, contact: Contact) -> list[Change]:
    """Every change of a person in a case's list after its first tracing, the latest first."""
    rows = Change.objects.filter(case=contact.case_id, person=contact.person_id)
    return list(rows.select_related("by").order_by("-at", "-id")[:100])
