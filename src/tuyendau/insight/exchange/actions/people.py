"""People from a file: rosters, room lists, bus lists. One person may stand in several rows, one for each site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.actions.telephones import phone_numbers
from tuyendau.insight.exchange.actions.units import commune_ids
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.words import SEX
from tuyendau.insight.exchange.queries import communes, people_elsewhere, sites_by_code
from tuyendau.insight.exchange.queries.register import assignments_of, people_as_they_are
from tuyendau.lib import clock
from tuyendau.records.people.actions import NewAssignment, NewPerson, add_people, assign

_PERMISSION = Permission.IMPORT_PEOPLE
_FIELDS = ("full_name", "sex", "birth_year", "birth_date", "phone", "unit_id", "address", "id_number", "bhyt")
_FUTURE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows typed, with "row", and where each belongs: row ids of sites and days, null where none is given."""

    rows: pl.DataFrame
    sites: pl.Series
    since: pl.Series


def import_people(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the people of `sheet` and where they belong. Raises `FileRefused`; then nothing is written."""
    checked = check_people(sheet, task)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    return write_people(checked, task)


def check_people(sheet: Sheet, task: Task) -> Checked:
    """Check the people of `sheet`; what is wrong stands in its problems."""
    rows = pl.DataFrame(
        {
            "row": sheet.rows,
            "code": sheet.text("code"),
            "full_name": sheet.text("full_name"),
            "sex": sheet.words("sex", SEX),
            "birth_year": (years := sheet.birth_year()),
            "birth_date": _days(sheet, years),
            "phone": phone_numbers(sheet),
            "unit_id": commune_ids(sheet, communes(task.viewer, _PERMISSION, task.valid_on), task.valid_on),
            "address": sheet.text("address"),
        }
    )
    rows = rows.with_columns(id_number=numbers.cards(sheet, rows), bhyt=numbers.insurances(sheet))
    _check_reach(sheet, task)
    _check_repeats(sheet, rows)
    numbers.check_holders(sheet, rows)
    return Checked(rows, _sites(sheet, task), sheet.days("from", future=_FUTURE))


def write_people(checked: Checked, task: Task) -> Outcome:
    """Record what was checked. Of a staged import, `made` tells what each person was before."""
    rows = checked.rows
    merged = rows.group_by("code", maintain_order=True).agg(
        pl.col("row").first(), *(pl.col(name).drop_nulls().first() for name in _FIELDS)
    )
    people = [_person(row) for row in merged.drop("row").iter_rows(named=True)]
    before = people_as_they_are(merged["code"].to_list()) if task.keeps else {}
    added = add_people(people, by=task.by, at=task.at)
    by_code = dict(zip(merged["code"], added.ids, strict=True))
    today = clock.local_day(task.at)
    assignments = [
        NewAssignment(by_code[code], site, day or today)
        for code, site, day in zip(rows["code"], checked.sites, checked.since, strict=True)
        if site is not None
    ]
    held = assignments_of(added.ids) if task.keeps else {}
    assigned = assign(assignments, by=task.by, at=task.at) if assignments else 0
    made = {}
    if task.keeps:
        after, holds = people_as_they_are(merged["code"].to_list()), assignments_of(added.ids)
        for row, code in zip(merged["row"], merged["code"], strict=True):
            pk = by_code[code]
            new = sorted(holds.get(pk, set()) - held.get(pk, set()))
            made[row] = [
                {"person": pk, "before": before.get(code), "after": after.get(code), "assignments": new}
            ]
    unchanged = len(people) - added.new - added.changed
    counts = {"new": added.new, "changed": added.changed, "unchanged": unchanged, "assigned": assigned}
    return Outcome(rows.height, counts, made)


def _days(sheet: Sheet, years: pl.Series) -> pl.Series:
    """The days of birth [n] where a day stands and is of the year that counts."""
    days = sheet.birth_date()
    return days.to_frame("day").select(pl.when(days.dt.year() == years).then(days)).to_series()


def _person(row: dict[str, object]) -> NewPerson:
    given = {name: value for name, value in row.items() if value is not None}
    held = tuple(numbers.of(str(given.pop(name))) for name in ("id_number", "bhyt") if name in given)
    return NewPerson(**given, numbers=held)  # type: ignore[arg-type]


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
