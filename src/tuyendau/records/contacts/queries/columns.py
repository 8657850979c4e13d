"""The columns of the list of contacts over all cases."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy
from tuyendau.core.lists.rules import Column, ListOf
from tuyendau.lib.spreadsheet import Kind
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Evidence, Exposure, Grade
from tuyendau.records.contacts.queries.across import Exposed
from tuyendau.science.tracing import minutes_shown

PERSONAL, SENSITIVE = Privacy.PERSONAL, Privacy.SENSITIVE


def place_of(exposure: Exposure) -> str:
    """Where and how long an exposure was, as far as the reader is told."""
    told = getattr(exposure, "told", False)
    if exposure.evidence == Evidence.REPORTED:
        return (told and exposure.note) or str(Evidence.REPORTED.label)
    near = exposure.evidence == Evidence.ENCOUNTER
    there = str(Evidence.ENCOUNTER.label) if near else exposure.site and exposure.site.name
    site, unit = there if told else gettext("Elsewhere"), gettext("min")
    return f"{site} ({minutes_shown(exposure.seconds)} {unit})"


def _case(case: Case | None) -> str:
    return str(case.code or case.public_id) if case else gettext("a case elsewhere")


def _cases(row: Exposed) -> str:
    return "; ".join(_case(getattr(contact, "shown_case", None)) for contact in row.contacts)


def _places(row: Exposed) -> str:
    return "; ".join(dict.fromkeys(place_of(exposure) for exposure in row.exposures))


def _seconds(row: Exposed) -> int:
    return max((contact.seconds for contact in row.contacts), default=0)


COLUMNS = (
    Column("name", _("Name"), lambda r: r.person.full_name, PERSONAL, 26, shown=True, fixed=True),
    Column("code", _("Number"), lambda r: r.person.code, PERSONAL, 16, shown=True),
    Column(
        "birth_year", _("Birth year"), lambda r: r.person.birth_year, PERSONAL, 10, Kind.WHOLE, shown=True
    ),
    Column("phone", _("Phone"), lambda r: r.person.phone, PERSONAL, 14, shown=True),
    Column(
        "commune",
        _("Commune"),
        lambda r: r.person.unit.name if r.person.unit else None,
        PERSONAL,
        24,
        shown=True,
    ),
    Column("address", _("Address"), lambda r: r.person.address, PERSONAL, 30, shown=True),
    Column("grade", _("Grade"), lambda r: str(Grade(r.grade).label), SENSITIVE, 12, shown=True),
    Column("cases", _("Cases"), _cases, SENSITIVE, 24, shown=True),
    Column("sites", _("Sites"), _places, SENSITIVE, 44, shown=True),
    Column(
        "minutes", _("Minutes"), lambda r: minutes_shown(_seconds(r)), SENSITIVE, 10, Kind.WHOLE, shown=True
    ),
    Column("last", _("Last together"), lambda r: r.last, SENSITIVE, 18, Kind.MOMENT, shown=True),
    Column(
        "chance",
        _("Probability of transmission"),
        lambda r: round(r.chance, 4),
        SENSITIVE,
        14,
        Kind.NUMBER,
        shown=True,
    ),
)

CONTACTS = ListOf(
    "contacts", "contacts:list", _("Contacts"), Permission.CONTACT_VIEW, COLUMNS,
    frozenset({"first", "last", "site", "grade", "disease", "q"}),
)  # fmt: skip
