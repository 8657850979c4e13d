"""The course of the scenario: run once, kept in `var/demo`, and played from there.

Two files: what officers, gates and rosters come to know, from which the demonstration is played; and the truth behind
it (who infected whom, where and when), which nothing in the program reads. It is for those who measure how much of it
tracing finds.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from tuyendau.config import demonstration
from tuyendau.demo.plan import Plan
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Cases, Communes, Days, Outbreak, Truth, World, build_world
from tuyendau.science.sim.outbreak import run_outbreak

COURSE, TRUTH = "course.npz", "truth.npz"
LAST_DAY = date(2021, 6, 20)
"""Until when the scenario is worked out; after it nothing happens any more."""


def world_of(plan: Plan, communes: Communes) -> World:
    """The world of a plan, the same every time."""
    return build_world(communes, plan.scale, plan.seed)


def of_plan(folder: Path, plan: Plan, world: World) -> Outbreak:
    """The course of `plan` in `world`: the kept one if it is of this plan, else it is run and kept."""
    kept = _kept(folder, plan)
    if kept is None:
        kept = run_outbreak(world, Days(world), plan.course, until=date_to_day(LAST_DAY) + 1)
        _keep(folder, plan, kept)
    return kept


def work_out(folder: Path, plan: Plan, communes: Communes) -> None:
    """Run and keep the course, in a process of its own."""
    of_plan(folder, plan, world_of(plan, communes))


@contextmanager
def worked_out_beside(folder: Path, plan: Plan, communes: Communes) -> Iterator[Callable[[], None]]:
    """Work the course out while something else is done; what is yielded waits until it is kept.

    Should that process fail, the course is run where it is asked for, and there its failure is told.
    """
    process = get_context("spawn").Process(target=work_out, args=(folder, plan, communes), daemon=True)
    process.start()
    try:
        yield process.join
    finally:
        process.terminate()
        process.join()


def _keep(folder: Path, plan: Plan, outbreak: Outbreak) -> None:
    where = folder / demonstration.FOLDER
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = np.frombuffer(json.dumps(plan.to_data()).encode(), np.uint8)
    _write(where / TRUTH, {"plan": told} | _columns(outbreak.truth))
    cases = {f"cases_{name}": column for name, column in _columns(outbreak.cases).items()}
    held = {name: getattr(outbreak, name) for name in ("away", "closed", "outings")}
    _write(where / COURSE, {"plan": told, "first_day": np.array(outbreak.first_day), **cases, **held})


def _kept(folder: Path, plan: Plan) -> Outbreak | None:
    """The kept course of this plan, without the truth: nobody who plays it may know that."""
    file = folder / demonstration.FOLDER / COURSE
    try:
        with np.load(file, allow_pickle=False) as columns:
            if json.loads(columns["plan"].tobytes()) != plan.to_data():
                return None
            cases = Cases(*(columns[f"cases_{field.name}"] for field in fields(Cases)))
            held = (columns["away"], columns["closed"], columns["outings"])
            return Outbreak(_nothing_known(), cases, int(columns["first_day"]), *held)
    except (OSError, ValueError, KeyError):
        return None


def _nothing_known() -> Truth:
    columns: list[Any] = [np.empty(0, np.int32) for _ in fields(Truth)]
    return Truth(*columns)


def _columns(of: Truth | Cases) -> dict[str, Any]:
    return {field.name: getattr(of, field.name) for field in fields(of)}


def _write(file: Path, columns: dict[str, Any]) -> None:
    """Replace `file` in one step, readable by its owner only."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **columns)
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(packed.getvalue())
    draft.replace(file)
