"""In and out of a batch, replayed in the order in which they happened, as if each had been sent by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tuyendau.records.visits.rules.stays import LONGEST_SHIFT

_LONGEST = int(LONGEST_SHIFT.total_seconds())

Place = tuple[int, int]
"""A person and a site, by their row ids."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One in or out: the row of the batch that told it, who, where, and when in seconds since 1970 UTC."""

    row: int
    person: int
    site: int
    moment: int
    out: bool


@dataclass(slots=True)
class Known:
    """A visit of one person at one site. `id` is None until it is written; `row` the row that began it.

    `open` while its end is only assumed; `changed` where a row of the batch ended a visit that was there before.
    """

    start: int
    end: int
    open: bool
    id: int | None = None
    row: int = -1
    changed: bool = False


@dataclass(slots=True)
class Replayed:
    """What a batch of scans comes to: visits to add, visits to end, and rows that told nothing new or cannot be."""

    added: list[tuple[Place, Known]] = field(default_factory=list)
    ended: list[tuple[Place, Known]] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    without_in: list[int] = field(default_factory=list)


def replay(
    scans: Iterable[Scan], known: Mapping[Place, Iterable[Known]], end_of: Callable[[Scan], int]
) -> Replayed:
    """Let `scans` happen in the order of their moments, on top of the visits that are `known`.

    `end_of` is the assumed end of who comes in. An in while the person is there already, such as a double beep, and an
    out that is known tell nothing new. An out ends the latest open visit that began in the day before it.
    """
    visits: dict[Place, list[Known]] = defaultdict(list)
    for place, rows in known.items():
        visits[place] = sorted(rows, key=lambda visit: visit.start)
    result = Replayed()
    for scan in sorted(scans, key=lambda scan: (scan.moment, scan.row)):
        here = visits[scan.person, scan.site]
        if scan.out:
            _go_out(scan, here, result)
        elif _there(scan, here):
            result.doubled.append(scan.row)
        else:
            visit = Known(scan.moment, end_of(scan), open=True, row=scan.row)
            here.append(visit)
            here.sort(key=lambda v: v.start)
            result.added.append(((scan.person, scan.site), visit))
    for place, rows in visits.items():
        result.ended += [(place, visit) for visit in rows if visit.changed]
    return result


def _there(scan: Scan, here: list[Known]) -> bool:
    """Whether the person is there at the moment of an in: a visit begins just then, or an open one is under way."""
    return any(
        visit.start == scan.moment
        or (visit.open and scan.moment - _LONGEST < visit.start <= scan.moment < visit.end)
        for visit in here
    )


def _go_out(scan: Scan, here: list[Known], result: Replayed) -> None:
    begun = [visit for visit in here if scan.moment - _LONGEST < visit.start < scan.moment]
    if any(not visit.open and visit.end == scan.moment for visit in begun):
        result.doubled.append(scan.row)
        return
    still = [visit for visit in begun if visit.open]
    if not still:
        result.without_in.append(scan.row)
        return
    still[-1].end, still[-1].open, still[-1].changed = scan.moment, False, still[-1].id is not None
