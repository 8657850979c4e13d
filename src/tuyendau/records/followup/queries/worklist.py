"""The day's list: whom to see today, in order of urgency."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case as Branches
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import under
from tuyendau.records.followup.models import Check, FollowUp, State
from tuyendau.records.followup.queries.reach import in_reach
from tuyendau.records.followup.rules import Urgency
from tuyendau.records.people.queries import by_words, living_in

WAITING, DONE, ALARM, LOST, TEST, LAST, ALL = "todo", "done", "alarm", "lost", "test", "last", "all"
SHOWS = (WAITING, DONE, ALARM, LOST, TEST, LAST, ALL)
MOST_SITES = 60


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What the day's list is narrowed to. `mine`: what is given to the viewer; `site` and all below it.

    `unit` is a code valid on `unit_on`: people who live at or below it.
    """

    show: str = WAITING
    q: str = ""
    mine: bool = False
    officer: str = ""
    site: str = ""
    degree: int | None = None
    disease: str = ""
    unit: str = ""
    unit_on: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The day in numbers: to see, seen, alarms that wait, lost, tests due, last days, missed yesterday."""

    todo: int = 0
    done: int = 0
    alarm: int = 0
    lost: int = 0
    test: int = 0
    last: int = 0
    missed: int = 0
    mine: int = 0
    unassigned: int = 0
    all: int = 0

    @property
    def share(self) -> int:
        """Per cent of the day's list that is done."""
        return 100 * self.done // self.all if self.all else 100


def _done(today: date) -> Q:
    return Q(reached_on=today, times__gte=F("checks_a_day"))


_ALARM = Q(alarm_at__isnull=False, alarm_answered_at__isnull=True)


def _todo(today: date) -> Q:
    return Q(seen_on__lt=today) | Q(times__lt=F("checks_a_day")) | _ALARM


