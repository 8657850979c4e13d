"""Where people sleep: dormitories and boarding houses of lodging workers, and households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tuyendau.science.sim import kinds
from tuyendau.science.sim.building.companies import Posts
from tuyendau.science.sim.building.plot import Plot, within
from tuyendau.science.sim.communes import Communes
from tuyendau.science.sim.province import Province
from tuyendau.science.sim.world import Companies, Flags, Ints

YEAR = 2021
WORKING_AGE = (18, 50)
_HOUSEHOLD_SIZES = (0.08, 0.15, 0.22, 0.28, 0.16, 0.08, 0.03)
DORMITORY_FROM = 800
LODGING_REACH_KM, PARK_REACH_KM, OUTSIDE_REACH_KM = 1.5, 9.0, 5.0
"""Distances over which the share of a company's lodgers or workers who live there falls to 1/e."""


@dataclass(eq=False)
class Households:
    """[q] people of households, by commune: commune, home (site), age in 2021, sex, and `post`: row of posts or -1."""

    commune: Ints
    home: Ints
    age: Ints
    sex: Any
    post: Ints


@dataclass(eq=False)
class Lodgers:
    """[l] lodging workers: row of the posts, commune, home (room), listed: whether the room's list is known [rooms]."""

    post: Ints
    commune: Ints
    home: Ints


def lodge(
    plot: Plot, posts: Posts, companies: Companies, communes: Communes, province: Province, rng: np.random.Generator
) -> Lodgers:  # fmt: skip
    """Give a share of the parks' workers a room in a dormitory or a boarding house."""
    shape = province.shape
    parked = np.flatnonzero(companies.park[posts.company] >= 0)
    who = parked[rng.random(len(parked)) < shape["lodger_share"]].astype(np.int32)
    company = posts.company[who]
    dormitory = (companies.people[company] >= DORMITORY_FROM) & (
        rng.random(len(who)) < shape["dormitory_share"] * 2
    )
    inside, outside = who[dormitory], who[~dormitory]
    homes_in, communes_in = _dormitories(plot, posts, companies, inside, int(shape["dormitory_room_people"]))
    commune = np.empty(len(outside), np.int32)
    for row, park in enumerate(province.parks):
        mine = companies.park[posts.company[outside]] == row
        near = np.exp(-communes.distance_km(park.lon, park.lat) / LODGING_REACH_KM)
        commune[mine] = rng.choice(len(communes), int(mine.sum()), p=near / near.sum())
    homes_out = _boarding_houses(plot, communes, commune, posts.company[outside], shape, rng)
    return Lodgers(
        np.concatenate((inside, outside)),
        np.concatenate((communes_in, commune)).astype(np.int32),
        np.concatenate((homes_in, homes_out)).astype(np.int32),
    )


def _dormitories(plot: Plot, posts: Posts, companies: Companies, who: Ints, beds: int) -> tuple[Ints, Any]:
    """Rooms of a company's own dormitory, filled in the order of its lines."""
    company = posts.company[who]
    owners = np.unique(company)
    house = plot.add(kinds.DORMITORY, len(owners), parent=companies.site[owners])
    number = within(company) // beds
    keys, room = np.unique(company.astype(np.int64) << 20 | number, return_inverse=True)
    site = plot.add(kinds.ROOM, len(keys), parent=house[np.searchsorted(owners, keys >> 20)], capacity=beds)
    return site[room], np.full(len(who), -1)


def _boarding_houses(
    plot: Plot, communes: Communes, commune: Ints, company: Ints, shape: dict[str, float], rng: np.random.Generator
) -> Ints:  # fmt: skip
    """Rooms of 2 to 4 people, most with colleagues, in houses around a yard."""
    n = len(commune)
    key = company + rng.random(n)
    loose = rng.random(n) >= shape["same_company_room"]
    key[loose] = rng.uniform(0, company.max(initial=0) + 1, int(loose.sum()))
    order = np.lexsort((key, commune))
    lot = np.repeat(np.arange(n), rng.integers(2, 5, n) if n else np.empty(0, np.int64))[:n]
    keys, room = np.unique(commune[order].astype(np.int64) << 32 | lot, return_inverse=True)
    of_room = (keys >> 32).astype(np.int64)
    block = within(of_room) // int(shape["rooms_a_house"])
    houses, house = np.unique(of_room << 32 | block, return_inverse=True)
    where = (houses >> 32).astype(np.int64)
    lon = communes.lon[where] + rng.normal(0, 0.006, len(where))
    lat = communes.lat[where] + rng.normal(0, 0.006, len(where))
    site = plot.add(kinds.BOARDING_HOUSE, len(houses), commune=where, lon=lon, lat=lat)
    rooms = plot.add(kinds.ROOM, len(keys), parent=site[house], capacity=4)
    home = np.empty(n, np.int32)
    home[order] = rooms[room]
    return home


