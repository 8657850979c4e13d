"""Reads for imports: what the codes in a file stand for, within the viewer's reach, and what was imported before.

`viewer` None is the program itself, run by who has the machine: it reaches everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, Unit, UnitLevel
from tuyendau.core.places.queries import visible_sites
from tuyendau.core.places.rules import COMMUNE, full_code
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.people.models import Identifier, Person
from tuyendau.records.people.queries import within

_CHUNK = 20_000
T = TypeVar("T")


def everywhere(viewer: Viewer | None, permission: Permission) -> bool:
    """Whether nothing is out of reach: for the program itself, and for who holds `permission` over a whole province."""
    if viewer is None:
        return True
    return any(path.count("/") == 2 for path in viewer.paths(permission, ScopeKind.UNIT))


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as an import needs it."""

    id: int
    dwell_minutes: int


def sites_by_code(viewer: Viewer | None, permission: Permission) -> dict[str, KnownSite]:
    """The sites in reach, by their codes."""
    sites = Site.objects.all()
    if viewer is not None and not everywhere(viewer, permission):
        sites = visible_sites(viewer, permission)
    rows = sites.values_list("code", "pk", "dwell_minutes")
    return {code: KnownSite(pk, dwell) for code, pk, dwell in rows}


def people_by_code(viewer: Viewer | None, permission: Permission, codes: Sequence[str]) -> dict[str, int]:
    """Row ids of the people in reach with these codes.

    Who holds `permission` over units may name anybody, since people of one commune work in another; who holds it over
    a company only those who live or are assigned there.
    """
    people = Person.objects.all()
    if viewer is not None and not viewer.paths(permission, ScopeKind.UNIT):
        people = people.filter(within(viewer, permission))
    return {
        code: pk
        for chunk in _chunks(codes)
        # Whoever was merged is known by the old code as the survivor.
        for code, pk in people.filter(code__in=chunk).values_list("code", Coalesce("merged_into", "pk"))
        if code is not None
    }


def people_elsewhere(viewer: Viewer | None, permission: Permission, codes: Sequence[str]) -> set[str]:
    """Codes of people who are known but are recorded outside the viewer's units."""
    if viewer is None or everywhere(viewer, permission):
        return set()
    return {
        code
        for chunk in _chunks(codes)
        for code in Person.objects.filter(code__in=chunk)
        .exclude(pk__in=Person.objects.filter(within(viewer, permission)).values("pk"))
        .values_list("code", flat=True)
        if code is not None
    }


def holders_of(numbers: Sequence[str]) -> dict[tuple[str, str], str | None]:
    """By kind and number, the code of whoever has it already; for checking a file, whoever's reach they are in."""
    with as_program():
        return {
            (kind, value): code
            for chunk in _chunks(numbers)
            for kind, value, code in Identifier.objects.filter(value__in=chunk).values_list(
                "kind", "value", "person__code"
            )
        }


@dataclass(frozen=True, slots=True)
class Communes:
    """The communes valid on a day: row ids by code, by folded name and district, and by name `alone` where only one is
    so called; and why another code is none of them."""

    ids: dict[str, int]
    names: dict[tuple[str, str], int | None]
    alone: dict[str, int | None]
    reach: frozenset[int] | None
    others: dict[str, str]

    def within_reach(self, unit_id: int | None) -> bool:
        """Whether a row that names this commune, or none, lies in the viewer's units."""
        return self.reach is None or unit_id in self.reach

    def why_not(self, code: str, on: date) -> str:
        """What to tell of a code that no commune has on the day `on`."""
        if code in self.others:
            return self.others[code]
        if not self.ids:
            return _("No communes of %(day)s are loaded. Import the units of that time first.") % {
                "day": _day(on)
            }
        return _(
            "No commune had this code on %(day)s. Check the code and the day for which codes are read."
        ) % {"day": _day(on)}


def communes(viewer: Viewer | None, permission: Permission, on: date) -> Communes:
    """The communes valid on the day `on`, by code and by name and district."""
    ids: dict[str, int] = {}
    paths: dict[int, str] = {}
    names: dict[tuple[str, str], int | None] = {}
    alone: dict[str, int | None] = {}
    others: dict[str, str] = {}
    rows = Unit.objects.filter(level=UnitLevel.COMMUNE).values_list(
        "pk", "code", "name", "folded", "path", "valid_from", "valid_to", "parent__folded"
    )
    for pk, code, name, folded, path, first, last, district in rows.order_by("valid_from"):
        if first <= on and (last is None or on < last):
            ids[code] = pk
            paths[pk] = path or ""
            pair = (plain_unit(folded), plain_unit(district or ""))
            names[pair] = None if pair in names else pk
            alone[pair[0]] = None if pair[0] in alone else pk
        else:
            others[code] = _elsewhen(name, first, last, on)
    reach = None
    if viewer is not None and not everywhere(viewer, permission):
        own = viewer.paths(permission, ScopeKind.UNIT)
        reach = frozenset(pk for pk, path in paths.items() if path.startswith(own))
    return Communes(ids, names, alone, reach, {code: why for code, why in others.items() if code not in ids})


