"""How good contact lists are, measured against the truth: recall by grade and rank, and the quarantine they cost.

Lists come from the tracing engine over what was observed: the records, and what each case told by the time of its own
report. The truth only judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi import ContactPolicy, Grade, infectious_windows
from tuyendau.science.epi.diseases import disease
from tuyendau.science.epi.times import DAY, UTC_OFFSET, day_to_date
from tuyendau.science.sim import kinds
from tuyendau.science.sim.building.plot import within
from tuyendau.science.sim.days import Days, Presence
from tuyendau.science.sim.surveillance import Told, interviews
from tuyendau.science.sim.truth import Outbreak
from tuyendau.science.sim.world import Ints, Reals, World
from tuyendau.science.tracing import NO_ONSET, DaySegment, Keys, PresenceIndex, Sources, Visits

QUARANTINE_DAYS = 21
"""By the order of 5 May 2021."""

CLOSE_RANGE = (
    kinds.LINE, kinds.WORKSHOP, kinds.CANTEEN_ZONE, kinds.BUS, kinds.ROOM, kinds.HOUSEHOLD, kinds.SHOP,
)  # fmt: skip
"""Kinds of site at which the app is taken to measure everybody as near; generous, for a line is longer than 2 m."""


@dataclass(frozen=True, eq=False)
class Listing:
    """[n] people on the lists of cases: case int32 (row of the Cases), person int32, grade int8, probability float64,
    rank int32 (from 0 within a case's list, by grade and then probability), day int32: local day of the list."""

    case: Ints
    person: Ints
    grade: NDArray[np.int8]
    probability: Reals
    rank: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: NDArray[Any]) -> Listing:
        """The entries at `rows` (indices or a mask)."""
        return Listing(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, eq=False)
class Infectees:
    """[m] true infections that a list could bring out: case int32 (the infector's row of the Cases), person int32,
    infected int32 seconds, setting int8 and recorded bool as in the Truth.

    Beside them, infections of which no list can tell: unfound, whose infector was never found; known, who were cases
    themselves by the day on which their infector was reported.
    """

    case: Ints
    person: Ints
    infected: Ints
    setting: NDArray[np.int8]
    recorded: NDArray[np.bool_]
    unfound: int
    known: int

    def __len__(self) -> int:
        return len(self.case)


def true_infectees(world: World, outbreak: Outbreak) -> Infectees:
    """Whom each found case infected."""
    case_of = np.full(len(world.people), -1, np.int32)
    case_of[outbreak.cases.person] = np.arange(len(outbreak.cases))
    t = outbreak.truth
    inside = t.infector >= 0
    case = np.where(inside, case_of[np.maximum(t.infector, 0)], -1)
    day_of = report_days(outbreak)
    own = np.where(case_of[t.person] >= 0, day_of[case_of[t.person]], 2**30)
    known = (case >= 0) & (own <= day_of[case])
    rows = np.flatnonzero((case >= 0) & ~known)
    return Infectees(
        case[rows].astype(np.int32), t.person[rows], t.infected[rows], t.setting[rows], t.recorded[rows],
        int((inside & (case < 0)).sum()), int(known.sum()),
    )  # fmt: skip


def sources(outbreak: Outbreak, rows: Any, earlier: int = 0) -> Sources:
    """The cases at `rows` with their infectious windows, as the program traces them, or so many days `earlier`."""
    c = outbreak.cases
    reference = np.where(c.onset[rows] != NO_ONSET, c.onset[rows], c.sampled[rows])
    covid = disease("covid19")
    back = [covid.lookback_days(day_to_date(d)) for d in report_days(outbreak)[rows]]
    start, end = infectious_windows(reference, c.isolated[rows], np.array(back, np.int64) + earlier)
    return Sources.of(c.person[rows], start, end, c.onset[rows])


