"""Writes of the trees of units and of what went into what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places import rules
from tuyendau.core.places.actions.errors import PlacesRefused, Problem
from tuyendau.core.places.actions.rows import Link, Loaded, UnitRow
from tuyendau.core.places.actions.trees import lock_trees, next_ids, rebuild_paths
from tuyendau.core.places.models import Unit, UnitSuccessor
from tuyendau.lib import text

Key = tuple[int, str]
BATCH = 2000
_TOLD = ("lon", "lat", "population", "area_km2")
_FIELDS = ["name", "folded", "parent", "path", "valid_to", *_TOLD]


@as_program()
def load_units(
    rows: Sequence[UnitRow],
    *,
    valid_from: date,
    valid_to: date | None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Loaded:
    """Take in a tree, or part of one, that is valid from a day to before another (None: until further notice).

    A unit already there from the same day is brought up to date, where the row tells something; one that is not in
    `rows` stays. The same rows again change nothing. Raises `PlacesRefused` if a parent is missing, or a code is
    already valid over days of the period.
    """
    lock_trees()
    known = {(unit.level, unit.code): unit for unit in Unit.objects.filter(valid_from=valid_from)}
    rows = sorted(rows, key=lambda row: row.level)
    problems = [*_without_parent(rows, known), *_overlapping(rows, valid_from, valid_to)]
    if problems:
        raise PlacesRefused(problems)
    new, changed = _apply(rows, known, valid_from, valid_to)
    Unit.objects.bulk_create(new, batch_size=BATCH)
    Unit.objects.bulk_update(changed, _FIELDS, batch_size=BATCH)
    if changed:
        rebuild_paths(Unit)
    loaded = Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))
    if loaded.changed:
        data = {
            "valid_to": valid_to.isoformat() if valid_to else None,
            "created": len(new),
            "updated": len(changed),
        }
        audit.record("units.loaded", by=by, at=at, subject=f"units:{valid_from.isoformat()}", data=data)
    return loaded


def _without_parent(rows: Sequence[UnitRow], known: dict[Key, Unit]) -> Iterable[Problem]:
    keys = {row.key for row in rows}
    for row in rows:
        if row.parent is None:
            if row.level != rules.PROVINCE and row.key not in known:
                yield Problem(
                    row.row, "parent_code", _("%(code)s has no unit above it.") % {"code": row.code}
                )
        elif row.parent not in keys and row.parent not in known:
            yield Problem(
                row.row,
                "parent_code",
                _("There is no unit %(parent)s above %(code)s, neither in the file nor loaded from that day.")
                % {"parent": row.parent[1], "code": row.code},
            )


def _overlapping(rows: Sequence[UnitRow], valid_from: date, valid_to: date | None) -> Iterable[Problem]:
    """Rows whose code another tree gives to a unit on a day of the period."""
    others = Unit.objects.exclude(valid_from=valid_from).filter(code__in={row.code for row in rows})
    taken = {
        (level, code): (start, end)
        for level, code, start, end in others.values_list("level", "code", "valid_from", "valid_to")
        if rules.overlap(start, end, valid_from, valid_to)
    }
    for row in rows:
        if row.key in taken:
            start, end = taken[row.key]
            yield Problem(
                row.row,
                "code",
                _(
                    "%(code)s is already a unit from %(from)s to %(to)s. Give the days on which this tree is valid."
                )
                % {"code": row.code, "from": f"{start:%d/%m/%Y}", "to": f"{end:%d/%m/%Y}" if end else "…"},
            )


def _apply(
    rows: Sequence[UnitRow], known: dict[Key, Unit], valid_from: date, valid_to: date | None
) -> tuple[list[Unit], list[Unit]]:
    """New units with number and path, and known ones that the rows change; parents come before children."""
    missing = [row for row in rows if row.key not in known]
    numbers = dict(zip((row.key for row in missing), next_ids(Unit, len(missing)), strict=True))
    units = dict(known)
    new, changed = [], []
    for row in rows:
        unit = units.get(row.key)
        before = _state(unit) if unit else None
        if unit is None:
            unit = Unit(id=numbers[row.key], code=row.code, level=row.level, valid_from=valid_from)
            units[row.key] = unit
            new.append(unit)
        _fill(unit, row, units[row.parent] if row.parent else None, valid_to)
        if before is not None and _state(unit) != before:
            changed.append(unit)
    return new, changed


def _state(unit: Unit) -> dict[str, object]:
    return {field: getattr(unit, f"{field}_id" if field == "parent" else field) for field in _FIELDS}


def _fill(unit: Unit, row: UnitRow, parent: Unit | None, valid_to: date | None) -> None:
    """Set what the row tells."""
    unit.name = row.name
    unit.folded = text.fold(row.name)
    unit.valid_to = valid_to
    if parent is not None or row.level == rules.PROVINCE:
        unit.parent = parent
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    for field in _TOLD:
        if (value := getattr(row, field)) is not None:
            setattr(unit, field, value)


def successor_links(rows: Iterable[UnitRow], new_from: date) -> list[Link]:
    """The links that a file's column of successors tells; codes of the tree that is valid from `new_from`.

    Raises `PlacesRefused` where a code is not in that tree.
    """
    known = set(Unit.objects.filter(valid_from=new_from, level=rules.COMMUNE).values_list("code", flat=True))
    links, problems = [], []
    for row in rows:
        for code in row.successors:
            if code in known:
                links.append(Link(row.key, (rules.COMMUNE, code)))
            else:
                message = _("There is no commune %(code)s valid from %(day)s.")
                problems.append(
                    Problem(row.row, "successor", message % {"code": code, "day": f"{new_from:%d/%m/%Y}"})
                )
    if problems:
        raise PlacesRefused(problems)
    return links


@as_program()
def link_units(
    links: Iterable[Link], *, old_from: date, new_from: date, by: AbstractBaseUser | None, at: datetime
) -> int:
    """Note what the tree from `old_from` went into in the tree from `new_from`; how many links are new.

    Links between units that are not loaded are left out. Districts and provinces follow from their communes.
    """
    old = {(unit.level, unit.code): unit for unit in Unit.objects.filter(valid_from=old_from)}
    new = {(unit.level, unit.code): unit for unit in Unit.objects.filter(valid_from=new_from)}
    pairs: dict[tuple[int, int], float | None] = {}
    levels = {unit.pk: unit.level for unit in (*old.values(), *new.values())}
    for link in links:
        if link.old in old and link.new in new:
            a, b = old[link.old], new[link.new]
            pairs[a.pk, b.pk] = link.share
            for above in _pairs_above(a, b, levels):
                pairs.setdefault(above, None)
    known = set(UnitSuccessor.objects.filter(old__valid_from=old_from).values_list("old_id", "new_id"))
    fresh = [UnitSuccessor(old_id=a, new_id=b, share=s) for (a, b), s in pairs.items() if (a, b) not in known]
    UnitSuccessor.objects.bulk_create(fresh, batch_size=BATCH)
    if fresh:
        data = {"new_from": new_from.isoformat(), "links": len(fresh)}
        audit.record("units.linked", by=by, at=at, subject=f"units:{old_from.isoformat()}", data=data)
    return len(fresh)


def _pairs_above(old: Unit, new: Unit, levels: dict[int, int]) -> Iterable[tuple[int, int]]:
    """The units above `old` and `new`, paired where both trees have that level."""
    up_old = {levels[pk]: pk for pk in _ancestors(old)}
    up_new = {levels[pk]: pk for pk in _ancestors(new)}
    return ((up_old[level], up_new[level]) for level in up_old.keys() & up_new.keys())


def _ancestors(unit: Unit) -> list[int]:
    return [int(part) for part in str(unit.path).strip("/").split("/")][:-1]
