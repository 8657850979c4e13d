"""What changed between two moments, as it was known at each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import UnitLevel
from tuyendau.insight.situation.queries.curve import part_of_each
from tuyendau.insight.situation.queries.scope import Known, Scope, units_below
from tuyendau.records.cases.models import Case

MOST_LISTED = 100
"""Of more cases no list is made by their numbers: its address would grow too long."""


@dataclass(frozen=True, slots=True)
class Change:
    """How many cases changed in one way. `code` says how; `ids` are their public ids where these are few enough."""

    code: str
    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed `since`. `communes` have their first cases since: code, name, cases."""

    since: datetime
    changes: tuple[Change, ...]
    communes: tuple[tuple[str, str, int], ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing changed."""
        return not self.changes and not self.communes


@as_program()
def changes(scope: Scope, since: datetime) -> Changes:
    """What changed in the scope from `since` to its moment. Of cases that were removed meanwhile nothing is told."""
    then = scope.earlier(scope.at - since)
    before, now = _by_row(then.cases), _by_row(scope.cases)
    waiting = _by_row(_waiting(then.known))
    rows = {
        "new": now.keys() - before.keys(),
        "gone": before.keys() - now.keys(),
        "died": _became(before, now, lambda case: case.outcome == "died"),
        "recovered": _became(before, now, lambda case: case.outcome == "recovered"),
        "isolated": _became(before, now, lambda case: case.isolated_at is not None) & before.keys(),
        "waiting": _by_row(_waiting(scope.known)).keys() - waiting.keys(),
    }
    told = tuple(Change(code, len(each), _ids(each)) for code, each in rows.items() if each)
    return Changes(since, told, _first_communes(scope, before, now) if rows["new"] else ())


def _by_row(cases: Collection[Known]) -> dict[int, Known]:
    return {case.row: case for case in cases}


def _waiting(cases: Collection[Known]) -> list[Known]:
    return [case for case in cases if case.status in ("suspected", "probable")]


def _became(before: dict[int, Known], now: dict[int, Known], such: Callable[[Known], bool]) -> set[int]:
    return {row for row, case in now.items() if such(case) and not (row in before and such(before[row]))}


def _ids(rows: Collection[int]) -> tuple[str, ...]:
    if len(rows) > MOST_LISTED:
        return ()
    found = Case.objects.filter(pk__any_of=list(rows)).order_by("pk")
    return tuple(found.values_list("public_id", flat=True))


def _first_communes(
    scope: Scope, before: dict[int, Known], now: dict[int, Known]
) -> tuple[tuple[str, str, int], ...]:
    parts = units_below(scope, UnitLevel.COMMUNE)
    of = part_of_each(scope, {**before, **now}.values(), parts)
    had = {unit.pk for row in before if (unit := of[row]) is not None}
    counts: dict[int, int] = {}
    for row in now:
        if (unit := of[row]) is not None and unit.pk not in had:
            counts[unit.pk] = counts.get(unit.pk, 0) + 1
    rows = [(parts[pk].code, parts[pk].name, n) for pk, n in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row[2], row[1])))
