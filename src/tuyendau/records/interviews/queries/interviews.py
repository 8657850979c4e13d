"""Interviews in the viewer's reach, and the answers as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.interviews.models import Answer, Interview

RECORD = Permission.INTERVIEW_RECORD


def cases_to_ask(viewer: Viewer) -> QuerySet[Case]:
    """The cases whose interviews the viewer holds and reads, with person and unit. Raises `Denied`.

    Whoever sees a case only as an employer or a clinic does has no part in what it told.
    """
    return cases_in_reach(viewer, RECORD).select_related("person__unit", "unit")


def visible_interviews(viewer: Viewer) -> QuerySet[Interview]:
    """The interviews that the viewer may read and go on with, each with its case and person. Raises `Denied`."""
    return Interview.objects.filter(case__in=cases_to_ask(viewer).values("pk")).select_related(
        "case__person__unit", "case__unit", "begun_by", "finished_by"
    )


def interviews_of(viewer: Viewer, case: Case) -> list[Interview]:
    """The interviews of a case, latest first."""
    return list(visible_interviews(viewer).filter(case=case).order_by("-begun_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that was given: its number, value, by whom (a name) and when."""

    number: int
    value: str
    by: str
    at: datetime


@dataclass(slots=True)
class Standing:
    """The answer that stands; those of before, latest first; those given beside it that wait for a choice."""

    value: str = ""
    now: Given | None = None
    earlier: list[Given] = field(default_factory=list)
    beside: list[Given] = field(default_factory=list)


def answers_of(interview: Interview) -> dict[str, Standing]:
    """What stands for each question that was answered, with what was answered before."""
    rows = Answer.objects.filter(interview=interview).select_related("by").order_by("-number", "-pk")
    return standing(rows)


def standing(rows: QuerySet[Answer] | Sequence[Answer]) -> dict[str, Standing]:
    """Answers, the latest first, sorted out by question.

    An answer beside another waits until somebody gives one again; from then on it is one of the earlier ones.
    """
    found: dict[str, Standing] = {}
    for row in rows:
        of = found.setdefault(row.name, Standing())
        given = Given(row.number, row.value, row.by.get_full_name() if row.by else "", row.at)
        if of.now is not None:
            of.earlier.append(given)
        elif row.beside:
            of.beside.append(given)
        else:
            of.now, of.value = given, row.value
    return found


def values_of(answers: Mapping[str, Standing]) -> dict[str, str]:
    """The values that stand, by question."""
    return {name: of.value for name, of in answers.items()}


def with_counts(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """Interviews with how many `stays` were told of and how many `people` named."""
    counted: QuerySet[Interview] = interviews.annotate(
        stay_count=Count("stays", distinct=True),
        people_count=Count("named", filter=Q(named__people=1), distinct=True),
    )
    return counted
