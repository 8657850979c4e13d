"""Whose numbers, of which disease, as known when: what every read of the situation room is asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.core.places.queries import counted_in, reaches_province, under, units_in_reach, units_on
from tuyendau.insight.situation.rules import Counted
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseVersion
from tuyendau.records.people.models import PersonVersion

SITUATION = Permission.SITUATION_VIEW


class Known(NamedTuple):
    """A case as it was known: rows and people by their numbers; dates of which None are not known.

    `sex` and the dates of birth are those that were known of its person.
    """

    row: int
    person: int | None
    unit: int | None
    disease: str
    status: str
    onset_on: date | None
    sampled_on: date | None
    result_on: date | None
    reported_on: date
    isolated_at: datetime | None
    outcome: str
    outcome_on: date | None
    sex: str
    birth_year: int | None
    birth_date: date | None
    since: datetime
    """From when it was known so."""

    def on(self, basis: str) -> date | None:
        """Its date by a basis: "reported", "onset" or "sample"."""
        if basis == "onset":
            return self.onset_on
        return self.sampled_on if basis == "sample" else self.reported_on

    def age(self) -> int | None:
        """Whole years on the day of the report; from the year of birth alone where no more is known."""
        if self.birth_date is not None:
            day = self.reported_on
            before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - before
        return None if self.birth_year is None else self.reported_on.year - self.birth_year


_FIELDS = (
    "row", "person_id", "unit_id", "disease", "status", "onset_on", "sampled_on", "result_on", "reported_on",
    "isolated_at", "outcome", "outcome_on", "person__sex", "person__birth_year", "person__birth_date", "since",
)  # fmt: skip


_Traits = tuple[str, int | None, date | None]


@dataclass(frozen=True)
class Scope:
    """What `viewer` may know of a unit as it was known at a moment, read once and counted in many ways.

    `unit` None is everything in their reach. `disease` "" is every disease. `counted` says which cases count.
    `units_of` is the day whose tree of units is meant, that of `at` where it is None. `later` is the scope of which
    this one tells what was known earlier: what stood all the time is not read again.
    """

    viewer: Viewer
    at: datetime
    unit: Unit | None = None
    disease: str = ""
    counted: Counted = Counted.CONFIRMED
    units_of: date | None = None
    later: Scope | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.viewer.require(SITUATION)

    @property
    def day(self) -> date:
        """The province's day of the moment."""
        return clock.local_day(self.at)

    @property
    def over(self) -> bool:
        """Whether the day is over at the moment."""
        return self.at >= clock.midnight(self.day + timedelta(days=1)) - timedelta(seconds=1)

    @property
    def tree(self) -> date:
        """The day on whose units it is counted."""
        return self.units_of or self.day

    @cached_property
    def orphans(self) -> bool:
        """Whether what belongs to no known commune counts here: only for a whole province."""
        whole = self.unit is None or self.unit.level == UnitLevel.PROVINCE
        return whole and reaches_province(self.viewer, SITUATION)

    @cached_property
    def units(self) -> frozenset[int]:
        """Row numbers of the units, of any tree, that count here."""
        if self.later is not None:
            return self.later.units
        reach = frozenset(units_in_reach(self.viewer, SITUATION).values_list("pk", flat=True))
        return reach if self.unit is None else reach & counted_in(self.unit.code, self.tree)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """Every case of the disease, of any status, as known at the moment."""
        with as_program():
            return _known(self)

    @cached_property
    def cases(self) -> tuple[Known, ...]:
        """The cases that count."""
        statuses = self.counted.statuses
        return tuple(case for case in self.known if case.status in statuses)

    def earlier(self, by: timedelta = timedelta(days=1)) -> Scope:
        """The same of the same units, as it was known so much before."""
        return replace(self, at=self.at - by, units_of=self.tree, later=self)

    @cached_property
    def before(self) -> Scope:
        """As it was known a day before."""
        return self.earlier()

    def place(self, name: str) -> Q:
        """The condition that the unit of a field, by its name, is one that counts here."""
        found = Q(**{f"{name}__id__any_of": sorted(self.units)})
        return found | Q(**{f"{name}__isnull": True}) if self.orphans else found


