"""The build from first to last."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.sim import kinds
from tuyendau.science.sim.building.companies import Posts, fill_posts, found_companies, open_shifts
from tuyendau.science.sim.building.homes import YEAR, Households, Lodgers, lodge, settle
from tuyendau.science.sim.building.plot import Plot, within
from tuyendau.science.sim.communes import Communes
from tuyendau.science.sim.province import Province
from tuyendau.science.sim.world import Companies, Flags, Ints, People, Sites, World

PEOPLE_A_SHOP, PEOPLE_A_MARKET, PEOPLE_A_STALL = 250, 6_000, 400
LISTED_ROOMS, LISTED_DORMITORIES = 0.56, 0.95
"""Share of boarding houses whose lodgers are on a list: 151,000 of 269,000 workers had accommodation data."""


def build_world(
    communes: Communes, scale: float = 1.0, seed: int = 2021, province: Province | None = None
) -> World:
    """A province with `scale` times the people, the same for the same arguments.

    Scale 1 has 1.8 million people, 300,000 of them workers. ValueError for a scale that is not above 0 or leaves
    fewer than 2,000 people, for there would be no company to speak of.
    """
    province = province or Province.bundled()
    everyone = round(province.people * scale)
    if not scale > 0 or everyone < 2_000:
        raise ValueError("scale must be above 0 and leave 2,000 people or more")
    rng = np.random.default_rng(seed)
    plot = Plot()
    companies, parks = found_companies(plot, communes, province, scale, rng)
    shifts, two = open_shifts(companies, province, rng)
    posts, halls = fill_posts(plot, companies, two, province)
    lodgers = lodge(plot, posts, companies, communes, province, rng)
    lodging = np.zeros(len(posts.company), bool)
    lodging[lodgers.post] = True
    families = settle(plot, posts, lodging, companies, communes, province, everyone - len(lodgers.post), rng)
    trade = _trade(plot, communes, families, lodgers, rng)
    bus = _buses(plot, posts, companies, families, communes, province, rng)
    sites = plot.finished()
    longest = np.maximum.reduceat(shifts.minutes, np.cumsum(1 + two) - 1 - two)
    sites.dwell[companies.site] = longest + 30
    people = _people(posts, bus, companies, families, lodgers, trade, sites, province, rng)
    lines_of = np.zeros((len(sites), 2), np.int32)
    lines_of[halls[0], 0], lines_of[halls[0], 1] = halls[1], halls[2]
    return World(
        seed, scale, communes, sites, people, shifts, companies, parks, _listed(sites, rng), lines_of
    )


def _trade(
    plot: Plot, communes: Communes, families: Households, lodgers: Lodgers, rng: np.random.Generator
) -> Ints:
    """Shops and markets, and a stall for some adults without a post; int32 [families], -1 for the others."""
    n = len(communes)
    people = np.bincount(families.commune, minlength=n)
    people = people + np.bincount(lodgers.commune[lodgers.commune >= 0], minlength=n)
    stall = np.full(len(families.commune), -1, np.int32)
    free = np.flatnonzero((families.post < 0) & (families.age >= 25) & (families.age <= 70))
    free = free[np.argsort(families.commune[free] + rng.random(len(free)))]
    rank, where = within(families.commune[free]), families.commune[free]
    for kind, people_each, sellers in ((kinds.SHOP, PEOPLE_A_SHOP, 1), (kinds.MARKET, PEOPLE_A_MARKET, 0)):
        count = np.maximum(1, np.rint(people / people_each)).astype(np.int64)
        base = np.repeat(np.arange(n), count)
        lon, lat = (axis[base] + rng.normal(0, 0.008, len(base)) for axis in (communes.lon, communes.lat))
        site = plot.add(kind, len(base), commune=base, lon=lon, lat=lat)
        first = site[0] + np.cumsum(count) - count
        seats = count if sellers else np.maximum(2, np.rint(people / PEOPLE_A_STALL)).astype(np.int64)
        taken = (rank >= 0) & (rank < seats[where])
        stall[free[taken]] = first[where[taken]] + rank[taken] % count[where[taken]]
        rank = np.where(taken, -1, rank - seats[where])
    return stall


def _buses(
    plot: Plot, posts: Posts, companies: Companies, families: Households, communes: Communes, province: Province,
    rng: np.random.Generator,
) -> Ints:  # fmt: skip
    """The company bus of each post, -1 where none is taken: those who live far ride together by commune."""
    shape = province.shape
    bus = np.full(len(posts.company), -1, np.int32)
    who = np.flatnonzero(families.post >= 0)
    post = families.post[who]
    company = posts.company[post]
    park = companies.park[company]
    place = np.array([[p.lon, p.lat] for p in province.parks])
    inside = park >= 0
    who, post, company, park = who[inside], post[inside], company[inside], park[inside]
    commune = families.commune[who]
    east = (communes.lon[commune] - place[park, 0]) * 104.0
    far = np.hypot(east, (communes.lat[commune] - place[park, 1]) * 110.57) > shape["bus_from_km"]
    rides = far & (companies.people[company] >= 200) & (rng.random(len(who)) < shape["bus_share"])
    post, company, commune = post[rides], company[rides], commune[rides]
    if not len(post):
        return bus
    order = np.lexsort((commune, posts.shift[post]))
    post, shift = post[order], posts.shift[post[order]].astype(np.int64)
    keys, row = np.unique(shift << 20 | within(shift) // int(shape["bus_people"]), return_inverse=True)
    first = posts.company[post[np.unique(row, return_index=True)[1]]]
    site = plot.add(kinds.BUS, len(keys), parent=companies.site[first], capacity=45)
    bus[post] = site[row]
    return bus


def _people(
    posts: Posts, bus: Ints, companies: Companies, families: Households, lodgers: Lodgers, stall: Ints, sites: Sites,
    province: Province, rng: np.random.Generator,
) -> People:  # fmt: skip
    """Households first, by commune, then lodgers."""
    post = np.concatenate((families.post, lodgers.post)).astype(np.int32)
    home = np.concatenate((families.home, lodgers.home)).astype(np.int32)
    n, extra = len(post), len(lodgers.post)
    age: Ints = np.concatenate((families.age, rng.integers(18, 41, extra, np.int32)))
    sex = np.concatenate((families.sex, (rng.random(extra) < 0.4).astype(np.int8)))
    works = post >= 0

    def of_post(column: Any) -> Any:
        return np.where(works, column[np.where(works, post, 0)], -1).astype(np.int32)

    grown = (age >= 15) & (age < 60)
    app = np.where(grown, 0.63, np.where(age >= 60, 0.15, 0.05))
    app *= province.shape["app_share"] / app.mean()
    zalo = np.where(grown, 0.88, np.where(age >= 60, 0.35, 0.2))
    zalo *= province.shape["zalo_share"] / zalo.mean()
    return People(
        birth_year=(YEAR - age).astype(np.int16),
        birth_day=rng.integers(1, 366, n).astype(np.int16),
        sex=sex,
        commune=sites.commune[home],
        home=home,
        company=of_post(companies.site[posts.company]),
        workshop=of_post(posts.workshop),
        line=of_post(posts.line),
        bus=of_post(bus),
        zone=of_post(posts.zone),
        shift=of_post(posts.shift),
        roams=works & posts.roams[np.where(works, post, 0)],
        stall=np.concatenate((stall, np.full(extra, -1, np.int32))),
        has_app=rng.random(n) < app,
        uses_zalo=rng.random(n) < zalo,
    )


def _listed(sites: Sites, rng: np.random.Generator) -> Flags:
    """Whose list of lodgers the province has, house by house."""
    known = rng.random(len(sites)) < np.where(sites.kind == kinds.DORMITORY, LISTED_DORMITORIES, LISTED_ROOMS)
    room = sites.kind == kinds.ROOM
    found: Flags = room & known[np.where(room, sites.parent, 0)]
    return found