def commune_code(text: str) -> str:
    """A commune's code with the zeros that a spreadsheet took away."""
    return full_code(text, COMMUNE)


_PREFIXES = (
    "thanh pho ",
    "thi tran ",
    "thi xa ",
    "phuong ",
    "huyen ",
    "quan ",
    "xa ",
    "tt. ",
    "tt ",
    "tp. ",
    "tp ",
    "tx ",
)


def plain_unit(folded: str) -> str:
    """A folded name of a unit without the word for what it is: "xa quang chau" gives "quang chau"."""
    for prefix in _PREFIXES:
        if folded.startswith(prefix) and not folded.removeprefix(prefix).isdigit():
            return folded.removeprefix(prefix)
    return folded


def case_codes(codes: Sequence[str]) -> set[str]:
    """Which of these codes the register has already, whoever asks: codes are unique in the whole register."""
    return {
        code
        for chunk in _chunks(codes)
        for code in Case.objects.filter(code__in=chunk).values_list("code", flat=True)
        if code is not None
    }


def open_cases_of(people: Sequence[int]) -> dict[int, str]:
    """Codes ("" for none) of the open cases of these people, by person."""
    return {
        person: code or ""
        for chunk in _chunks(people)
        for person, code in Case.objects.filter(person__in=chunk)
        .exclude(status=CaseStatus.DISCARDED)
        .values_list("person_id", "code")
    }


def residences(people: Sequence[int]) -> dict[int, int | None]:
    """Row ids of the communes where these people live."""
    return {
        person: unit
        for chunk in _chunks(people)
        for person, unit in Person.objects.filter(pk__in=chunk).values_list("pk", "unit_id")
    }


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """What an end of a reported contact stands for: a person, and their case if they have one."""

    person_id: int
    case_id: int | None


def link_ends(viewer: Viewer | None, codes: Sequence[str]) -> dict[str, LinkEnd]:
    """What each code stands for: a case of that code in reach, else a person of that code with their open case."""
    permission = Permission.IMPORT_CASES
    cases = Case.objects.all()
    if viewer is not None and not everywhere(viewer, permission):
        cases = cases_in_reach(viewer, permission)
    found: dict[str, LinkEnd] = {}
    people = people_by_code(viewer, permission, codes)
    open_cases = dict(
        pair
        for chunk in _chunks(list(people.values()))
        for pair in cases.filter(person__in=chunk)
        .exclude(status=CaseStatus.DISCARDED)
        .values_list("person_id", "pk")
    )
    for code, person in people.items():
        found[code] = LinkEnd(person, open_cases.get(person))
    for chunk in _chunks(codes):
        for case in cases.filter(code__in=chunk):
            found[case.code or ""] = LinkEnd(case.person_id, case.pk)
    return found


def imports(viewer: Viewer) -> QuerySet[ImportedFile]:
    """Past imports, latest first: of the kinds that the viewer may import; a company's officer sees only their own."""
    kinds = [spec.kind for spec in SPECS.values() if viewer.may(spec.permission)]
    wide = [kind for kind in kinds if viewer.paths(SPECS[kind].permission, ScopeKind.UNIT)]
    return (
        ImportedFile.objects.filter(Q(kind__in=wide) | Q(kind__in=kinds, by_id=viewer.user_id))
        .select_related("by")
        .order_by("-at", "-pk")
    )


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _day(on: date) -> str:
    return date_format(on, "SHORT_DATE_FORMAT")


def _elsewhen(name: str, first: date, last: date | None, on: date) -> str:
    shown = {"name": name, "first": _day(first), "last": _day(last) if last else "", "day": _day(on)}
    if last is None:
        return (
            _("%(name)s has this code only from %(first)s; codes are read for %(day)s. Give a later day.")
            % shown
        )
    return (
        _(
            "%(name)s had this code from %(first)s until %(last)s; codes are read for %(day)s. Give a day of that time."
        )
        % shown
    )
