"""How good contact lists are, judged by simulated outbreaks whose truth is known; and how the simulation compares.

    python benchmarks/evaluation.py                     20 outbreaks at scale 0.05: recall and quarantine of each way
    python benchmarks/evaluation.py --course            outbreaks at scale 1 beside the published course of 2021
    python benchmarks/evaluation.py --limits            the same 20, were more on record or the window longer
    python benchmarks/evaluation.py --generate          how long a world and 14 days of its records take at scale 1
    python benchmarks/evaluation.py --seeds 3           a quick run

With --keep the table goes into RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from evaluation_tables import course_table, evaluation_table, limits_table
from measuring import keep
from vietnamadminunits.database import query

from tuyendau.science.epi import ContactPolicy
from tuyendau.science.epi.times import date_to_day, day_start
from tuyendau.science.sim import (
    Communes,
    Days,
    Outbreak,
    World,
    build_world,
    evaluation,
    interviews,
    run_outbreak,
)
from tuyendau.science.sim.parameters import Interviews
from tuyendau.science.tracing import NO_ONSET

UNTIL = date_to_day(date(2021, 7, 14))
CLOSING = day_start(date_to_day(date(2021, 5, 18)))
PUBLISHED = {
    (5, 12): 81, (5, 16): 332, (5, 19): 605, (5, 21): 767, (5, 25): 1399, (5, 28): 1824, (6, 2): 2533,
    (6, 6): 3089, (6, 13): 4045, (6, 20): 5406, (7, 4): 5713, (7, 13): 5775,
}  # fmt: skip
"""Cases known by the evening of a day of 2021: the provincial count on 16 May, else the press's daily series, which
equals the reports of the World Health Organization on 6 and 20 June."""
PROVINCE, DISTRICT, VILLAGE = "24", "222", "07807"
"""Bắc Giang, Việt Yên in it, and its commune Quang Châu."""


LIMIT_CUTS = ("close", "close and near", "everybody listed", "probability of 1 % or more")


def communes() -> Communes:
    """The communes of Bắc Giang of the first half of 2025, as the program has them."""
    told = query(
        "SELECT DISTINCT wardCode AS code, districtCode AS district, wardLon AS lon, wardLat AS lat "
        f"FROM admin_units_legacy WHERE provinceCode = '{PROVINCE}' AND wardCode IS NOT NULL ORDER BY wardCode"
    )
    columns = {name: [row[name] for row in told] for name in ("code", "district", "lon", "lat")}
    return Communes.of(**columns)


def judged(world: World, days: Days, outbreak: Outbreak) -> dict[str, Any]:
    """Recall and quarantine of each way to choose from the lists of one outbreak."""
    infectees = evaluation.true_infectees(world, outbreak)
    everyone = np.arange(len(outbreak.cases), dtype=np.int32)
    told = interviews(world, days, outbreak, everyone, evaluation.lookback(outbreak))
    policies = {name: ContactPolicy.bundled(name) for name in ("default", "fifteen_minutes")}
    lists = evaluation.lists(world, days, outbreak, policies, told)
    fifteen, graded = lists["fifteen_minutes"], lists["default"]
    ways = {
        "company lock": evaluation.company_lock(world, outbreak, told),
        "15 minutes anywhere": fifteen.take(fifteen.grade == 0),
        "app of 45 %": evaluation.app_list(world, days, outbreak),
    }
    ways |= {name: graded.take(chosen) for name, chosen in evaluation.cuts(graded)}
    before = infectees.infected < CLOSING
    rows: dict[str, Any] = {}
    for name, listing in ways.items():
        caught = evaluation.place_on_list(world, infectees, listing) >= 0
        cost = evaluation.person_days(listing.person, listing.day)
        rows[name] = (caught.sum(), caught[before].sum(), caught[~before].sum(), cost, len(listing))
    sizes = (len(before), before.sum(), (~before).sum())
    return {"ways": rows, "sizes": sizes, **_where(world, outbreak, infectees, graded)}


def limits(scale: float, seed: int) -> dict[str, Any]:
    """Recall and quarantine of one outbreak as it is, were windows longer, and were every landlord to list lodgers."""
    ((world, days, outbreak, _),) = outbreaks(scale, [seed])
    infectees = evaluation.true_infectees(world, outbreak)
    everyone = np.arange(len(outbreak.cases), dtype=np.int32)
    back = evaluation.lookback(outbreak)
    policy = {"default": ContactPolicy.bundled()}
    asked = interviews(world, days, outbreak, everyone, back)
    longer = interviews(world, days, outbreak, everyone, back + 2)
    listed = interviews(world, days, outbreak, everyone, back, replace(Interviews.bundled(), houses=1.0))
    told = {
        "as it is": (asked, 0),
        "windows two days longer": (longer, 2),
        "every landlord lists": (listed, 0),
    }
    lock = evaluation.company_lock(world, outbreak, asked)
    rows: dict[str, Any] = {}
    for name, (visits, earlier) in told.items():
        listing = evaluation.lists(world, days, outbreak, policy, visits, earlier)["default"]
        for cut, chosen in evaluation.cuts(listing):
            if cut in LIMIT_CUTS:
                held = listing.take(chosen)
                caught = evaluation.place_on_list(world, infectees, held) >= 0
                rows[f"{name} | {cut}"] = (caught.sum(), evaluation.person_days(held.person, held.day))
    source = evaluation.sources(outbreak, everyone)
    early = infectees.infected < source.start[infectees.case]
    untold = outbreak.cases.onset[infectees.case] == NO_ONSET
    print(".", end="", file=sys.stderr, flush=True)
    return {
        "rows": rows, "infectees": len(infectees), "lock": evaluation.person_days(lock.person, lock.day),
        "early": int(early.sum()), "untold": int((early & untold).sum()),
    }  # fmt: skip


def judged_seed(scale: float, seed: int) -> dict[str, Any]:
    """`judged` for one seed, in a process of its own."""
    ((world, days, outbreak, _),) = outbreaks(scale, [seed])
    print(".", end="", file=sys.stderr, flush=True)
    return judged(world, days, outbreak)


def _where(world: World, outbreak: Outbreak, infectees: Any, graded: Any) -> dict[str, Any]:
    """Where infectees stand on the graded lists, and what of transmission was on record."""
    place = evaluation.place_on_list(world, infectees, graded)
    grade = np.where(place >= 0, graded.grade[place], 4)
    truth = outbreak.truth
    inside = truth.infector >= 0
    source = evaluation.sources(outbreak, np.arange(len(outbreak.cases)))
    early = (place < 0) & (infectees.infected < source.start[infectees.case])
    missed = place < 0
    return {
        "grades": np.bincount(grade, minlength=5),
        "ranks": graded.rank[place[place >= 0]],
        "listed": len(graded),
        "by_setting": [
            (int((inside & (truth.setting == s)).sum()), int((inside & (truth.setting == s) & truth.recorded).sum()))
            for s in range(17)
        ],
        "missed_by_setting": [int((missed & (infectees.setting == s)).sum()) for s in range(17)],
        "missed": int(missed.sum()), "early": int(early.sum()), "infectees": len(infectees),
        "unfound": infectees.unfound, "known": infectees.known, "cases": len(outbreak.cases),
        "infections": len(truth),
    }  # fmt: skip


def course(world: World, outbreak: Outbreak, scale: float, seconds: float) -> dict[str, Any]:
    """The course of reports of one outbreak, brought to scale 1."""
    first = outbreak.first_day
    known = np.cumsum(outbreak.cases.by_day(first, UNTIL - first)) / scale
    commune = world.people.commune[outbreak.cases.person]
    return {
        "cases": [round(known[date_to_day(date(2021, *d)) - first]) for d in PUBLISHED],
        "infections": round(len(outbreak.truth) / scale),
        "district": float((np.array(world.communes.district)[commune] == DISTRICT).mean()),
        "village": float((np.array(world.communes.code)[commune] == VILLAGE).mean()),
        "seconds": seconds,
    }


def outbreaks(scale: float, seeds: Iterable[int]) -> Iterable[tuple[World, Days, Outbreak, float]]:
    """A world and an outbreak for each seed, with the seconds that the outbreak took."""
    places = communes()
    for seed in seeds:
        world = build_world(places, scale, seed)
        days = Days(world)
        began = time.monotonic()
        outbreak = run_outbreak(world, days, seed, until=UNTIL)
        yield world, days, outbreak, time.monotonic() - began


def generated(scale: float, head: str) -> str:
    """How long it takes to make a world, and 14 days of what is recorded there; the second time, all being compiled."""
    places = communes()
    day = date_to_day(date(2021, 5, 4))
    Days(build_world(places, 0.01)).presence(day, want="recorded")
    began, cpu = time.monotonic(), time.process_time()
    world = build_world(places, scale)
    made, made_cpu = time.monotonic() - began, time.process_time() - cpu
    days = Days(world)
    began, cpu = time.monotonic(), time.process_time()
    rows = sum(len(days.presence(day + k, want="recorded")) for k in range(14))
    lived, lived_cpu = time.monotonic() - began, time.process_time() - cpu
    return (
        "## Making a province and its days\n\n"
        f"{len(world.people):,} people, {int(world.companies.people.sum()):,} workers, {len(world.sites):,} sites; "
        f"{rows:,} recorded visits in 14 days. {head}\n\n| work | time | of the processor |\n|---|---|---|\n"
        f"| the world | {made:.1f} s | {made_cpu:.1f} s |\n| 14 days of records | {lived:.1f} s | {lived_cpu:.1f} s |\n"
    )


def main() -> None:
    """Read the arguments, run, print, keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--course", action="store_true")
    parser.add_argument("--limits", action="store_true")
    parser.add_argument("--generate", action="store_true")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--keep", action="store_true", help="write the table to RESULTS.md")
    asked = parser.parse_args()
    scale = asked.scale or (1.0 if asked.course or asked.generate else 0.05)
    seeds = range(1, (asked.seeds or (3 if asked.course else 20)) + 1)
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    head = f"{os.cpu_count()} cores, {versions}. {date.today().isoformat()}, `python {' '.join(sys.argv)}`."
    began = time.monotonic()
    if asked.generate:
        text = generated(scale, head)
    elif asked.limits:
        with ProcessPoolExecutor(asked.processes) as pool:
            text = limits_table(list(pool.map(limits, [scale] * len(seeds), seeds)), scale, head)
    elif asked.course:
        found = [course(w, o, scale, s) for w, _, o, s in outbreaks(scale, seeds)]
        text = course_table(found, PUBLISHED, scale, head)
    else:
        with ProcessPoolExecutor(asked.processes) as pool:
            judgements = list(pool.map(judged_seed, [scale] * len(seeds), seeds))
        text = evaluation_table(judgements, scale, time.monotonic() - began, head)
    print(text)
    if asked.keep:
        name = next((n for n in ("generate", "limits", "course") if getattr(asked, n)), "evaluation")
        keep(name, text)


if __name__ == "__main__":
    main()