def _known(scope: Scope) -> tuple[Known, ...]:
    found = as_known(CaseVersion, scope.at).filter(scope.place("unit"))
    stood: list[Known] = []
    if scope.later is not None:
        stood = [case for case in scope.later.known if case.since <= scope.at]
        found = found.filter(until__lte=scope.later.at)
    if scope.disease:
        found = found.filter(disease=scope.disease)
    cases = [*stood, *(Known(*row) for row in found.values_list(*_FIELDS))]
    cases.sort(key=lambda case: case.row)
    people = _people_then(scope.at, {case.person for case in cases if case.person is not None})
    return tuple(_of_then(case, people) for case in cases) if people else tuple(cases)


def _of_then(case: Known, people: Mapping[int, _Traits]) -> Known:
    if case.person is None or case.person not in people:
        return case
    sex, birth_year, birth_date = people[case.person]
    return case._replace(sex=sex, birth_year=birth_year, birth_date=birth_date)


def _people_then(at: datetime, people: Iterable[int]) -> dict[int, _Traits]:
    """Sex and birth of those people (row numbers) of whom something else was known then."""
    changed = as_known(PersonVersion, at).filter(row__any_of=list(people))
    found = changed.values_list("row", "sex", "birth_year", "birth_date")
    return {row: (sex, year, day) for row, sex, year, day in found}


def scope_of(
    viewer: Viewer, at: datetime, code: str = "", disease: str = "", counted: Counted = Counted.CONFIRMED
) -> Scope:
    """The scope of the unit of that code on the day of `at`; "" is the viewer's own area.

    Raises `Denied`, and `Unit.DoesNotExist` where there is none of that code in the viewer's reach.
    """
    viewer.require(SITUATION)
    if not code:
        return Scope(viewer, at, own_unit(viewer, at), disease, counted)
    unit = units_to_choose(viewer, at).filter(code=code).order_by("level").first()
    if unit is None:
        raise Unit.DoesNotExist(code)
    return Scope(viewer, at, unit, disease, counted)


def own_units(viewer: Viewer, day: date) -> list[Unit]:
    """The largest units of a day whose situation the viewer may see: those that lie in no other such."""
    reach = units_in_reach(viewer, SITUATION).values("pk")
    inside = list(units_on(day).filter(pk__in=reach).order_by("level", "folded"))
    paths = {str(unit.path) for unit in inside}
    return [unit for unit in inside if paths.isdisjoint(_above(str(unit.path)))]


def _above(path: str) -> list[str]:
    """The paths of what a unit lies in."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:n]) + "/" for n in range(1, len(parts))]


def own_unit(viewer: Viewer, at: datetime) -> Unit | None:
    """The unit over which the viewer sees the situation; None where these are several or none on that day."""
    found = own_units(viewer, clock.local_day(at))
    return found[0] if len(found) == 1 else None


def units_to_choose(viewer: Viewer, at: datetime) -> QuerySet[Unit]:
    """The units of the day of `at` whose situation the viewer may see, the largest first.

    Districts, too, that went into nothing when they ended: who answers for a whole province answers for its parts.
    """
    day = clock.local_day(at)
    found = units_on(day).filter(under(str(unit.path) for unit in own_units(viewer, day)))
    return found.select_related("parent").order_by("level", "parent__folded", "folded")


def parts_of(scope: Scope) -> dict[int, Unit]:
    """The units one level below that of the scope on its tree, by row number; of several own units, these."""
    if scope.unit is None:
        return {unit.pk: unit for unit in own_units(scope.viewer, scope.tree)}
    return {unit.pk: unit for unit in units_on(scope.tree).filter(parent=scope.unit)}


def units_below(scope: Scope, level: int) -> dict[int, Unit]:
    """The units of a level on the scope's tree that count in it, by row number, with what they lie in."""
    found = units_on(scope.tree, level=level).filter(pk__any_of=sorted(scope.units)).select_related("parent")
    return {unit.pk: unit for unit in found}


@as_program()
def diseases_known(viewer: Viewer, at: datetime) -> dict[str, int]:
    """How many cases of each disease were known in the viewer's area, the most first; not those discarded."""
    scope = Scope(viewer, at)
    found = as_known(CaseVersion, at).filter(scope.place("unit")).exclude(status="discarded")
    counts = found.order_by().values_list("disease").annotate(n=Count("pk")).order_by("-n", "disease")
    return dict(counts)


def disease_of_most(found: Mapping[str, int]) -> str:
    """The disease that is shown unless another is asked for: that of most cases, COVID-19 where there is none."""
    return next(iter(found), "covid19")
