"""What the invented people do day by day, as gates, rosters, bus lists, room lists and declarations tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tuyendau.core.places.rules import DEFAULTS
from tuyendau.demo import places
from tuyendau.demo.people import Invented
from tuyendau.lib import clock
from tuyendau.records.visits.models import VisitSource

DAYS = 14
SUNDAY = 6
FORGETS_TO_CHECK_OUT = {"company": 0.06, "canteen_zone": 0.15}


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit to be: who, where, from, to."""

    person: str
    site: str
    start: datetime
    end: datetime
    source: VisitSource
    assumed: bool = False


def stays(
    people: list[Invented], random: Random, *, at: datetime, isolated: Mapping[str, datetime]
) -> list[Stay]:
    """All that is known at `at` of the last days: until its isolation for who was isolated.

    What is still under way is not known yet, except for a company's gate, which tells who came in.
    """
    today = clock.local_day(at)
    told: list[Stay] = []
    for back in range(DAYS - 1, -1, -1):
        for person in people:
            told += _day(person, today - timedelta(days=back), random)
    kept = []
    for stay in told:
        until = isolated.get(stay.person, at)
        if stay.end <= until:
            kept.append(stay)
        elif stay.start < until and stay.person in isolated:
            kept.append(Stay(stay.person, stay.site, stay.start, until, stay.source))
        elif stay.start < until and stay.site in {company.code for company in places.COMPANIES}:
            kept.append(_without_end(stay, "company"))
    return kept


def _day(person: Invented, day: date, random: Random) -> Iterator[Stay]:
    works = person.company is not None and day.weekday() != SUNDAY
    begin, end = _shift(person, day)
    if works:
        yield from _at_work(person, begin, end, random)
    if person.home:
        yield from _at_home(person, day, works, end)
    if not person.company or day.weekday() == SUNDAY:
        yield from _errands(person, day, random)


def _shift(person: Invented, day: date) -> tuple[datetime, datetime]:
    begin = clock.midnight(day) + (
        timedelta(hours=16, minutes=45) if person.evening else timedelta(hours=7, minutes=30)
    )
    return begin, begin + timedelta(hours=8, minutes=45)


def _at_work(person: Invented, begin: datetime, end: datetime, random: Random) -> Iterator[Stay]:
    company = person.company
    assert company is not None  # noqa: S101 (only workers come here)
    early = timedelta(minutes=random.randint(4, 14))
    if person.bus:
        trip = timedelta(minutes=36)
        yield Stay(person.code, person.bus, begin - early - trip, begin - early, VisitSource.BUS)
        yield Stay(person.code, person.bus, end + early, end + early + trip, VisitSource.BUS)
    came = begin - early + timedelta(seconds=random.randint(20, 200))
    yield Stay(person.code, f"{company.code}-CONG", came, came + timedelta(seconds=40), VisitSource.SCAN)
    inside = Stay(person.code, company.code, came, end + early, VisitSource.SCAN)
    yield _perhaps_without_end(inside, "company", random)
    meal = begin + timedelta(hours=4, minutes=20 * (int(person.code[-4:]) % 2))
    eating = Stay(
        person.code, person.zone, meal + timedelta(minutes=3), meal + timedelta(minutes=27), VisitSource.SCAN
    )
    yield _perhaps_without_end(eating, "canteen_zone", random)
    if person.line:
        yield Stay(person.code, person.line, begin, meal, VisitSource.ROSTER)
        yield Stay(person.code, person.line, meal + timedelta(minutes=30), end, VisitSource.ROSTER)
    for number, line in enumerate(person.roams):
        start = begin + timedelta(minutes=10 + 48 * number)
        yield Stay(
            person.code, line, start, start + timedelta(minutes=random.randint(12, 40)), VisitSource.SCAN
        )


def _at_home(person: Invented, day: date, works: bool, end: datetime) -> Iterator[Stay]:
    """The night that begins on `day`: from after work until before the next shift; relatives are there by day too."""
    source = VisitSource.ROOM if person.home.startswith(places.BOARDING_HOUSE) else VisitSource.DECLARATION
    noon = clock.midnight(day) + timedelta(hours=11)
    start = end + timedelta(minutes=65) if works else noon
    leaves = clock.midnight(day) + (
        timedelta(hours=39) if person.evening else timedelta(hours=30, minutes=15)
    )
    yield Stay(person.code, person.home, start, leaves, source)


def _errands(person: Invented, day: date, random: Random) -> Iterator[Stay]:
    """To the market or the shop, as people declare it; sellers stay the morning."""
    start = clock.midnight(day) + timedelta(hours=7, minutes=random.randint(0, 150))
    if person.code.startswith("TD-"):
        yield Stay(
            person.code, places.MARKET, clock.midnight(day) + timedelta(hours=6),
            clock.midnight(day) + timedelta(hours=11), VisitSource.DECLARATION,
        )  # fmt: skip
    elif random.random() < 0.2:
        site, minutes = random.choice(((places.MARKET, 35), (places.SHOP, 12)))
        yield Stay(person.code, site, start, start + timedelta(minutes=minutes), VisitSource.DECLARATION)


def _perhaps_without_end(stay: Stay, kind: str, random: Random) -> Stay:
    return _without_end(stay, kind) if random.random() < FORGETS_TO_CHECK_OUT[kind] else stay


def _without_end(stay: Stay, kind: str) -> Stay:
    """The same stay as it looks without a check-out: it ends by the site's dwell rule, and that is assumed."""
    end = stay.start + timedelta(minutes=DEFAULTS[kind].dwell_minutes)
    return Stay(stay.person, stay.site, stay.start, end, stay.source, assumed=True)
