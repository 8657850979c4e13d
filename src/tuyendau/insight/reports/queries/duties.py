"""Which cases are to be reported to the level above, since when and until when, and what became of each report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    F,
    FilteredRelation,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Least

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import counted_in, reaches_province, units_in_reach
from tuyendau.insight.reports.models import Notification, NotificationState
from tuyendau.insight.reports.rules import notifying as rules
from tuyendau.insight.reports.rules.notifying import Standing
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus, CaseVersion
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.people.queries import by_words
from tuyendau.science.epi.diseases import diseases

OPEN, LATE = "open", "late"
"""Among what the list shows: everything that waits to be sent; what was sent after its deadline."""


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What the list of reports is narrowed to: words, a standing (or OPEN, LATE, "" for all), a unit's code, a disease.

    `to_me`: only those sent to a unit of the viewer's that wait for an answer.
    """

    q: str = ""
    show: str = OPEN
    unit: str = ""
    disease: str = ""
    to_me: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One case with its duty: since when, until when, the latest report if any, and where it stands."""

    case: Case
    notification: Notification | None
    begun_at: datetime
    deadline: datetime
    standing: Standing
    at: datetime

    @property
    def hours(self) -> int:
        """Whole hours that are left, or that it is over."""
        return int(abs((self.deadline - self.at).total_seconds()) // 3600)

    @property
    def waits(self) -> bool:
        """Whether a report waits to be sent."""
        return self.standing in rules.MAY_SEND


def _begun() -> Least:
    """When a case became known, at the latest at the end of the day on which it was announced."""
    known = CaseVersion.objects.filter(row=OuterRef("pk")).exclude(status=CaseStatus.DISCARDED)
    first = known.order_by().values("row").annotate(first=Min("since")).values("first")
    announced = Func(
        F("reported_on"),
        template="((%(expressions)s + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')",
        output_field=DateTimeField(),
    )
    return Least(Coalesce(Subquery(first), announced), announced)


def _over(at: datetime) -> Q:
    """The condition that a case's deadline has passed: the hours of the law by disease and day.

    Whatever the law of their day, cases that began longer ago than any of its hours are over; so of each disease
    only the groups of the last days are asked for, mostly one, and `begun_at` is worked out once a case.
    """
    condition = Q(pk__in=[])
    for disease in diseases():
        ends = [group.effective_from for group in disease.groups[1:]]
        for group, after in zip(disease.groups, [*ends, None], strict=True):
            begun = clock.midnight(group.effective_from)
            if begun > at or (after is not None and clock.midnight(after) < at - _LONGEST):
                continue
            such = Q(disease=disease.code)
            such &= Q(begun_at__lt=at - timedelta(hours=group.value.report_within_hours))
            if group is not disease.groups[0] and begun > at - _LONGEST:
                such &= Q(begun_at__gte=begun)
            if after is not None and clock.midnight(after) <= at:
                such &= Q(begun_at__lt=clock.midnight(after))
            condition |= such
        if at < clock.midnight(disease.groups[0].effective_from):
            hours = disease.groups[0].value.report_within_hours
            condition |= Q(disease=disease.code, begun_at__lt=at - timedelta(hours=hours))
    return condition


_LONGEST = timedelta(
    hours=max(group.value.report_within_hours for each in diseases() for group in each.groups)
)
"""No law leaves more time than this."""


_UNSENT = Q(told__isnull=True)
_RETURNED = Q(told__state=NotificationState.RETURNED)
_CHANGED = Q(version__gt=F("told__case_version"))


def _such(show: str, at: datetime) -> Q:
    """The condition of one entry of the list's filter."""
    return {
        OPEN: _UNSENT | _RETURNED | _CHANGED,
        LATE: Q(told__first_at__gt=F("told__deadline")),
        Standing.OVERDUE: _UNSENT & _over(at),
        Standing.DUE: _UNSENT & ~_over(at),
        Standing.RETURNED: _RETURNED,
        Standing.CHANGED: ~_RETURNED & _CHANGED,
        Standing.SENT: Q(told__state=NotificationState.SENT) & ~_CHANGED,
        Standing.ACKNOWLEDGED: Q(told__state=NotificationState.ACKNOWLEDGED) & ~_CHANGED,
    }.get(show, Q())


def _to_report(viewer: Viewer) -> QuerySet[Any]:
    """The cases in reach that are to be reported: all that are not discarded, and those that were reported already."""
    latest = FilteredRelation("notifications", condition=Q(notifications__current=True))
    cases = cases_in_reach(viewer, Permission.CASE_NOTIFY).annotate(told=latest, begun_at=_begun())
    return cases.exclude(status=CaseStatus.DISCARDED, told__isnull=True)


def duties(viewer: Viewer, wanted: DutyFilter, at: datetime) -> QuerySet[Any]:
    """The cases that `wanted` lets through, what presses most first: for the program, which reads ids of them.

    Raises `Denied`.
    """
    cases = _to_report(viewer).filter(_such(wanted.show, at))
    if wanted.to_me:
        cases = cases.filter(
            _to_mine(viewer, "told__"), told__state=NotificationState.SENT, told__elsewhere=False
        )
    if wanted.disease:
        cases = cases.filter(disease=wanted.disease)
    if wanted.unit:
        cases = cases.filter(unit__in=counted_in(wanted.unit, clock.local_day(at)))
    cases = cases.filter(by_words(wanted.q, codes=("code",), also=lambda word: Q(public_id=word)))
    if wanted.show in (OPEN, Standing.OVERDUE, Standing.DUE):
        return cases.order_by(F("told__sent_at").asc(nulls_first=True), "begun_at", "pk")
    return cases.order_by(F("told__sent_at").desc(nulls_last=True), "-begun_at", "-pk")


