"""The line list: which cases a filter lets through, in which order, and the rows themselves with what stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.queries import sorted_by
from tuyendau.core.lists.rules import Order
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import counted_in, under
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries.beside import FILTERS, LOADERS
from tuyendau.records.cases.queries.cases import visible_cases
from tuyendau.records.people.models import Assignment
from tuyendau.records.people.queries import by_words

Basis = Literal["reported", "onset", "sample"]
ALL = "all"
"""Among statuses: every case that is not discarded, as the map counts them."""
BASIS_FIELDS: dict[str, str] = {"reported": "reported_on", "onset": "onset_on", "sample": "sampled_on"}
DATED: dict[str, str] = BASIS_FIELDS | {"result": "result_on", "outcome": "outcome_on"}
"""The dates by which the list can be narrowed, with their fields."""
OPEN = "open"
"""Among outcomes: none yet."""
MISSING = {"onset": "onset_on", "sample": "sampled_on", "result": "result_on"}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the line list is narrowed to; what is empty narrows nothing.

    `unit` is a code valid on `unit_on` and covers all below it; `site` a code, of a site with all below it, to
    which the person was ever assigned, or with `belonged` on the day of the report. The days are whole. `age_from`
    and `age_to` are in whole years on the day of the report. `without` names dates that are not known (keys of
    `MISSING`). `rows` are public ids. `more` are filters that other apps add, by name. `nothing` lets nothing
    through: a filter that was asked for cannot be understood, and must not widen what is listed.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    disease: str = ""
    unit: str = ""
    unit_on: date | None = None
    site: str = ""
    belonged: bool = False
    first: date | None = None
    last: date | None = None
    basis: str = "reported"
    no_unit: bool = False
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    outcome: tuple[str, ...] = ()
    isolated: bool | None = None
    without: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    nothing: bool = False


def line_list(viewer: Viewer, wanted: CaseFilter, orders: Iterable[Order] = ()) -> QuerySet[Case]:
    """The visible cases that `wanted` lets through, in the order asked for, else the latest of the basis first.

    Raises `Denied`.
    """
    if wanted.nothing:
        return visible_cases(viewer).none()
    cases = visible_cases(viewer).filter(_of_case(wanted), _of_person(wanted), _dated(wanted))
    cases = _aged(_placed(viewer, cases, wanted), wanted)
    for name, value in wanted.more.items():
        added = FILTERS.get(name)
        if added is not None and (added.permission is None or viewer.may(added.permission)):
            cases = cases.filter(added.condition(value))
    day = DATED.get(wanted.basis, "reported_on")
    latest = "-reported_on" if day == "reported_on" else F(day).desc(nulls_last=True)
    return sorted_by(cases, orders, latest, "-id")


def _of_case(wanted: CaseFilter) -> Q:
    condition = Q()
    if wanted.status:
        chosen = set(wanted.status)
        if ALL in chosen:
            chosen |= set(CaseStatus.values) - {CaseStatus.DISCARDED}
        condition &= Q(status__in=chosen - {ALL})
    if wanted.disease:
        condition &= Q(disease=wanted.disease)
    if wanted.outcome:
        condition &= Q(outcome__in=["" if each == OPEN else each for each in wanted.outcome])
    if wanted.isolated is not None:
        condition &= Q(isolated_at__isnull=not wanted.isolated)
    for name in wanted.without:
        condition &= Q(**{f"{MISSING[name]}__isnull": True})
    if wanted.rows:
        condition &= Q(public_id__in=wanted.rows)
    return condition


def _of_person(wanted: CaseFilter) -> Q:
    condition = Q(person__sex=wanted.sex) if wanted.sex else Q()
    return condition & by_words(wanted.q, codes=("code",), also=lambda word: Q(public_id=word))


def _dated(wanted: CaseFilter) -> Q:
    day, condition = DATED.get(wanted.basis, "reported_on"), Q()
    if wanted.first:
        condition &= Q(**{f"{day}__gte": wanted.first})
    if wanted.last:
        condition &= Q(**{f"{day}__lte": wanted.last})
    return condition


def _placed(viewer: Viewer, cases: QuerySet[Case], wanted: CaseFilter) -> QuerySet[Case]:
    if wanted.no_unit:
        cases = cases.filter(unit__isnull=True)
    elif wanted.unit:
        cases = cases.filter(unit__in=_units(wanted.unit, wanted.unit_on))
    if wanted.site:
        sites = Site.objects.filter(
            under(Site.objects.filter(code=wanted.site).values_list("path", flat=True))
        )
        if not viewer.paths(Permission.CASE_VIEW, ScopeKind.UNIT):
            # An employer is not told by a filter where a worker lodges.
            sites = sites.filter(under(viewer.paths(Permission.CASE_VIEW, ScopeKind.SITE)))
        held = Assignment.objects.filter(site__in=sites)
        if not wanted.belonged:
            return cases.filter(person__in=held.values("person"))
        then = Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("reported_on"))
        cases = cases.filter(
            Exists(held.filter(then, person=OuterRef("person"), valid_from__lte=OuterRef("reported_on")))
        )
    return cases


def _aged(cases: QuerySet[Case], wanted: CaseFilter) -> QuerySet[Case]:
    if wanted.age_from is None and wanted.age_to is None:
        return cases
    exact = ExtractYear(Func(F("reported_on"), F("person__birth_date"), function="age"))
    by_year = ExtractYear("reported_on") - F("person__birth_year")
    cases = cases.annotate(age=Coalesce(exact, by_year, output_field=IntegerField()))
    if wanted.age_from is not None:
        cases = cases.filter(age__gte=wanted.age_from)
    return cases if wanted.age_to is None else cases.filter(age__lte=wanted.age_to)


def _units(code: str, on: date | None) -> Iterable[Unit] | Iterable[int]:
    """The units at or below that of `code`: as the map of the day `on` counts them, else all that ever had the code."""
    if on is not None:
        return counted_in(code, on)
    named = Unit.objects.filter(code=code)
    return Unit.objects.filter(under(path for path in named.values_list("path", flat=True) if path))


@as_program()
def numbers_of(cases: QuerySet[Case]) -> list[int]:
    """The row ids of a list that is narrowed to the viewer's reach already, in its order."""
    return list(cases.values_list("pk", flat=True))