def report_days(outbreak: Outbreak) -> Ints:
    """The local day on which each case was reported, int32."""
    days: Ints = ((outbreak.cases.reported.astype(np.int64) + UTC_OFFSET) // DAY).astype(np.int32)
    return days


def lookback(outbreak: Outbreak) -> int:
    """The longest look-back in force over the outbreak, days."""
    covid = disease("covid19")
    return max(covid.lookback_days(day_to_date(d)) for d in (outbreak.first_day, outbreak.last_day()))


def records_index(world: World, days: Days, outbreak: Outbreak) -> PresenceIndex:
    """Presence as recorded on every day of the outbreak, as the program would hold it."""
    segments, before = [], Visits.none()
    for day in range(outbreak.first_day - 4, outbreak.last_day() + 1):
        movement = outbreak.movement(world, day)
        today = days.presence(day, movement, want="recorded").observed()
        segments.append(DaySegment.build(day, Visits.concatenate(before, today)))
        before = today
    return PresenceIndex(segments, world.sites.setting)


def lists(
    world: World,
    days: Days,
    outbreak: Outbreak,
    policies: dict[str, ContactPolicy],
    told: Told | None = None,
    earlier: int = 0,
) -> dict[str, Listing]:
    """The list of each case at its report under each policy, from records and from what cases had told by then.

    Who is a case already is left out of later lists. earlier: days by which windows begin sooner than the rules say.
    """
    index = records_index(world, days, outbreak)
    told = told or interviews(
        world, days, outbreak, np.arange(len(outbreak.cases), dtype=np.int32), lookback(outbreak)
    )
    parts: dict[str, list[Listing]] = {name: [] for name in policies}
    day_of = report_days(outbreak)
    known = np.zeros(len(world.people), bool)
    for day in np.unique(day_of):
        rows = np.flatnonzero(day_of == day)
        mine = slice(*np.searchsorted(told.case, (rows[0], rows[-1] + 1)))
        visits = told.visits.take(np.arange(len(told.case))[mine])
        if len(visits):
            index.add(Keys.touching(visits), visits)
        known[outbreak.cases.person[rows]] = True
        asked = sources(outbreak, rows, earlier)
        for name, policy in policies.items():
            found = index.contacts(asked, policy)
            found = found.take(~known[found.contact])
            parts[name].append(_listing(found, rows, int(day)))
    return {name: joined(part) for name, part in parts.items()}


def _listing(found: Any, rows: Any, day: int) -> Listing:
    return Listing(
        rows[found.source].astype(np.int32), found.contact, found.grade.astype(np.int8), found.probability,
        within(found.source), np.full(len(found), day, np.int32),
    )  # fmt: skip


def joined(parts: list[Listing]) -> Listing:
    """One listing of several."""
    if not parts:
        none = np.empty(0, np.int32)
        return Listing(none, none, none.astype(np.int8), np.empty(0), none, none)
    return Listing(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Listing)))


def company_lock(world: World, outbreak: Outbreak, told: Told) -> Listing:
    """All of a case's company, and whom the case named."""
    c = outbreak.cases
    who, begin = world.members(world.people.company)
    company = world.people.company[c.person]
    has = np.flatnonzero(company >= 0)
    count = begin[company[has] + 1] - begin[company[has]]
    place = np.repeat(begin[company[has]] - np.cumsum(count) + count, count) + np.arange(count.sum())
    case = np.concatenate((np.repeat(has, count), told.case))
    person = np.concatenate((who[place], told.visits.person))
    return _unranked(world, outbreak, case, person)


def app_list(world: World, days: Days, outbreak: Outbreak) -> Listing:
    """Whom an app would have warned: 15 minutes with a case at close range in truth, where both have the app."""
    app = world.people.has_app
    rows = np.flatnonzero(app[outbreak.cases.person])
    asked = sources(outbreak, rows)
    segments, before = [], Visits.none()
    for day in range(outbreak.first_day - 4, outbreak.last_day() + 1):
        today = _app_day(world, days, outbreak, asked, day)
        segments.append(DaySegment.build(day, Visits.concatenate(before, today)))
        before = today
    index = PresenceIndex(segments, world.sites.setting)
    found = index.contacts(asked, ContactPolicy.bundled("fifteen_minutes"), worst=Grade.CLOSE)
    return _unranked(world, outbreak, rows[found.source], found.contact)


