"""A province of workers for the tracing benchmark: who was where in a fortnight, and who fell ill."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from tuyendau.science.epi import Setting
from tuyendau.science.tracing import Sources, Visits, date_to_day, day_start

FIRST_DAY = date_to_day(date(2021, 5, 8))
DAYS = 14
WORKERS = 300_000
HOUR, MINUTE = 3_600, 60


def groups(rng: np.random.Generator, people: int, size: int, within: int = 5_000) -> Any:
    """A group number for each person: groups of `size` drawn at random within blocks of neighbours."""
    order = np.arange(people)
    for low in range(0, people, within):
        rng.shuffle(order[low : low + within])
    group = np.empty(people, np.int32)
    group[order] = np.arange(people) // size
    return group


def world(workers: int, seed: int, meal_inside: bool) -> tuple[Visits, Any]:
    """Gate, line, bus, canteen and room of every worker on every day, in order of arrival; settings by site.

    A quarter works at night. The meal follows the shift, or lies inside it with `meal_inside`, so that the time of
    two who share line and canteen would count twice.
    """
    rng = np.random.default_rng(seed)
    everyone = np.arange(workers)
    plan = [
        (Setting.GATE, everyone // 1_000, 7.2, 25 / HOUR, 0.1),
        (Setting.LINE, everyone // 40, 7.5, 8.3, 0.1),
        (Setting.CANTEEN, everyone // 500, 11.5 if meal_inside else 16.8, 0.5, 0.05),
        (Setting.BUS, groups(rng, workers, 45), 6.1, 0.8, 0.05),
        (Setting.ROOM, groups(rng, workers, 7), 19.2, 9.5, 0.3),
    ]
    night = (everyone // 40) % 4 == 3
    parts, settings, sites = [], [], 0
    for setting, group, hour, hours, spread in plan:
        for day in range(FIRST_DAY, FIRST_DAY + DAYS):
            middle = day_start(day) + (hour + 12 * night) * HOUR
            start = (middle + rng.normal(0, spread / 2, workers).clip(-spread, spread) * HOUR).astype(
                np.int32
            )
            length = (hours * HOUR * rng.uniform(0.9, 1.1, workers)).astype(np.int32)
            parts.append((everyone.astype(np.int32), (group + sites).astype(np.int32), start, start + length))
        count = int(group.max()) + 1
        settings.append(np.full(count, setting, np.int32))
        sites += count
    person, site, start, end = (np.concatenate([p[i] for p in parts]) for i in range(4))
    order = np.argsort(start, kind="stable")
    assumed = rng.random(len(start)) < 0.02
    return Visits.of(person[order], site[order], start[order], end[order], assumed), np.concatenate(settings)


def cases(workers: int, count: int, seed: int) -> Sources:
    """Infectious windows of five days, all within the fortnight."""
    rng = np.random.default_rng(seed)
    onset = day_start(FIRST_DAY) + rng.integers(4, DAYS - 2, count) * 86_400 + 12 * HOUR
    start = onset - 3 * 86_400 - 12 * HOUR
    return Sources.of(rng.choice(workers, count, replace=False), start, start + 5 * 86_400, onset)