@as_program()
def with_duties(cases: Sequence[Case], at: datetime) -> list[Duty]:
    """What is to be reported of cases that the viewer may see, in their order. Two queries."""
    numbers = [case.pk for case in cases]
    begun = dict(
        Case.objects.filter(pk__any_of=numbers).annotate(begun_at=_begun()).values_list("pk", "begun_at")
    )
    latest = {
        each.case_id: each
        for each in Notification.objects.filter(case__id__any_of=numbers, current=True).select_related(
            "sent_by", "to_unit", "from_unit", "from_site", "answered_by"
        )
    }
    return [_duty(case, latest.get(case.pk), begun[case.pk], at) for case in cases]


def _duty(case: Case, latest: Notification | None, begun_at: datetime, at: datetime) -> Duty:
    begun = latest.begun_at if latest else begun_at
    until = latest.deadline if latest else rules.deadline(case.disease, begun, clock.local_day(begun))
    standing = rules.standing(
        rules.State(latest.state) if latest else None,
        sent_of=latest.case_version if latest else 0,
        version=case.version,
        deadline=until,
        at=at,
    )
    return Duty(case, latest, begun, until, standing, at)


def notifiable(viewer: Viewer) -> QuerySet[Case]:
    """The cases that the viewer may report, with what a page shows of them. Raises `Denied`."""
    return cases_in_reach(viewer, Permission.CASE_NOTIFY).select_related("person", "unit__parent")


@as_program()
def versions_of(case: Case) -> list[Notification]:
    """Every version that was sent of a case, the latest first. The caller has checked that the viewer may see it."""
    sent = Notification.objects.filter(case=case).select_related(
        "sent_by", "answered_by", "to_unit", "from_unit", "from_site"
    )
    return list(sent.order_by("-version"))


def _to_mine(viewer: Viewer, told: str = "") -> Q:
    """The condition that a report went to a unit that the viewer themselves answer for, and not to one below it."""
    paths = viewer.paths(Permission.CASE_NOTIFY, ScopeKind.UNIT)
    return Q(**{f"{told}to_unit__in": Unit.objects.filter(path__in=paths).values("pk")})


def answerable(viewer: Viewer) -> QuerySet[Notification]:
    """The latest reports that the viewer may answer: sent by others to units in their reach. Raises `Denied`.

    Of what a province sent to the ministry, whoever answers for the province notes what was answered.
    """
    viewer.require(Permission.CASE_NOTIFY)
    mine = Q(to_unit__in=units_in_reach(viewer, Permission.CASE_NOTIFY).values("pk")) & ~Q(
        sent_by=viewer.user_id
    )
    if reaches_province(viewer, Permission.CASE_NOTIFY):
        mine |= Q(to_unit__isnull=True)
    reach = cases_in_reach(viewer, Permission.CASE_NOTIFY)
    return Notification.objects.filter(
        mine, case__in=reach.values("pk"), current=True, state=NotificationState.SENT, elsewhere=False
    )


@dataclass(frozen=True, slots=True)
class DueReports:
    """What waits about reports of cases: how many are over and since when, due, to be corrected, to be answered."""

    overdue: int
    oldest: datetime | None
    due: int
    first_deadline: datetime | None
    to_correct: int
    to_answer: int


@as_program()
def due_reports(viewer: Viewer, at: datetime) -> DueReports:
    """What is due about reports of cases at a moment. Raises `Denied`. Two queries."""
    waiting = _to_report(viewer).filter(_such(OPEN, at)).order_by()
    rows = waiting.values_list("disease", "begun_at", "told__state")
    over: list[datetime] = []
    soon: list[datetime] = []
    corrected = 0
    for of, begun, state in rows:
        until = rules.deadline(of, begun, clock.local_day(begun))
        if state is not None:
            corrected += 1
        else:
            (over if at > until else soon).append(until)
    to_answer = answerable(viewer).filter(_to_mine(viewer)).count()
    return DueReports(
        len(over), min(over, default=None), len(soon), min(soon, default=None), corrected, to_answer
    )


@as_program()
def standings(viewer: Viewer, at: datetime, units: Iterable[int] | None = None) -> dict[str, int]:
    """How many cases in reach stand how, by `Standing` and LATE; of `units` (row numbers) alone where given."""
    cases = _to_report(viewer)
    if units is not None:
        cases = cases.filter(unit__in=list(units))
    found = dict.fromkeys([*(s.value for s in Standing), LATE], 0)
    rows = cases.values_list(
        "disease",
        "begun_at",
        "version",
        "told__state",
        "told__case_version",
        "told__first_at",
        "told__deadline",
    )
    for of, begun, version, state, sent_of, first_at, until in rows:
        standing = rules.standing(
            rules.State(state) if state else None, sent_of=sent_of or 0, version=version,
            deadline=until or rules.deadline(of, begun, clock.local_day(begun)), at=at,
        )  # fmt: skip
        found[standing] += 1
        found[LATE] += bool(first_at and first_at > until)
    return found
