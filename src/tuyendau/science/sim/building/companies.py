"""Companies with their workshops, lines, shifts and canteens, and the posts of their workers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from tuyendau.science.sim import kinds
from tuyendau.science.sim.building.plot import Plot, within
from tuyendau.science.sim.communes import Communes
from tuyendau.science.sim.province import Province
from tuyendau.science.sim.world import Companies, Flags, Ints, Shifts

SITTINGS = 3
OFFICE_FROM, CANTEEN_FROM, TWO_SHIFTS_FROM = 50, 100, 300
"""Workers from which a company has an office, a canteen, perhaps two shifts."""


KEEPS = ((0.97, 0.75), (0.95, 0.7), (0.9, 0.7), (0.8, 0.5))
"""Share of companies, in parks and outside, that scan at the gate, hand in rosters, bus lists, scan at meals. Assumed:
when the province's own software stood, companies in parks had 363 accounts, others 3,363."""


@dataclass(eq=False)
class Posts:
    """[w] posts of workers, by company: rows of the companies and of the shifts, and sites as in `People`."""

    company: Ints
    shift: Ints
    workshop: Ints
    line: Ints
    zone: Ints
    roams: Flags


def sizes(total: int, mean: float, sigma: float) -> Ints:
    """Log-normal sizes with a sum of `total`: the quantiles, so that a small world has its share of large companies."""
    if total <= 0:
        return np.empty(0, np.int32)
    count = max(1, round(total / mean))
    normal = NormalDist()
    weight = np.exp(sigma * np.array([normal.inv_cdf((i + 0.5) / count) for i in range(count)]))[::-1]
    ends = np.rint(np.cumsum(weight) / weight.sum() * total).astype(np.int64)
    found: Ints = np.diff(ends, prepend=0).astype(np.int32)
    return found


def found_companies(
    plot: Plot, communes: Communes, province: Province, scale: float, rng: np.random.Generator
) -> tuple[Companies, Ints]:
    """Parks and companies as sites; those in parks first. Returns (companies, parks)."""
    shape = province.shape
    places = [
        communes.code.index(p.commune) if p.commune in communes.code else communes.nearest(p.lon, p.lat)
        for p in province.parks
    ]
    park_lon, park_lat = (np.array([getattr(p, axis) for p in province.parks]) for axis in ("lon", "lat"))
    parks = plot.add(kinds.PARK, len(places), commune=places, lon=park_lon, lat=park_lat)
    inside = [
        sizes(round(p.workers * scale), shape["park_company_mean"], shape["park_company_sigma"])
        for p in province.parks
    ]
    left = round(province.workers * scale) - sum(int(s.sum()) for s in inside)
    outside = sizes(left, shape["outside_company_mean"], shape["outside_company_sigma"])
    people = np.concatenate([*inside, outside])
    park = np.concatenate(
        (np.repeat(np.arange(len(parks)), [len(s) for s in inside]), np.full(len(outside), -1))
    )
    people, park = people[people > 0], park[people > 0].astype(np.int32)
    n, parked = len(people), park >= 0
    weight = communes.population / communes.population.sum()
    commune = rng.choice(len(communes), n, p=weight)
    commune[parked] = np.array(places)[park[parked]]
    lon, lat = (
        communes.lon[commune] + rng.normal(0, 0.008, n),
        communes.lat[commune] + rng.normal(0, 0.008, n),
    )
    for axis, centre in ((lon, park_lon), (lat, park_lat)):
        axis[parked] = centre[park[parked]]
        axis[parked] += rng.normal(0, 0.004, int(parked.sum()))
    site = plot.add(
        kinds.COMPANY,
        n,
        parent=np.where(parked, parks[park], -1),
        commune=commune,
        lon=lon,
        lat=lat,
        dwell=600,
        capacity=people,
    )
    plot.add(kinds.GATE, n, parent=site)
    keeps = [rng.random(n) < np.where(parked, *share) for share in KEEPS]
    return Companies(site, park, commune.astype(np.int32), people.astype(np.int32), *keeps), parks


def open_shifts(companies: Companies, province: Province, rng: np.random.Generator) -> tuple[Shifts, Flags]:
    """One shift or two a company, in the order of companies, the day shift first. Returns (shifts, two bool [k])."""
    two = (companies.people >= TWO_SHIFTS_FROM) & (
        rng.random(len(companies)) < province.shape["two_shift_share"]
    )
    row = np.repeat(np.arange(len(companies)), 1 + two)
    night = within(row) == 1
    early = rng.choice([420, 450, 480], len(companies))[row]
    begin = early + 720 * night
    minutes = np.where(two[row], 690, 570)
    sunday = rng.random(len(companies)) < 0.1
    weekdays = np.where(sunday[row], 0b1111111, 0b0111111)
    shifts = Shifts(
        companies.site[row], begin.astype(np.int16), minutes.astype(np.int16), weekdays.astype(np.uint8),
        np.full(len(row), 240, np.int16),
    )  # fmt: skip
    return shifts, two