def _app_day(world: World, days: Days, outbreak: Outbreak, asked: Sources, day: int) -> Visits:
    """True presence of people with the app where a case with the app was in its window, at close range."""
    first = (asked.start.astype(np.int64) + UTC_OFFSET) // DAY
    last = (asked.end.astype(np.int64) + UTC_OFFSET) // DAY
    who = np.unique(asked.person[(first - 1 <= day) & (day <= last)])
    if not len(who):
        return Visits.none()
    movement = outbreak.movement(world, day)
    hot = np.zeros(len(world.sites), np.uint8)
    hot[days.presence(day, movement, want="true", people=who).site] = 1
    rows = days.presence(day, movement, hot=hot)
    return rows.take(world.people.has_app[rows.person] & _at_close_range(world, rows)).truth()


def _at_close_range(world: World, rows: Presence) -> NDArray[np.bool_]:
    kind = world.sites.kind[rows.site]
    hall = (kind == kinds.WORKSHOP) & (world.lines_of[rows.site, 1] > 0)
    near: NDArray[np.bool_] = np.isin(kind, CLOSE_RANGE) & ~hall
    return near


def _unranked(world: World, outbreak: Outbreak, case: Any, person: Any) -> Listing:
    """A listing of one grade, without who was a case by that day."""
    people = len(world.people)
    keys = np.unique(case.astype(np.int64) * people + person)
    case, person = (keys // people).astype(np.int32), (keys % people).astype(np.int32)
    day_of = report_days(outbreak)
    found_on = np.full(people, 2**30, np.int32)
    found_on[outbreak.cases.person] = day_of
    keep = found_on[person] > day_of[case]
    case, person = case[keep], person[keep]
    n = len(case)
    return Listing(case, person, np.full(n, Grade.CLOSE, np.int8), np.ones(n), within(case), day_of[case])


def place_on_list(world: World, infectees: Infectees, listing: Listing) -> Ints:
    """The row of the listing at which each infectee stands on the list of the one who infected them, or -1."""
    people = len(world.people)
    keys = listing.case.astype(np.int64) * people + listing.person
    order = np.argsort(keys)
    wanted = infectees.case.astype(np.int64) * people + infectees.person
    place = np.searchsorted(keys[order], wanted)
    place[place == len(keys)] = 0
    if not len(keys):
        return np.full(len(wanted), -1, np.int32)
    row = order[place]
    return np.where(keys[row] == wanted, row, -1).astype(np.int32)


def person_days(person: Ints, day: Ints, length: int = QUARANTINE_DAYS) -> int:
    """Days that people spend in quarantine, held for `length` days from each `day`; overlapping days count once."""
    order = np.lexsort((day, person))
    who, since = person[order], day[order].astype(np.int64)
    stay = np.full(len(who), length, np.int64)
    same = who[1:] == who[:-1]
    stay[:-1][same] = np.minimum(length, since[1:][same] - since[:-1][same])
    return int(stay.sum())


def cuts(listing: Listing) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Ways to choose from graded lists whom to hold: by grade, by rank, by probability."""
    close, near = listing.grade == Grade.CLOSE, listing.grade <= Grade.NEAR
    yield "close", close
    yield "close and near", near
    yield "everybody listed", np.ones(len(listing), bool)
    for rank in (10, 20, 50, 100):
        yield f"first {rank}", listing.rank < rank
    for percent in (5.0, 2.0, 1.0, 0.5, 0.2, 0.1):
        yield f"probability of {percent:g} % or more", listing.probability >= percent / 100
