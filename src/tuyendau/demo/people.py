"""The world's people as rows: persons, their numbers, where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuyendau.demo import numbers, sites
from tuyendau.demo.names import draw_names
from tuyendau.records.people.rules import role_at
from tuyendau.science.sim import kinds
from tuyendau.science.sim.world import World

CARD_FROM, PHONE_FROM = 14, 12
"""Ages from which people have an identity card, and perhaps a telephone."""
SHARE_OLD_CARD, SHARE_INSURED, SHARE_PHONE = 0.35, 0.91, 0.86
SINCE = date(2020, 6, 1)
VILLAGES = (
    "Thôn Đông",
    "Thôn Đoài",
    "Thôn Thượng",
    "Thôn Hạ",
    "Thôn Trung",
    "Tổ dân phố 1",
    "Tổ dân phố 2",
    "Xóm Chùa",
)


@dataclass(frozen=True)
class Rows:
    """Rows for the tables of people; a person's number is their place in the world and 1."""

    persons: pl.DataFrame
    identifiers: pl.DataFrame
    shifts: pl.DataFrame


def rows(world: World, units: NDArray[np.int32], site_codes: pl.Series, *, year: int, seed: int) -> Rows:
    """Everybody in the world; `units` are row numbers by commune, `site_codes` the codes of its sites."""
    rng = np.random.default_rng([seed, 1])
    identifiers, own = _identifiers(world, year, rng)
    return Rows(
        _persons(world, units, site_codes, own, year, rng),
        identifiers,
        _shifts(world),
    )


def _persons(
    world: World, units: NDArray[np.int32], site_codes: pl.Series, own: pl.Series, year: int, rng: np.random.Generator
) -> pl.DataFrame:  # fmt: skip
    people = world.people
    count = len(people)
    female = people.sex == 0
    in_household = world.sites.kind[people.home] == kinds.HOUSEHOLD
    names = draw_names(rng, female, np.where(in_household, people.home, -1).astype(np.int64))
    place = sites.company_numbers(world)
    employed = people.company >= 0
    staff_code = site_codes.gather(np.where(employed, people.company, 0)) + "-" + _text(place, 5)
    phone = numbers.phones(count)
    reachable = (year - people.birth_year >= PHONE_FROM) & (rng.random(count) < SHARE_PHONE)
    village = pl.Series(VILLAGES).gather(people.home.astype(np.int64) * 31 % len(VILLAGES))
    frame = pl.DataFrame(
        {
            "id": np.arange(1, count + 1, dtype=np.int32),
            "public_id": numbers.public_ids("person", count),
            "code": own,
            "staff": staff_code,
            "employed": employed,
            "full_name": names.full,
            "folded": names.folded,
            "sex": pl.Series(["M", "F"]).gather(female.astype(np.int64)),
            "birth_year": people.birth_year.astype(np.int16),
            "birth_date": _birth_dates(world),
            "phone": phone,
            "reachable": reachable,
            "unit_id": pl.Series(units[people.commune]),
            "address": village,
        }
    )
    return frame.with_columns(
        code=pl.when("employed").then("staff").otherwise("code"),
        phone=pl.when("reachable").then("phone").otherwise(pl.lit("")),
    ).drop("staff", "employed", "reachable")


def _birth_dates(world: World) -> pl.Series:
    years = (world.people.birth_year.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return pl.Series(years + (world.people.birth_day.astype(np.int64) - 1))


def _identifiers(world: World, year: int, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.Series]:
    """Identity and insurance numbers as rows, and the personal number of everybody, which children have too."""
    people = world.people
    count = len(people)
    person = np.arange(1, count + 1, dtype=np.int32)
    personal = numbers.cccd(rng, people.sex == 0, people.birth_year.astype(np.int64))
    card = year - people.birth_year >= CARD_FROM
    old = (year - people.birth_year >= 18) & (rng.random(count) < SHARE_OLD_CARD)
    insured = rng.random(count) < SHARE_INSURED
    parts = [
        _numbered(person[card], "cccd", personal.filter(pl.Series(card))),
        _numbered(person[old], "cmnd", numbers.cmnd(int(old.sum()))),
        _numbered(person[insured], "bhyt", numbers.bhyt(count).filter(pl.Series(insured))),
    ]
    return pl.concat(parts), personal


def _numbered(person: NDArray[np.int32], kind: str, value: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"person_id": person, "value": value}).with_columns(kind=pl.lit(kind))


def _shifts(world: World) -> pl.DataFrame:
    shifts = world.shifts
    begins = shifts.begin.astype(np.int64) % 1_440
    night = begins >= 720
    return pl.DataFrame(
        {
            "id": np.arange(1, len(shifts) + 1, dtype=np.int32),
            "site_id": shifts.company + np.int32(1),
            "code": pl.Series(["N", "D"]).gather(night.astype(np.int64)),
            "name": pl.Series(["Ca ngày", "Ca đêm"]).gather(night.astype(np.int64)),
            "begins": pl.Series([time(int(b) // 60, int(b) % 60) for b in begins]),
            "minutes": shifts.minutes.astype(np.int16),
            "weekdays": shifts.weekdays.astype(np.int16),
        }
    )


def assignments(world: World, closed: NDArray[np.int32], *, seed: int) -> pl.DataFrame:
    """Where each works, rides, eats, sells and sleeps, since some day of the year before.

    `closed` are companies (sites) whose shifts do not work now: there nobody is supposed to come. Of a room whose
    lodgers are on no list the province does not know who sleeps there.
    """
    rng = np.random.default_rng([seed, 2])
    people = world.people
    works = np.where(
        people.line >= 0, people.line, np.where(people.workshop >= 0, people.workshop, people.company)
    )
    since = np.datetime64(SINCE) + rng.integers(0, 300, len(people))
    shift = np.where(np.isin(people.company, closed), -1, people.shift).astype(np.int32)
    known = world.listed[people.home] | (world.sites.kind[people.home] == kinds.HOUSEHOLD)
    home = np.where(known, people.home, -1).astype(np.int32)
    parts = [
        _belonging(world, works, since, shift),
        *(_belonging(world, column, since) for column in (people.bus, people.zone, people.stall, home)),
    ]
    return pl.concat(parts)


def _belonging(
    world: World,
    site: NDArray[np.int32],
    since: NDArray[np.datetime64],
    shift: NDArray[np.int32] | None = None,
) -> pl.DataFrame:
    """Rows for those who have a site in the column."""
    who = np.flatnonzero(site >= 0)
    roles = pl.Series([role_at(kind) for kind in kinds.KINDS]).gather(
        world.sites.kind[site[who]].astype(np.int64)
    )
    return pl.DataFrame(
        {
            "person_id": (who + 1).astype(np.int32),
            "site_id": site[who] + np.int32(1),
            "role": roles,
            "shift_id": pl.Series(
                shift[who] + np.int32(1) if shift is not None else np.zeros(len(who), np.int32)
            ).replace(0, None),
            "valid_from": pl.Series(since[who]),
        }
    )


def _text(numbers_: NDArray[np.int64], width: int) -> pl.Series:
    return pl.select(pl.lit(pl.Series(numbers_)).cast(pl.String).str.zfill(width)).to_series()