def lines(viewer: Viewer, numbers: Sequence[int], needs: Iterable[str]) -> list[Any]:
    """The rows of the list of these ids, in their order, each with `beside`: what `needs` asks for, by name.

    Few queries, however many rows: three, and those of each need. Whoever is out of reach is left out. Raises `Denied`.
    """
    # A unit is made once, however many cases it has.
    cases_seen = visible_cases(viewer).select_related(None).select_related("person")
    read = cases_seen.prefetch_related("unit__parent").filter(pk__any_of=numbers)
    found: dict[int, Any] = {case.pk: case for case in read}
    cases: list[Any] = [found[pk] for pk in numbers if pk in found]
    for case in cases:
        case.beside = {}
    for need in needs:
        for pk, value in LOADERS[need](viewer, cases).items():
            found[pk].beside[need] = value
    return cases


def seen_of(case: Case) -> str:
    """What was seen of a case when it was chosen: its status, and the version that counts every change of it."""
    return f"{case.status}.{case.version}"


def last_days(days: int, today: date) -> date:
    """The first of the last `days` days, today being one of them."""
    return today - timedelta(days=days - 1)


@as_program()
def chosen(cases: QuerySet[Case]) -> list[tuple[str, str]]:
    """The public ids of a list that is narrowed to the viewer's reach already, each with what is seen of it now."""
    rows = cases.values_list("public_id", "status", "version")
    return [(public_id, f"{status}.{version}") for public_id, status, version in rows]
