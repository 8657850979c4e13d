"""Cases and contacts for those who need numbers and not names.

The rows are found as the program, since these viewers see no person; who may have them, and of which units, is the
condition of the query itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Denied, Permission, Privacy, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.insight.exchange.rules.pseudonyms import age_group, key_of, pseudonym, shown_areas
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.contacts.models import Contact, Grade
from tuyendau.records.people.queries import within

What = Literal["cases", "contacts"]
PURPOSES: dict[str, str | Promise] = {
    "report": _("report to a higher level"),
    "planning": _("planning"),
    "inspection": _("inspection"),
    "research": _("research"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What one row may say: the key of the recipient's pseudonyms, the areas that are told, the year of ages."""

    key: bytes
    areas: dict[Any, str]
    year: int

    def person(self, person: Any) -> str:
        return pseudonym(self.key, person.public_id)

    def age(self, person: Any) -> str:
        return age_group(person.birth_year, self.year)

    def area(self, unit_id: int | None) -> str:
        return self.areas.get(unit_id, "")


@dataclass(frozen=True, slots=True)
class Told:
    """One column: heading, width in characters, privacy class, and the value of a row."""

    title: str | Promise
    width: int
    privacy: Privacy
    value: Callable[[Any, Telling], object]


_S, _P = Privacy.SENSITIVE, Privacy.PUBLIC
CASE_COLUMNS: tuple[Told, ...] = (
    Told(_("Pseudonym"), 16, _S, lambda case, t: t.person(case.person)),
    Told(_("Age group"), 10, _S, lambda case, t: t.age(case.person)),
    Told(_("Sex"), 8, _S, lambda case, t: str(case.person.get_sex_display()) if case.person.sex else ""),
    Told(_("Area"), 28, _S, lambda case, t: t.area(case.unit_id)),
    Told(_("Status"), 14, _S, lambda case, t: str(case.get_status_display())),
    Told(_("Onset"), 12, _S, lambda case, t: case.onset_on),
    Told(_("Sample"), 12, _S, lambda case, t: case.sampled_on),
    Told(_("Result"), 12, _S, lambda case, t: case.result_on),
    Told(_("Reported"), 12, _S, lambda case, t: case.reported_on),
    Told(_("Outcome"), 12, _S, lambda case, t: str(case.get_outcome_display()) if case.outcome else ""),
    Told(_("Outcome date"), 12, _S, lambda case, t: case.outcome_on),
)
CONTACT_COLUMNS: tuple[Told, ...] = (
    Told(_("Pseudonym"), 16, _S, lambda contact, t: t.person(contact.person)),
    Told(_("Contact of"), 16, _S, lambda contact, t: t.person(contact.case.person)),
    Told(_("Grade"), 12, _S, lambda contact, t: str(Grade(contact.grade).label)),
    Told(_("Age group"), 10, _S, lambda contact, t: t.age(contact.person)),
    Told(
        _("Sex"),
        8,
        _S,
        lambda contact, t: str(contact.person.get_sex_display()) if contact.person.sex else "",
    ),
    Told(_("Area"), 28, _S, lambda contact, t: t.area(contact.person.unit_id)),
    Told(_("Minutes"), 10, _S, lambda contact, t: contact.seconds // 60),
    Told(
        _("First together"),
        12,
        _S,
        lambda contact, t: clock.local_day(contact.first) if contact.first else None,
    ),
    Told(
        _("Last together"), 12, _S, lambda contact, t: clock.local_day(contact.last) if contact.last else None
    ),
)
COLUMNS: dict[str, tuple[Told, ...]] = {"cases": CASE_COLUMNS, "contacts": CONTACT_COLUMNS}


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a list: its rows under the headings of `COLUMNS`, and how many rows the whole has."""

    rows: list[list[object]]
    count: int


def table(
    viewer: Viewer, what: What, *, recipient: str, purpose: str, first: int = 0, size: int | None = None
) -> Table:
    """Rows `first` to `first + size` of the cases or contacts in the viewer's units, under pseudonyms.

    `recipient` and `purpose` decide which files link; see `rules.pseudonyms.key_of`. Raises `Denied` for whoever holds
    the permission over no unit: a park's board is told counts only.
    """
    if not viewer.paths(Permission.PSEUDONYM_VIEW, ScopeKind.UNIT):
        raise Denied(Permission.PSEUDONYM_VIEW)
    with as_program():
        rows = _cases(viewer) if what == "cases" else _contacts(viewer)
        unit = "unit" if what == "cases" else "person__unit"
        counts = dict(rows.order_by().values_list(unit).annotate(n=Count("pk")))
        telling = Telling(key_of(settings.SECRET_KEY, recipient, purpose), _areas(counts), clock.now().year)
        part = rows[first : None if size is None else first + size]
        told = [[column.value(row, telling) for column in COLUMNS[what]] for row in part]
    return Table(told, sum(counts.values()))


def _cases(viewer: Viewer) -> QuerySet[Case]:
    """Never in the order of names or of entry: the public id is random."""
    cases = cases_in_reach(viewer, Permission.PSEUDONYM_VIEW).exclude(status=CaseStatus.DISCARDED)
    return cases.select_related("person").order_by("-reported_on", "public_id")


def _contacts(viewer: Viewer) -> QuerySet[Contact]:
    reach = within(viewer, Permission.PSEUDONYM_VIEW, person="person__")
    contacts = Contact.objects.filter(reach).exclude(grade=Grade.EXCLUDED)
    return contacts.select_related("person", "case__person").order_by("grade", "public_id")


def _areas(counts: dict[int | None, int]) -> dict[int | None, str]:
    """The name of the area that is told for each unit (row number) that has so many rows."""
    units = Unit.objects.in_bulk([unit for unit in counts if unit is not None])
    above = {pk: _district(unit) for pk, unit in units.items()}
    names = dict(Unit.objects.filter(pk__in=set(above.values())).values_list("pk", "name"))
    names |= {pk: unit.name for pk, unit in units.items()}
    shown = shown_areas([(pk, above[pk], n) for pk, n in counts.items() if pk in units], settings.LEAST_GROUP)
    return {pk: names[area] for pk, area in shown.items() if area is not None}  # type: ignore[misc,index]


def _district(unit: Unit) -> int:
    """The row number of the unit right above a commune; a unit of another level stands for itself."""
    above = [int(part) for part in str(unit.path).strip("/").split("/")]
    return above[-2] if unit.level == UnitLevel.COMMUNE and len(above) > 1 else unit.pk


def headings(what: What) -> Sequence[Told]:
    """The columns of a list."""
    return COLUMNS[what]
