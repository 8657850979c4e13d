"""A small invented province for all tests of the simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Communes, Days, Outbreak, World, build_world, run_outbreak


def invented_communes(count: int = 12) -> Communes:
    """Communes on a ring around the parks, in three districts."""
    angle = np.arange(count) / count * 2 * np.pi
    far = 0.03 + 0.02 * (np.arange(count) % 4)
    return Communes.of(
        [f"{n:05d}" for n in range(count)],
        [("222", "213", "216")[n % 3] for n in range(count)],
        106.13 + far * np.cos(angle),
        21.23 + far * np.sin(angle),
        population=4_000 + 1_000 * (np.arange(count) % 5),
    )


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(invented_communes(), scale=0.01, seed=7)


@pytest.fixture(scope="session")
def days(world: World) -> Days:
    return Days(world)


@pytest.fixture(scope="session")
def outbreak(world: World, days: Days) -> Outbreak:
    return run_outbreak(world, days, seed=3, until=date_to_day(date(2021, 5, 26)))
