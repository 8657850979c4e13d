"""The list of patients: which stays a filter lets through, in which order, and the rows with what stands beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case as Branches
from django.db.models import F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.queries import sorted_by
from tuyendau.core.lists.rules import Order
from tuyendau.core.places.models import Site, SiteKind, Unit
from tuyendau.core.places.queries import names_above, under
from tuyendau.lib import clock
from tuyendau.records.contacts.models import NEARNESS, Exposure
from tuyendau.records.contacts.queries.lists import shown_exposures
from tuyendau.records.people.queries import by_words
from tuyendau.response.care.models import Stay, StayState
from tuyendau.response.care.queries.clinical import Latest, late, latest_results, ready
from tuyendau.response.care.queries.reach import stays_in_reach
from tuyendau.response.care.rules import Severity, day_of_illness

LATE, READY = "late", "ready"
CASES, CONTACTS = "cases", "contacts"


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """What the list is narrowed to.

    `show` is "present", "ended" or "all"; `site` the public id of a facility or ward, all below it included; `who`
    CASES or CONTACTS; `severity` levels, "none" for not assessed; `wants` LATE (to be assessed again) or READY (meets
    the criteria of discharge); `unit` a code.
    """

    q: str = ""
    show: str = "present"
    site: str = ""
    severity: tuple[str, ...] = ()
    condition: str = ""
    who: str = ""
    wants: str = ""
    unit: str = ""
    now: datetime | None = None


def patients(viewer: Viewer, wanted: PatientFilter, orders: Iterable[Order] = ()) -> QuerySet[Stay]:
    """The stays that `wanted` lets through, the most severely ill first unless sorted. Raises `Denied`."""
    stays = stays_in_reach(viewer).exclude(state=StayState.CANCELLED)
    if wanted.show == "present":
        stays = stays.filter(state=StayState.PRESENT)
    elif wanted.show == "ended":
        stays = stays.exclude(state=StayState.PRESENT)
    stays = stays.filter(_of_stay(wanted), by_words(wanted.q, codes=("case__code", "bed")))
    if wanted.site:
        paths = Site.objects.filter(public_id=wanted.site).values_list("path", flat=True)
        stays = stays.filter(under(paths, "site__path") | under(paths, "ward__path"))
    if wanted.unit:
        named = Unit.objects.filter(code=wanted.unit).values_list("path", flat=True)
        below = Unit.objects.filter(under(named)).values("pk")
        stays = stays.filter(Q(case__unit__in=below) | Q(case=None, person__unit__in=below))
    now = wanted.now or clock.now()
    if wanted.wants == LATE:
        stays = stays.filter(late(now))
    elif wanted.wants == READY:
        stays = stays.filter(pk__any_of=ready_of(stays, now))
    ranked = stays.annotate(
        rank=RANK,
        ill_for=Value(clock.local_day(now))
        - Coalesce("case__onset_on", "case__sampled_on", "case__reported_on"),
        kept_for=Coalesce("ended_at", Value(now)) - F("began_at"),
        age=Value(now.year) - F("person__birth_year"),
    )
    return sorted_by(ranked, orders, "-rank", "-began_at", "-pk")


RANK = Branches(
    *(When(severity=level.value, then=Value(level.rank + 1)) for level in Severity),
    default=Value(0),
    output_field=IntegerField(),
)
"""0 where nobody assessed, then 1 for the least severe."""


@as_program()
def ready_of(stays: QuerySet[Stay], now: datetime) -> list[int]:
    """The row ids of those of `stays` that meet the criteria of discharge."""
    present = stays.filter(state=StayState.PRESENT, case__isnull=False)
    return ready(list(present.select_related("case").order_by()), now)


def _of_stay(wanted: PatientFilter) -> Q:
    condition = Q()
    if wanted.severity:
        condition &= Q(severity__in=["" if each == "none" else each for each in wanted.severity])
    if wanted.condition:
        condition &= Q(conditions__contains=[wanted.condition])
    if wanted.who:
        condition &= Q(case__isnull=wanted.who == CONTACTS)
    return condition


@as_program()
def numbers_of(stays: QuerySet[Stay]) -> list[int]:
    """The row ids of a list that is narrowed to the viewer's reach already, in its order."""
    return list(stays.values_list("pk", flat=True))


