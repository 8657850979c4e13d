"""People from a file: rosters, room lists, bus lists. One person may stand in several rows, one for each site."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.actions.units import commune_ids
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.words import SEX
from tuyendau.insight.exchange.queries import communes, people_elsewhere, sites_by_code
from tuyendau.lib import clock, phones
from tuyendau.records.people.actions import NewAssignment, NewPerson, add_people, assign

_PERMISSION = Permission.IMPORT_PEOPLE
_FIELDS = ("full_name", "sex", "birth_year", "birth_date", "phone", "unit_id", "address", "id_number", "bhyt")
_FUTURE = timedelta(days=366)


def import_people(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the people of `sheet` and where they belong. Raises `FileRefused`; then nothing is written."""
    rows = pl.DataFrame(
        {
            "code": sheet.text("code"),
            "full_name": sheet.text("full_name"),
            "sex": sheet.words("sex", SEX),
            "birth_year": (years := sheet.birth_year()),
            "birth_date": _days(sheet, years),
            "phone": _phones(sheet),
            "unit_id": commune_ids(sheet, communes(task.viewer, _PERMISSION, task.valid_on), task.valid_on),
            "address": sheet.text("address"),
        }
    )
    rows = rows.with_columns(id_number=numbers.cards(sheet, rows), bhyt=numbers.insurances(sheet))
    _check_reach(sheet, task)
    _check_repeats(sheet, rows)
    numbers.check_holders(sheet, rows)
    site_ids = _sites(sheet, task)
    since = sheet.days("from", future=_FUTURE)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    merged = rows.group_by("code", maintain_order=True).agg(
        pl.col(name).drop_nulls().first() for name in _FIELDS
    )
    people = [_person(row) for row in merged.iter_rows(named=True)]
    added = add_people(people, by=task.by, at=task.at)
    by_code = dict(zip(merged["code"], added.ids, strict=True))
    today = clock.local_day(task.at)
    assignments = [
        NewAssignment(by_code[code], site, day or today)
        for code, site, day in zip(rows["code"], site_ids, since, strict=True)
        if site is not None
    ]
    assigned = assign(assignments, by=task.by, at=task.at) if assignments else 0
    unchanged = len(people) - added.new - added.changed
    return Outcome(
        len(sheet), {"new": added.new, "changed": added.changed, "unchanged": unchanged, "assigned": assigned}
    )


def _days(sheet: Sheet, years: pl.Series) -> pl.Series:
    """The days of birth [n] where a day stands and is of the year that counts."""
    days = sheet.birth_date()
    return days.to_frame("day").select(pl.when(days.dt.year() == years).then(days)).to_series()


def _person(row: dict[str, object]) -> NewPerson:
    given = {name: value for name, value in row.items() if value is not None}
    held = tuple(numbers.of(str(given.pop(name))) for name in ("id_number", "bhyt") if name in given)
    return NewPerson(**given, numbers=held)  # type: ignore[arg-type]


def _phones(sheet: Sheet) -> pl.Series:
    """Numbers in one form [n]; a mobile number whose leading zero a spreadsheet took away gets it back."""
    texts = sheet.text("phone")
    forms: dict[str, str | None] = {}
    for text in texts.drop_nulls().unique():
        digits = text.removesuffix(".0")
        try:
            forms[text] = phones.normalise("0" + digits if len(digits) == 9 and digits.isdigit() else digits)
        except phones.PhoneRefused:
            forms[text] = None
    found = texts.replace_strict(forms, default=None, return_dtype=pl.String)
    sheet.wrong(
        texts.is_not_null() & found.is_null(), "phone",
        _("This is no Vietnamese telephone number. Write ten digits from 0, one number in a cell, or clear the cell."),
    )  # fmt: skip
    return found


def _check_reach(sheet: Sheet, task: Task) -> None:
    codes = sheet.text("code")
    elsewhere = people_elsewhere(task.viewer, _PERMISSION, codes.drop_nulls().unique().to_list())
    if elsewhere:
        message = _("This person is recorded outside your area. Ask the province to change them.")
        sheet.wrong(codes.is_in(list(elsewhere)), "code", message)


def _check_repeats(sheet: Sheet, rows: pl.DataFrame) -> None:
    """A person in several rows must be the same in each, as far as cells are filled."""
    for name in _FIELDS:
        first = rows.select(pl.col(name).drop_nulls().first().over("code"))[name]
        shown = {"unit_id": "unit"}.get(name, name)
        if name == "birth_year" and not sheet.has("birth_year"):
            shown = "birth_date"
        sheet.wrong(
            rows["code"].is_not_null() & (rows[name] != first), shown,
            _("An earlier row of the same person says otherwise. Make both rows agree."),
        )  # fmt: skip


def _sites(sheet: Sheet, task: Task) -> pl.Series:
    codes = sheet.text("site")
    if not sheet.has("site"):
        return pl.Series([None] * len(sheet), dtype=pl.Int64)
    known = {code: site.id for code, site in sites_by_code(task.viewer, _PERMISSION).items()}
    ids = codes.replace_strict(known, default=None, return_dtype=pl.Int64)
    message = _("There is no site with this code. Check it, or import the site first.")
    sheet.wrong(codes.is_not_null() & ids.is_null(), "site", message)
    return ids