def fill_posts(
    plot: Plot, companies: Companies, two: Flags, province: Province
) -> tuple[Posts, tuple[Ints, Ints, Ints]]:
    """Workshops, lines and canteens, and who works where. Returns (posts, (workshop, its first line, how many))."""
    shape, k = province.shape, len(companies)
    company = np.repeat(np.arange(k), companies.people).astype(np.int32)
    rank = within(company)
    day = np.where(two, np.ceil(companies.people * 0.6), companies.people).astype(np.int32)
    night = rank >= day[company]
    shift = (np.cumsum(1 + two) - 1 - two)[company] + night
    place = np.where(night, rank - day[company], rank)
    crew = np.where(night, (companies.people - day)[company], day[company])
    large = companies.people[company] >= OFFICE_FROM
    office = large & ~night & (place < np.rint(crew * shape["office_share"]))
    place = place - np.where(large & ~night, np.rint(crew * shape["office_share"]), 0).astype(np.int32)
    roams = large & ~office & (place < np.rint(crew * shape["technician_share"]))
    onward = place - np.where(large, np.rint(crew * shape["technician_share"]), 0).astype(np.int32)
    on_line = ~office & ~roams
    workers = np.bincount(shift[on_line], minlength=int(shift.max(initial=-1)) + 1)
    lines = np.ceil(workers / shape["line_people"]).astype(np.int64)
    per_company = np.maximum.reduceat(lines, np.cumsum(1 + two) - 1 - two) if k else lines
    halls = _workshops(plot, companies, per_company, int(shape["lines_a_workshop"]))
    hall, first, count, first_hall, n_halls, office_site, first_line = halls
    line = np.full(len(company), -1, np.int32)
    numbers = onward[on_line] * lines[shift[on_line]] // workers[shift[on_line]]
    line[on_line] = first_line[company[on_line]] + numbers
    number = np.where(
        on_line, (line - first_line[company]) // int(shape["lines_a_workshop"]), place % n_halls[company]
    )
    workshop = np.where(office, office_site[company], hall[first_hall[company] + np.where(office, 0, number)])
    crews = np.bincount(company, weights=~night, minlength=k)
    rank = np.where(night, rank - day[company], rank)
    zone = _tables(plot, companies, company, rank, crews, int(shape["table_people"]))
    posts = Posts(company, shift.astype(np.int32), workshop.astype(np.int32), line, zone, roams)
    return posts, (hall, first, count)


def _workshops(plot: Plot, companies: Companies, lines: Any, lines_each: int) -> Any:
    """Workshops, offices and lines, all of a company's lines together."""
    k = len(companies)
    n_halls = np.ceil(lines / lines_each).astype(np.int64)
    row = np.repeat(np.arange(k), n_halls)
    hall = plot.add(kinds.WORKSHOP, len(row), parent=companies.site[row])
    office = np.full(k, -1, np.int32)
    large = companies.people >= OFFICE_FROM
    office[large] = plot.add(kinds.WORKSHOP, int(large.sum()), parent=companies.site[large])
    of_company = np.repeat(np.arange(k), lines)
    within_company = within(of_company)
    first_hall = np.cumsum(n_halls) - n_halls
    parent = hall[first_hall[of_company] + within_company // lines_each]
    line = plot.add(kinds.LINE, len(of_company), parent=parent)
    first_line = (line[0] if len(line) else 0) + np.cumsum(lines) - lines
    number = within(row)
    first = first_line[row] + number * lines_each
    count = np.minimum(lines_each, lines[row] - number * lines_each)
    return hall, first.astype(np.int32), count.astype(np.int32), first_hall, n_halls, office, first_line


def _tables(plot: Plot, companies: Companies, company: Ints, place: Any, crews: Any, seats: int) -> Ints:
    """Canteens with zones, and the zone of each worker, -1 in companies without a canteen."""
    has = np.flatnonzero(companies.people >= CANTEEN_FROM)
    canteen = plot.add(kinds.CANTEEN, len(has), parent=companies.site[has])
    zones = np.zeros(len(companies), np.int64)
    zones[has] = np.maximum(1, np.ceil(crews[has] / seats / SITTINGS)).astype(np.int64)
    site = plot.add(
        kinds.CANTEEN_ZONE, int(zones.sum()), parent=np.repeat(canteen, zones[has]), capacity=seats
    )
    first = (site[0] if len(site) else 0) + np.cumsum(zones) - zones
    zone = np.full(len(company), -1, np.int32)
    eats = zones[company] > 0
    zone[eats] = first[company[eats]] + place[eats] // seats % zones[company[eats]]
    return zone
