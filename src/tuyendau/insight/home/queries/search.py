"""One search for everything: cases, people, companies, sites, administrative units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, SiteKind, Unit
from tuyendau.core.places.queries import SiteFilter, named, site_list, units_on
from tuyendau.lib import clock, phones
from tuyendau.lib.text import clean, fold
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import by_words, find

SHOWN = 6
"""Hits of one group; where there are more, the group leads to the list that has all of them."""
LEAST = 2
"""Letters or digits below which nothing is searched: one letter names everybody."""
_COMPANIES = (SiteKind.COMPANY, SiteKind.PARK)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name, what tells it from others of that name, its page, a case's status."""

    title: str
    detail: str
    url: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The first hits of one kind of thing; `more_url` leads to the whole list where there are more."""

    key: str
    title: str
    icon: str
    hits: Sequence[Hit]
    more_url: str = ""


def search(viewer: Viewer, written: str) -> list[Group]:
    """What `written` names, by kind, each kind only as far as the viewer may see it; kinds without a hit are left out.

    Words match in any order, with or without accents; numbers match as codes, identity numbers or telephones.
    """
    written = clean(written)
    if len(fold(written).replace(" ", "")) < LEAST:
        return []
    finders: list[tuple[Permission | None, Callable[[Viewer, str], Group]]] = [
        (Permission.CASE_VIEW, _cases),
        (Permission.PERSON_VIEW, _people),
        (Permission.VISIT_VIEW, _companies),
        (Permission.VISIT_VIEW, _sites),
        (Permission.MAP_VIEW, _units),
    ]
    groups = [find_(viewer, written) for needed, find_ in finders if needed is None or viewer.may(needed)]
    return [group for group in groups if group.hits]


def _cases(viewer: Viewer, written: str) -> Group:
    wanted = by_words(written, codes=("code",), also=lambda word: Q(public_id=word))
    with as_program():
        ids = (
            visible_cases(viewer).filter(wanted).order_by("-reported_on", "-id").values_list("pk", flat=True)
        )
        numbers = list(ids[: SHOWN + 1])
    cases = visible_cases(viewer).in_bulk(numbers[:SHOWN])
    hits = [_case(cases[pk]) for pk in numbers[:SHOWN] if pk in cases]
    return Group("cases", _("Cases"), "virus", hits, _more(numbers, "cases:list", q=written))


def _case(case: Case) -> Hit:
    told = (case.code, case.person.birth_year, case.unit and case.unit.name)
    return Hit(
        case.person.full_name or _("Name not known"), _joined(told), reverse("cases:detail", args=[case.public_id]),
        case.status,
    )  # fmt: skip


def _people(viewer: Viewer, written: str) -> Group:
    numbers = find(viewer, written, Permission.PERSON_VIEW, most=SHOWN + 1)
    people = Person.objects.select_related("unit").in_bulk(numbers[:SHOWN])
    hits = [_person(people[pk]) for pk in numbers[:SHOWN] if pk in people]
    return Group("people", _("Persons"), "users", hits, _more(numbers, "people:list", q=written))


def _person(person: Person) -> Hit:
    told = (
        person.birth_year, person.code, person.phone and phones.readable(person.phone),
        person.unit and person.unit.name,
    )  # fmt: skip
    url = reverse("people:detail", args=[person.public_id])
    return Hit(person.full_name or _("name not known"), _joined(told), url)


def _companies(viewer: Viewer, written: str) -> Group:
    sites = list(
        site_list(viewer=viewer, chosen=SiteFilter(q=written)).filter(kind__in=_COMPANIES)[: SHOWN + 1]
    )
    more = _more(sites, "places:sites", q=written, kind=SiteKind.COMPANY.value)
    return Group(
        "companies", _("Companies and parks"), "building-factory-2", [_site(s) for s in sites[:SHOWN]], more
    )


def _sites(viewer: Viewer, written: str) -> Group:
    found = site_list(viewer=viewer, chosen=SiteFilter(q=written)).exclude(kind__in=_COMPANIES)
    sites = list(found[: SHOWN + 1])
    hits = [_site(site) for site in sites[:SHOWN]]
    return Group("sites", _("Sites"), "building", hits, _more(sites, "places:sites", q=written))


def _site(site: Site) -> Hit:
    told = (site.get_kind_display(), site.code, site.unit and site.unit.name)
    return Hit(site.name, _joined(told), reverse("places:site", args=[site.public_id]))


def _units(viewer: Viewer, written: str) -> Group:
    """Units are public; each leads to its cases, or for whoever may not see those to the map."""
    today = clock.local_day(clock.now())
    found = units_on(today).filter(named(written) | Q(code=written))
    found = found.select_related("parent").order_by("level", "folded")
    units = list(found[: SHOWN + 1])
    return Group("units", _("Administrative units"), "map-pin", [_unit(viewer, u) for u in units[:SHOWN]])


def _unit(viewer: Viewer, unit: Unit) -> Hit:
    page = "cases:list" if viewer.may(Permission.CASE_VIEW) else "map:page"
    where = {"unit": unit.code} if page == "cases:list" else {}
    return Hit(
        unit.name, _joined((unit.get_level_display(), unit.parent and unit.parent.name, unit.code)),
        f"{reverse(page)}?{urlencode(where)}" if where else reverse(page),
    )  # fmt: skip


def _more(found: Sequence[object], page: str, **query: str) -> str:
    return f"{reverse(page)}?{urlencode(query)}" if len(found) > SHOWN else ""


def _joined(parts: Iterable[object]) -> str:
    return " · ".join(str(part) for part in parts if part)