def _seen_on(found: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """With `seen_on`: of whom nobody has reached yet, "not seen today" must not become unknown."""
    return found.annotate(seen_on=Coalesce("reached_on", Value(date(1900, 1, 1))))


def _missed(today: date) -> Q:
    yesterday = today - timedelta(days=1)
    return Q(checked_on__lt=yesterday) | Q(checked_on__isnull=True, began_on__lte=yesterday)


def _due_test(today: date) -> Q:
    return Q(next_test_on__lte=today)


def in_force(viewer: Viewer) -> QuerySet[FollowUp]:
    """Everybody in follow-up of whom the viewer records checks. Raises `Denied`."""
    return in_reach(viewer, Permission.FOLLOWUP_RECORD).filter(ended_at__isnull=True)


def narrowed(viewer: Viewer, wanted: WorkFilter, today: date) -> QuerySet[FollowUp]:
    """Who is in follow-up and let through by `wanted`, in no order."""
    found = _placed(in_force(viewer), wanted, viewer)
    conditions = {
        DONE: _done(today),
        ALARM: _ALARM,
        LOST: Q(state=State.LOST),
        TEST: _due_test(today),
        LAST: Q(last_day__lte=today),
    }
    if wanted.show == WAITING:
        return _seen_on(found).filter(_todo(today))
    return found.filter(conditions[wanted.show]) if wanted.show in conditions else found


def _placed(found: QuerySet[FollowUp], wanted: WorkFilter, viewer: Viewer) -> QuerySet[FollowUp]:
    if wanted.mine:
        found = found.filter(officer=viewer.user_id)
    if wanted.officer == "-":
        found = found.filter(officer__isnull=True)
    elif wanted.officer:
        found = found.filter(officer__public_id=wanted.officer)
    if wanted.degree is not None:
        found = found.filter(degree=wanted.degree)
    if wanted.site:
        paths = Site.objects.filter(public_id=wanted.site).values_list("path", flat=True)
        found = found.filter(site__in=Site.objects.filter(under(paths)))
    if wanted.disease:
        found = found.filter(disease=wanted.disease)
    if wanted.unit and wanted.unit_on is not None:
        found = found.filter(living_in(wanted.unit, wanted.unit_on, person="person__"))
    if not (written := wanted.q.strip()):
        return found
    at_home = Q(person__address__icontains=written)
    return found.filter(at_home | by_words(written, also=lambda word: Q(person__phone__contains=word)))


def worklist(viewer: Viewer, wanted: WorkFilter, today: date) -> QuerySet[FollowUp]:
    """The day's list in order, each with its `urgency`, person, commune and place.

    One's own come first. Of one site the order is that of its rooms, so that one walks from door to door.
    """
    found = _told(narrowed(viewer, wanted, today), viewer, today)
    found = found.select_related("person__unit", "site__parent", "officer")
    order: tuple[object, ...] = ("own", "urgency", F("probability").desc(), "id")
    if wanted.site:
        order = ("site__path", "urgency", "id")
    return found.order_by(*order)  # type: ignore[arg-type]


def _told(found: QuerySet[FollowUp], viewer: Viewer, today: date) -> QuerySet[FollowUp]:
    """Each with its `urgency`, whether it is the viewer's `own`, and which day of follow-up today is."""
    passed = Func(
        Value(today),
        F("last_exposure"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    return found.annotate(urgency=_urgency(today), own=_own(viewer), day_number=passed)


def _own(viewer: Viewer) -> Branches:
    return Branches(
        When(officer=viewer.user_id, then=Value(0)),
        When(officer__isnull=True, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _urgency(today: date) -> Branches:
    yesterday = today - timedelta(days=1)
    ranks = (
        (_ALARM, Urgency.ALARM),
        (_done(today), Urgency.DONE),
        (Q(checked_on=today), Urgency.TRIED),
        (Q(symptomatic_on__gte=yesterday), Urgency.SYMPTOMATIC),
        (Q(state=State.LOST) | Q(unreached__gt=0), Urgency.UNREACHED),
        (_missed(today), Urgency.MISSED),
        (Q(last_day__lte=today), Urgency.LAST_DAY),
        (_due_test(today), Urgency.TEST),
        (Q(checked_on__isnull=True), Urgency.FIRST),
    )
    return Branches(
        *[When(condition, then=Value(int(rank))) for condition, rank in ranks],
        default=Value(int(Urgency.USUAL)),
        output_field=IntegerField(),
    )


@as_program()
def progress(viewer: Viewer, wanted: WorkFilter, today: date) -> Progress:
    """The day in numbers, of what `wanted` lets through but for what it shows of it. One query."""
    found = _seen_on(_placed(in_force(viewer), wanted, viewer)).order_by()
    counts = found.aggregate(
        all=Count("pk"),
        todo=Count("pk", filter=_todo(today)),
        done=Count("pk", filter=_done(today)),
        alarm=Count("pk", filter=_ALARM),
        lost=Count("pk", filter=Q(state=State.LOST)),
        test=Count("pk", filter=_due_test(today)),
        last=Count("pk", filter=Q(last_day__lte=today)),
        missed=Count("pk", filter=_missed(today)),
        mine=Count("pk", filter=Q(officer=viewer.user_id)),
        unassigned=Count("pk", filter=Q(officer__isnull=True)),
    )
    return Progress(**counts)


@dataclass(frozen=True, slots=True)
class SiteWork:
    """A place in which people in follow-up stay, with how many."""

    public_id: str
    name: str
    count: int


@as_program()
def sites_of(viewer: Viewer, wanted: WorkFilter) -> list[SiteWork]:
    """The houses, dormitories and facilities in which people in follow-up stay, the fullest first."""
    wanted = WorkFilter(mine=wanted.mine, degree=wanted.degree)
    found = _placed(in_force(viewer), wanted, viewer).filter(site__parent__isnull=False).order_by()
    rows = (
        found.values("site__parent__public_id", "site__parent__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "site__parent__name")[:MOST_SITES]
    )
    return [SiteWork(r["site__parent__public_id"], r["site__parent__name"], r["n"]) for r in rows]


def row(viewer: Viewer, public_id: str, today: date) -> FollowUp:
    """One line of the list. Raises FollowUp.DoesNotExist."""
    found = _told(in_reach(viewer, Permission.FOLLOWUP_RECORD), viewer, today)
    return found.select_related("person__unit", "site__parent", "officer").get(public_id=public_id)


def own_checks(viewer: Viewer, listed: Collection[FollowUp], since: datetime) -> dict[int, str]:
    """By follow-up, its row id, the last check that the viewer recorded since then and may take back: its public id."""
    mine = Check.objects.filter(
        followup__in=listed, by=viewer.user_id, recorded_at__gte=since, withdrawn_at__isnull=True
    )
    return dict(mine.order_by("recorded_at", "pk").values_list("followup", "public_id"))


@dataclass(frozen=True, slots=True)
class Due:
    """What waits for the viewer on a day. `own`: of these, what is given to the viewer themselves."""

    todo: int
    done: int
    own: int
    missed: int
    alarms: int
    lost: int


@as_program()
def due(viewer: Viewer, on: date) -> Due:
    """Checks of the day, those that were missed, alarms that wait and people who are lost. Raises `Denied`."""
    found = progress(viewer, WorkFilter(), on)
    own = narrowed(viewer, WorkFilter(mine=True), on).order_by().count()
    return Due(found.todo, found.done, own, found.missed, found.alarm, found.lost)
