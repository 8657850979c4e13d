"""The columns of the list of a selection."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy
from tuyendau.core.lists.rules import Column, ListOf
from tuyendau.insight.map.queries.selection.listed import Line
from tuyendau.lib import phones
from tuyendau.lib.spreadsheet import Kind

PERSONAL, SENSITIVE, PUBLIC = Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.PUBLIC
FILTERS = frozenset({"area", "from", "to", "at", "way", "only"})


def _yes(value: bool) -> str | None:
    return gettext("yes") if value else None


def _sex(line: Line) -> str | None:
    return str(line.person.get_sex_display()) if line.person.sex else None


def _case(line: Line) -> str | None:
    return str(line.case.get_status_display()) if line.case else None


def _followed(line: Line) -> str | None:
    return f"F{line.followup.degree}" if line.followup else None


COLUMNS = (
    Column(
        "name", _("Name"), lambda r: r.person.full_name or None, PERSONAL, 26, sort=("folded",), shown=True, fixed=True
    ),
    Column("code", _("Number"), lambda r: r.person.code, PERSONAL, 16, sort=("code",)),
    Column("id", _("Public id"), lambda r: r.person.public_id, PUBLIC, 24),
    Column(
        "birth_year", _("Birth year"), lambda r: r.person.birth_year, PERSONAL, 10, Kind.WHOLE, sort=("birth_year",),
        shown=True,
    ),
    Column("sex", _("Sex"), _sex, PERSONAL, 8, sort=("sex",)),
    Column("phone", _("Phone"), lambda r: phones.readable(r.person.phone) or None, PERSONAL, 16, shown=True),
    Column(
        "commune", _("Commune"), lambda r: r.person.unit.name if r.person.unit else None, PERSONAL, 24,
        sort=("unit__folded",), shown=True,
    ),
    Column("address", _("Address"), lambda r: r.person.address or None, PERSONAL, 30),
    Column("lives", _("Lives there"), lambda r: _yes(r.lives), PERSONAL, 10, shown=True),
    Column("home", _("Lodging there"), lambda r: r.home or None, PERSONAL, 26),
    Column("works", _("Works there"), lambda r: _yes(r.works), PERSONAL, 10, shown=True),
    Column("first", _("First seen there"), lambda r: r.first, SENSITIVE, 18, Kind.MOMENT),
    Column("last", _("Last seen there"), lambda r: r.last, SENSITIVE, 18, Kind.MOMENT, shown=True),
    Column("case", _("Case"), _case, SENSITIVE, 14, shown=True, permission=Permission.CASE_VIEW),
    Column("followed", _("In follow-up as"), _followed, SENSITIVE, 12, shown=True, permission=Permission.CONTACT_VIEW),
    Column(
        "until", _("Follow-up until"), lambda r: r.followup.last_day if r.followup else None, SENSITIVE, 12, Kind.DAY,
        permission=Permission.CONTACT_VIEW,
    ),
)  # fmt: skip

SELECTION = ListOf(
    "selection", "map:selected", _("People of the selection"), Permission.PERSON_VIEW, COLUMNS, FILTERS
)