def settle(
    plot: Plot, posts: Posts, lodging: Flags, companies: Companies, communes: Communes, province: Province,
    people: int, rng: np.random.Generator,
) -> Households:  # fmt: skip
    """Households for everybody who does not lodge, and which of their adults hold the posts."""
    share = np.cumsum(communes.population) / communes.population.sum()
    commune = np.searchsorted(share, (np.arange(people) + 0.5) / people).astype(np.int32)
    draw = rng.choice(len(_HOUSEHOLD_SIZES), people // 2 + 8, p=_HOUSEHOLD_SIZES) + 1
    lot = np.repeat(np.arange(len(draw)), draw)[:people]
    fresh = np.ones(people, bool)
    fresh[1:] = (lot[1:] != lot[:-1]) | (commune[1:] != commune[:-1])
    house = np.cumsum(fresh) - 1
    where = commune[fresh]
    lon = communes.lon[where] + rng.normal(0, 0.01, len(where))
    lat = communes.lat[where] + rng.normal(0, 0.01, len(where))
    site = plot.add(kinds.HOUSEHOLD, len(where), commune=where, lon=lon, lat=lat)
    age = _ages(within(house), house, rng)
    found = Households(
        commune, site[house], age, (rng.random(people) < 0.497).astype(np.int8), np.full(people, -1, np.int32)
    )
    _employ(found, posts, lodging, companies, communes, province, rng)
    return found


def _ages(place: Ints, house: Any, rng: np.random.Generator) -> Ints:
    """Heads, partners, children and grandparents by place in the household."""
    n = len(place)
    head = rng.integers(23, 72, int(house.max(initial=-1)) + 1)[house]
    u = rng.random(n)
    partner = head - 4 + (8 * u).astype(np.int64)
    child = head - 20 - (15 * u).astype(np.int64)
    elder = head + 20 + (10 * u).astype(np.int64)
    old = (place >= 4) & (rng.random(n) < 0.5) & (head < 60)
    age = np.choose(np.minimum(place, 2), (head, partner, np.where(old, elder, child)))
    years: Ints = np.clip(age, 0, 95).astype(np.int32)
    return years


def _employ(
    found: Households, posts: Posts, lodging: Flags, companies: Companies, communes: Communes, province: Province,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Draw for each post the commune its holder comes from, nearer ones sooner, and then an adult there."""
    fit = np.flatnonzero((found.age >= WORKING_AGE[0]) & (found.age <= WORKING_AGE[1]))
    fit = rng.permutation(fit)
    fit = fit[np.argsort(found.commune[fit], kind="stable")]
    room = np.bincount(found.commune[fit], minlength=len(communes))
    begin = np.cumsum(room) - room
    used = np.zeros(len(communes), np.int64)
    open_posts = rng.permutation(np.flatnonzero(~lodging))
    if len(open_posts) > len(fit):
        raise ValueError("there are more posts than adults: make a world with fewer workers")
    draw = _home_communes(open_posts, posts, companies, communes, province, rng)
    while len(open_posts):
        order = np.argsort(draw, kind="stable")
        open_posts, draw = open_posts[order], draw[order]
        place = used[draw] + within(draw)
        fits = place < room[draw]
        found.post[fit[begin[draw[fits]] + place[fits]]] = open_posts[fits]
        used += np.bincount(draw[fits], minlength=len(communes))
        open_posts = open_posts[~fits]
        left = (room - used).astype(np.float64)
        if len(open_posts):
            draw = rng.choice(len(communes), len(open_posts), p=left / left.sum())


def _home_communes(
    chosen: Any, posts: Posts, companies: Companies, communes: Communes, province: Province, rng: np.random.Generator
) -> Any:  # fmt: skip
    park = companies.park[posts.company[chosen]]
    draw = np.empty(len(chosen), np.int64)
    for row, one in enumerate(province.parks):
        mine = park == row
        near = communes.population * np.exp(-communes.distance_km(one.lon, one.lat) / PARK_REACH_KM)
        draw[mine] = rng.choice(len(communes), int(mine.sum()), p=near / near.sum())
    base = companies.commune[posts.company[chosen]]
    for c in np.unique(base[park < 0]):
        mine = (park < 0) & (base == c)
        away = communes.distance_km(communes.lon[c], communes.lat[c])
        near = communes.population * np.exp(-away / OUTSIDE_REACH_KM)
        draw[mine] = rng.choice(len(communes), int(mine.sum()), p=near / near.sum())
    return draw
