"""Visits out of the rows of a batch: stays are added, scans in and out are replayed on what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions.batches import Columns, store
from tuyendau.records.visits.actions.ending import end_visits, known_visits, replace_rostered
from tuyendau.records.visits.actions.senders import Taken
from tuyendau.records.visits.forms.rows import Parsed, VisitRow
from tuyendau.records.visits.models import VisitSource
from tuyendau.records.visits.queries.references import (
    AMBIGUOUS,
    KnownSite,
    Shifts,
    people_by_reference,
    sites_by_reference,
)
from tuyendau.records.visits.queries.removals import kept_from
from tuyendau.records.visits.rules.problems import Problem

SOURCES = {
    "scan": VisitSource.SCAN,
    "roster": VisitSource.ROSTER,
    "room": VisitSource.ROOM,
    "bus": VisitSource.BUS,
    "file": VisitSource.FILE,
}


@dataclass(slots=True)
class _Stay:
    person: int
    site: KnownSite
    start: int
    end: int | None
    source: VisitSource


@dataclass(slots=True)
class _Sorted:
    """The rows of a batch, told apart."""

    stays: list[_Stay] = field(default_factory=list)
    scans: list[rules.Scan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def record_rows(given: Parsed[VisitRow], *, viewer: Viewer, at: datetime) -> Taken:
    """Record what the rows of a batch say, within the caller's transaction: good rows are kept, the others named.

    Stays come first and scans after them, in the order of their moments. Raises `Denied`.
    """
    viewer.require(Permission.VISIT_RECORD)
    sites = sites_by_reference({row.site for _number, row in given.rows}, viewer)
    told = _sorted(given.rows, sites, at)
    people = [stay.person for stay in told.stays if stay.end is None]
    shifts = Shifts([*people, *(scan.person for scan in told.scans if not scan.out)])
    taken = Taken(given.count, problems=[*given.problems, *told.problems])
    if told.stays:
        taken.accepted += _store(told.stays, shifts, at)
        taken.doubled += len(told.stays) - taken.accepted
    if told.scans:
        _replay(told.scans, {site.id: site for site in sites.values()}, shifts, taken, at)
    return taken


def _sorted(rows: Sequence[tuple[int, VisitRow]], sites: dict[str, KnownSite], at: datetime) -> _Sorted:
    people = people_by_reference({row.person for _number, row in rows})
    horizon = kept_from()
    told = _Sorted()
    for number, row in rows:
        person, site = people.get(row.person), sites.get(row.site)
        problem = _problem(number, row, person, site, at) or _old(number, row, horizon)
        if problem is not None:
            told.problems.append(problem)
        elif person is not None and site is not None and row.moment is not None:
            told.scans.append(
                rules.Scan(number, person, site.id, int(row.moment.timestamp()), row.direction == "out")
            )
        elif person is not None and site is not None and row.start is not None:
            end = None if row.end is None else int(row.end.timestamp())
            told.stays.append(_Stay(person, site, int(row.start.timestamp()), end, SOURCES[row.source]))
    return told


def _problem(
    number: int, row: VisitRow, person: int | None, site: KnownSite | None, at: datetime
) -> Problem | None:
    """What is wrong with a row, if anything."""
    if person is None:
        return Problem(
            number, "person", "unknown_person", _("Nobody is known by “%(said)s”.") % {"said": row.person}
        )
    if person == AMBIGUOUS:
        text = _("Several people have the number “%(said)s”. Name the person by code.") % {"said": row.person}
        return Problem(number, "person", "ambiguous_person", text)
    if site is None:
        text = _("There is no site “%(said)s” among those that this sender may record for.") % {
            "said": row.site
        }
        return Problem(number, "site", "unknown_site", text)
    return _shape(number, row) or _time(number, row, at)


def _old(number: int, row: VisitRow, horizon: datetime) -> Problem | None:
    if (row.moment or row.start or horizon) >= horizon:
        return None
    name = "moment" if row.moment else "start"
    return Problem(number, name, "too_old", _("What is so long ago is no longer kept."))


def _shape(number: int, row: VisitRow) -> Problem | None:
    if row.moment is None and row.direction is None:
        if row.start is None:
            return Problem(number, "start", "missing", _("A row has start, or direction and moment."))
        if row.end is None and row.source in ("roster", "room", "bus"):
            return Problem(number, "end", "missing", _("A row of a list says both start and end."))
        return None
    if row.moment is None or row.direction is None:
        name = "moment" if row.moment is None else "direction"
        return Problem(number, name, "missing", _("A scan has both direction and moment."))
    if row.start is not None or row.end is not None:
        return Problem(number, "start", "both", _("A row is a stay or a scan, and not both."))
    if row.source != "scan":
        return Problem(number, "source", "both", _("Whatever has a direction is a scan."))
    return None


_FAULTS = {
    rules.Fault.FUTURE: "future",
    rules.Fault.TOO_EARLY: "too_early",
    rules.Fault.OUT_BEFORE_IN: "out_before_in",
    rules.Fault.TOO_LONG: "too_long",
}


def _time(number: int, row: VisitRow, at: datetime) -> Problem | None:
    begin = row.moment or row.start or at
    fault = rules.fault_of(begin, row.end, at)
    if fault is None and row.end is not None and int(row.end.timestamp()) == int(begin.timestamp()):
        # Times are kept to the second: a stay within one is none.
        fault = rules.Fault.OUT_BEFORE_IN
    if fault is None:
        return None
    messages = {
        rules.Fault.FUTURE: _("This lies in the future. Check the clock of the scanner."),
        rules.Fault.TOO_EARLY: _("This is too long ago. Check the clock of the scanner."),
        rules.Fault.OUT_BEFORE_IN: _("Out before in. Check both times."),
        rules.Fault.TOO_LONG: _("The stay is longer than 62 days. Send it in parts."),
    }
    early = fault is rules.Fault.TOO_EARLY or begin > at + rules.CLOCK_SKEW
    name = "moment" if row.moment else "start" if early else "end"
    return Problem(number, name, _FAULTS[fault], messages[fault])


def _store(stays: Sequence[_Stay], shifts: Shifts, at: datetime) -> int:
    """Write stays; how many were new or corrected what was assumed."""
    ends = [
        rules.assumed_end(s.start, s.site.dwell_seconds, shifts.at(s.person, s.site, s.start))
        if s.end is None
        else s.end
        for s in stays
    ]
    rows = (
        (s.person, s.site.id, s.start, end, s.end is None, s.source)
        for s, end in zip(stays, ends, strict=True)
    )
    return store(Columns.of(rows), at=at)


def _replay(
    scans: Sequence[rules.Scan], sites: dict[int, KnownSite], shifts: Shifts, taken: Taken, at: datetime
) -> None:
    """Let the scans happen, write what they come to, and add to what was taken."""
    known = known_visits({(scan.person, scan.site) for scan in scans}, _moments(scans))

    def end_of(scan: rules.Scan) -> int:
        site = sites[scan.site]
        return rules.assumed_end(scan.moment, site.dwell_seconds, shifts.at(scan.person, site, scan.moment))

    result = rules.replay(scans, known, end_of)
    if result.added:
        replace_rostered([(person, site, v.start, v.end) for (person, site), v in result.added])
        rows = ((*place, v.start, v.end, v.open, VisitSource.SCAN) for place, v in result.added)
        store(Columns.of(rows), at=at)
    end_visits([visit for _place, visit in result.ended], at=at)
    text = _("This person was not scanned in here in the 24 hours before. Send the stay with both times.")
    taken.problems += [Problem(row, "direction", "not_in", text) for row in result.without_in]
    taken.doubled += len(result.doubled)
    taken.accepted += len(scans) - len(result.doubled) - len(result.without_in)


def _moments(scans: Iterable[rules.Scan]) -> tuple[datetime, datetime]:
    """From when to when the visits begin on which scans can bear."""
    moments = [scan.moment for scan in scans]
    return (
        datetime.fromtimestamp(min(moments), UTC) - rules.LONGEST_SHIFT,
        datetime.fromtimestamp(max(moments), UTC) + timedelta(seconds=1),
    )
