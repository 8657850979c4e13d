"""What becomes of interviews and self-declarations that were kept long enough."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.records.interviews.models import (
    Answer,
    Declaration,
    Declared,
    Interview,
    Milestone,
    MilestoneCase,
    Named,
    Stay,
)

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[Interview]:
    """Interviews of cases that were reported before a day, but for those of people on hold, or that name one."""
    named = Named.objects.filter(interview=OuterRef("pk"), person__public_id__in=held)
    old = Interview.objects.filter(~Exists(named), case__reported_on__lt=before)
    return old.exclude(case__person__public_id__in=held)


def _old_declarations(before: date, held: Held) -> QuerySet[Declaration]:
    declared = Declared.objects.filter(declaration=OuterRef("pk"), person__public_id__in=held)
    old = Declaration.objects.filter(~Exists(declared), returned_on__lt=before)
    return old.exclude(person__public_id__in=held)


def _old_links(before: date, held: Held) -> QuerySet[MilestoneCase]:
    old = MilestoneCase.objects.filter(case__reported_on__lt=before)
    return old.exclude(case__person__public_id__in=held)


def _found(before: date, held: Held) -> Found:
    interviews, declarations = _old(before, held), _old_declarations(before, held)
    days = interviews.aggregate(oldest=Min("case__reported_on"), newest=Max("case__reported_on"))
    returned = declarations.aggregate(oldest=Min("returned_on"), newest=Max("returned_on"))
    rows = {
        "interviews_interview": interviews.count(),
        "interviews_answer": Answer.objects.filter(interview__in=interviews).count(),
        "interviews_stay": Stay.objects.filter(interview__in=interviews).count(),
        "interviews_named": Named.objects.filter(interview__in=interviews).count(),
        "interviews_milestonecase": _old_links(before, held).count(),
        "interviews_declaration": declarations.count(),
        "interviews_declared": Declared.objects.filter(declaration__in=declarations).count(),
    }
    return Found(
        {table: n for table, n in rows.items() if n},
        min(filter(None, (days["oldest"], returned["oldest"])), default=None),
        max(filter(None, (days["newest"], returned["newest"])), default=None),
    )


@as_program()
def remove(before: date, held: Held) -> Found:
    """Delete what cases told, whom contacts declared, and which cases were at a milestone; places and times stay.

    A milestone whose cases are all gone loses what was written in free words, too.
    """
    found = _found(before, held)
    _old(before, held).delete()
    _old_declarations(before, held).delete()
    _old_links(before, held).delete()
    bare = Milestone.objects.filter(~Exists(MilestoneCase.objects.filter(milestone=OuterRef("pk"))))
    bare.filter(end__date__lt=before).update(note="")
    return found


KEEPING = Keeping(
    "interviews",
    _("Interviews of cases, and what contacts declared"),
    Act.DELETE,
    as_program()(_found),
    remove,
)
