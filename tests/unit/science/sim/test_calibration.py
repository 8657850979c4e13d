"""The course of 2021, in the mean of small outbreaks; and numbers that move only when somebody means them to."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.unit.science.sim.conftest import invented_communes
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Days, Outbreak, World, build_world, run_outbreak

MONDAY = date_to_day(date(2021, 5, 10))
SCALE = 0.03


@pytest.fixture(scope="module")
def courses() -> np.ndarray:
    """Cases known by day from 30 April on, brought to scale 1, of four small outbreaks."""
    world = build_world(invented_communes(), SCALE, seed=2)
    days = Days(world)
    first = date_to_day(date(2021, 4, 30))
    until = date_to_day(date(2021, 7, 14))
    runs = [
        run_outbreak(world, days, seed, until=until).cases.by_day(first, until - first) for seed in range(4)
    ]
    return np.cumsum(runs, axis=1) / SCALE


@pytest.mark.parametrize(
    ("month", "day", "published"), [(5, 19, 605), (5, 28, 1824), (6, 6, 3089), (7, 13, 5775)]
)
def test_the_mean_course_is_of_the_published_size(
    courses: np.ndarray, month: int, day: int, published: int
) -> None:
    """Within a factor of 2.5: a world of 54,000 people has a dozen companies, and one case more or less is 33."""
    known = courses[:, date_to_day(date(2021, month, day)) - date_to_day(date(2021, 4, 30))]
    assert published / 2.5 < known.mean() < published * 2.5


def test_it_begins_slowly_and_ends(courses: np.ndarray) -> None:
    mean = courses.mean(axis=0)
    assert mean[9] < 0.05 * mean[-1]
    assert mean[-1] - mean[-15] < 0.25 * mean[-1]


def test_pinned_numbers(world: World, days: Days, outbreak: Outbreak) -> None:
    """The simulation's numbers of last time. Whoever changes them on purpose says so in the change."""
    rows = days.presence(MONDAY)
    truth = outbreak.truth
    assert {
        "sites": len(world.sites),
        "lodgers": int((world.sites.parent[world.people.home] >= 0).sum()),
        "rows": len(rows),
        "recorded": int((rows.source > 0).sum()),
        "seconds": int((rows.end - rows.start).astype(np.int64).sum()),
        "infections": len(truth),
        "cases": len(outbreak.cases),
        "infectors": int(truth.infector.astype(np.int64).sum()),
        "on record": int(truth.recorded.sum()),
    } == {
        "sites": 5_343,
        "lodgers": 589,
        "rows": 51_528,
        "recorded": 12_362,
        "seconds": 1_780_069_328,
        "infections": 347,
        "cases": 41,
        "infectors": 4_828_644,
        "on record": 190,
    }