Loader = Callable[[Sequence[Any]], Mapping[int, Any]]


def _latest(stays: Sequence[Any]) -> Mapping[int, Latest]:
    found = latest_results(stay.person_id for stay in stays)
    return {stay.pk: found[stay.person_id] for stay in stays if stay.person_id in found}


@as_program()
def _infected(stays: Sequence[Any]) -> Mapping[int, str]:
    """Where each patient was infected: as the case says, else where what speaks for an infection weighs most."""
    told = {stay.pk: stay.case.place_infected for stay in stays if stay.case and stay.case.place_infected}
    rest = {stay.person_id: stay.pk for stay in stays if stay.pk not in told}
    exposures = Exposure.objects.filter(
        contact__person__id__any_of=list(rest), contact__grade__in=NEARNESS, site__isnull=False
    )
    heaviest: dict[int, tuple[int, int]] = {}
    for person, grade, site in shown_exposures(exposures).values_list(
        "contact__person", "contact__grade", "site"
    ):
        # Of one grade the first weighs most.
        if person not in heaviest or grade < heaviest[person][0]:
            heaviest[person] = (grade, site)
    words = sites_in_words({site for _grade, site in heaviest.values()})
    return told | {rest[person]: words[site] for person, (_grade, site) in heaviest.items()}


def sites_in_words(numbers: Iterable[int]) -> dict[int, str]:
    """Sites (row numbers) by their names, each with the company or house that it is a part of. Two queries."""
    sites = list(Site.objects.filter(pk__any_of=list(numbers)))
    above = names_above(sites)
    return {
        site.pk: ", ".join([site.name, *(s.name for s in above[site.pk] if s.kind in _TOPS)])
        for site in sites
    }


_TOPS = {
    SiteKind.COMPANY,
    SiteKind.BOARDING_HOUSE,
    SiteKind.DORMITORY,
    SiteKind.MARKET,
    SiteKind.HOSPITAL,
    SiteKind.SCHOOL,
}


LOADERS: dict[str, Loader] = {"latest": _latest, "infected": _infected}


def lines(viewer: Viewer, numbers: Sequence[int], needs: Iterable[str]) -> list[Any]:
    """The rows of the list of these ids, in their order, each with `beside` and `day`, the day of illness.

    Two queries, and those of each need. Whoever is out of reach is left out. Raises `Denied`.
    """
    rows = stays_in_reach(viewer).filter(pk__any_of=numbers)
    found: dict[int, Any] = {
        stay.pk: stay for stay in rows.select_related("person__unit", "case", "site", "ward")
    }
    stays: list[Any] = [found[pk] for pk in numbers if pk in found]
    today = clock.local_day(clock.now())
    for stay in stays:
        stay.beside = {}
        stay.day = day_of(stay, today)
    for need in needs:
        for pk, value in LOADERS[need](stays).items():
            found[pk].beside[need] = value
    return stays


def day_of(stay: Any, today: date) -> int | None:
    """The day of illness of the patient of a stay: today, or when the stay ended. None for contacts."""
    if stay.case is None:
        return None
    day = clock.local_day(stay.ended_at) if stay.ended_at else today
    return day_of_illness(stay.case.onset_on, stay.case.sampled_on or stay.case.reported_on, day)


def stay_by_public_id(viewer: Viewer, public_id: str, permission: Permission = Permission.STAY_VIEW) -> Any:
    """One stay with all that its page shows. Raises Stay.DoesNotExist also out of reach, `Denied`."""
    stays = stays_in_reach(viewer, permission).select_related(
        "person__unit", "case", "site__unit", "ward", "recorded_by", "ended_by"
    )
    return stays.get(public_id=public_id)
