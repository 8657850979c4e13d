"""Contact tracing at the size of a province, beside PostgreSQL and Polars on the same visits.

    python benchmarks/tracing.py                 300,000 workers, 14 days, 21 million visits
    python benchmarks/tracing.py --scale 0.05    a quick run
    python benchmarks/tracing.py --no-postgres --no-polars

The engine runs in a process of its own, so that its memory can be told. Its answers must equal PostgreSQL's, or the
run fails. The table goes to the screen and, at full size or with --record, into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from measuring import cpu, median, memory_mb, timed
from tracing_postgres import COLUMNS, LEAST, beside_postgres
from tracing_world import DAYS, FIRST_DAY, HOUR, WORKERS, cases, world

from tuyendau.science.epi import ContactPolicy, Grade
from tuyendau.science.tracing import (
    DaySegment,
    Keys,
    PresenceIndex,
    Sources,
    Visits,
    degrees,
    split_days,
)

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- tracing: begin -->", "<!-- tracing: end -->"


def served(folder: Path, workers: int) -> None:
    """What a web process does: open the segments, answer, take newer visits. Prints its figures as JSON."""
    figures: dict[str, Any] = {}
    settings = np.load(folder / "settings.npy")
    files = sorted(folder.glob("presence-*.arrow"))
    spent, _ = timed(lambda: PresenceIndex([DaySegment.open(f) for f in files], settings).snapshot(), 5)
    figures["open"] = median(spent)
    index = PresenceIndex([DaySegment.open(f) for f in files], settings)
    policy = ContactPolicy.bundled("fifteen_minutes")
    begin = time.perf_counter()
    index.contacts(cases(workers, 1, 1), policy, min_seconds=LEAST)
    figures["first"] = (time.perf_counter() - begin) * 1_000

    def ask(sources: Sources) -> Any:
        return index.contacts(sources, policy, min_seconds=LEAST)

    singles = cases(workers, 1_000, 2)
    one = [timed(partial(ask, singles.take(np.array([i]))), 1)[0][0] for i in range(len(singles))]
    figures["one"], figures["one_p95"] = median(one), float(np.percentile(one, 95))
    many = cases(workers, 200, 3)
    spent, found = timed(lambda: ask(many), 9)
    figures["many"], figures["pairs"], figures["many_least"] = median(spent), len(found), min(spent)
    trace = index.trace(many, policy)
    np.savez(
        folder / "many.npz", source=found.source, contact=found.contact, seconds=found.seconds,
        e_source=trace.exposures.source, e_contact=trace.exposures.contact, e_site=trace.exposures.site,
        e_seconds=trace.exposures.seconds,
    )  # fmt: skip
    chains = [cases(workers, 1, 100 + i) for i in range(15)]
    spent, least = [], []
    for chain in chains:
        runs, far = timed(partial(degrees, index, chain, 2, policy, min_seconds=LEAST), 3)
        spent.append(median(runs))
        least.append(min(runs))
    figures["f2_least"] = median(least)
    figures["f2"], figures["f2_people"] = median(spent), int((far.degree == 2).sum())
    np.savez(folder / "f2.npz", person=far.person, degree=far.degree)
    graded = ContactPolicy.bundled("default")
    runs, close = timed(lambda: index.contacts(many, graded, worst=Grade.CLOSE), 3)
    figures["graded_f1"] = len(close) / len(many)
    figures["graded"] = median(runs)
    huge = cases(workers, 5_000 * workers // WORKERS, 4)
    spent, _ = timed(lambda: ask(huge), 5)
    figures["huge"], figures["huge_least"], figures["load"] = median(spent), min(spent), os.getloadavg()[0]
    figures["memory"] = memory_mb()
    figures |= newer(index, ask, many, singles, workers)
    print(json.dumps(figures))


def newer(
    index: PresenceIndex, ask: Callable[[Sources], Any], many: Sources, singles: Sources, workers: int
) -> Any:
    """What 100,000 unpublished visits cost: half late ones over segments, half on a day without any."""
    rng = np.random.default_rng(5)
    count = min(100_000, workers // 3)
    figures: dict[str, Any] = {"newer_rows": count}
    before = median(timed(lambda: ask(many), 9)[0])
    person, site = rng.integers(0, workers, count), rng.integers(0, workers // 40, count)
    day = np.where(np.arange(count) % 2, FIRST_DAY + DAYS, FIRST_DAY + rng.integers(0, DAYS, count))
    start = day * 86_400 - 7 * HOUR + rng.integers(0, 20 * HOUR, count)
    late = Visits.of(person, site, start, start + HOUR)
    keys = Keys.touching(late)
    small = Visits.of(person[:1], site[:1], start[:1], start[:1] + 2 * HOUR)
    # A process that has taken newer visits before has these kernels in memory.
    index.overlay.apply(Keys.touching(small), small)
    ask(singles.take(np.array([0])))
    begin = time.perf_counter()
    index.overlay.apply(keys, late)
    figures["apply"] = (time.perf_counter() - begin) * 1_000
    begin = time.perf_counter()
    ask(singles.take(np.array([0])))
    figures["newer_first"] = (time.perf_counter() - begin) * 1_000
    figures["newer_many"] = median(timed(lambda: ask(many), 9)[0]) - before
    one = [timed(partial(ask, singles.take(np.array([i]))), 1)[0][0] for i in range(300)]
    figures["newer_one"] = median(one)

    def change() -> None:
        index.overlay.apply(Keys.touching(small), small)
        ask(singles.take(np.array([0])))

    figures["newer_change"] = median(timed(change, 9)[0])
    return figures


def beside_polars(visits: Visits, workers: int) -> dict[str, float]:
    """Polars' times: a join on the site, the filter, the sum."""
    table = pl.DataFrame({n: getattr(visits, n) for n in COLUMNS}).sort("site", "start").lazy()

    def ask(sources: Sources) -> pl.DataFrame:
        asked = pl.DataFrame(
            {
                "source": range(len(sources)),
                "person": sources.person,
                "low": sources.start,
                "high": sources.end,
            }
        )
        mine = (
            table.join(asked.lazy(), on="person")
            .filter((pl.col("start") < pl.col("high")) & (pl.col("end") > pl.col("low")))
            .select(
                "source", "site", me="person", low=pl.max_horizontal("start", "low"),
                high=pl.min_horizontal("end", "high"),
            )
        )  # fmt: skip
        together = pl.min_horizontal("end", "high") - pl.max_horizontal("start", "low")
        return (
            table.join(mine, on="site")
            .filter((pl.col("start") < pl.col("high")) & (pl.col("end") > pl.col("low")))
            .filter(pl.col("person") != pl.col("me"))
            .group_by("source", "person")
            .agg(seconds=together.sum())
            .filter(pl.col("seconds") >= LEAST)
            .collect()
        )  # fmt: skip

    singles = cases(workers, 1_000, 2)
    one = [timed(partial(ask, singles.take(np.array([i]))), 1)[0][0] for i in range(10)]
    spent, found = timed(lambda: ask(cases(workers, 200, 3)), 3)
    return {
        "one": median(one),
        "one_p95": float(np.percentile(one, 95)),
        "many": median(spent),
        "pairs": len(found),
    }


def built(folder: Path, visits: Visits, settings: Any) -> dict[str, float]:
    """Cut, build and write all days; milliseconds of the median day."""
    np.save(folder / "settings.npy", settings)
    spent, written, size, rows = [], [], 0, 0
    DaySegment.build(FIRST_DAY, visits.take(np.arange(1_000)))
    for day, part in split_days(visits):
        begin = time.perf_counter()
        segment = DaySegment.build(day, part)
        spent.append((time.perf_counter() - begin) * 1_000)
        begin = time.perf_counter()
        segment.write(folder / segment.file_name)
        written.append((time.perf_counter() - begin) * 1_000)
        size, rows = size + segment.nbytes, rows + len(segment)
    # The last day holds nothing but the ends of the nights before it.
    return {
        "day": median(spent),
        "longest_day": max(spent),
        "write": median(written),
        "size": size / 2**20,
        "rows": rows,
    }


def table(ours: Any, build: Any, pg: Any, polars: Any) -> list[str]:
    """Rows of the result, with the ratio to each baseline that ran."""

    def row(name: str, ms: float, key: str = "", target: str = "") -> str:
        beside = (pg.get("plain", {}), pg.get("covering", {}), polars)
        cells = [f"{b[key]:,.1f} ms ({b[key] / ms:,.0f}x)" if key in b else "" for b in beside]
        return f"| {name} | {ms:,.2f} ms | {target} | " + " | ".join(cells) + " |"

    more = f"{ours['newer_rows']:,} unpublished visits"
    return [
        "| work | Tuyến Đầu | target | PostgreSQL (site, start) | PostgreSQL, covering | Polars |",
        "|---|---|---|---|---|---|",
        row("contacts of one case, median", ours["one"], "one"),
        row("contacts of one case, p95", ours["one_p95"], "one_p95", "0.3 ms, 40x PostgreSQL"),
        row("contacts of 200 cases", ours["many"], "many", "40 ms"),
        row("F1 and F2 of one case", ours["f2"], "f2", "40 ms"),
        row("contacts of 5,000 cases (by scale)", ours["huge"], "", "1,500 ms"),
        row("F1 of 200 cases, graded by setting", ours["graded"]),
        row("open the published segments", ours["open"], "", "300 ms"),
        row("first question of a new process", ours["first"]),
        row("build a day's segment, median", build["day"], "", "500 ms"),
        row("write and sync it", build["write"]),
        row(f"take {more}", ours["apply"]),
        row("first question after them", ours["newer_first"]),
        row("they add to 200 cases", max(ours["newer_many"], 0.01), "", "10 ms"),
        row("one case among them, median", ours["newer_one"]),
        row("one more visit and a question", ours["newer_change"]),
    ]


def report(arguments: argparse.Namespace, visits: int, ours: Any, build: Any, pg: Any, polars: Any) -> str:
    memory = ours["memory"]
    said = [
        f"{visits:,} visits of {arguments.workers:,} workers in {DAYS} days ({build['rows']:,} rows in the segments, "
        f"{build['size']:,.0f} MB). Contact = 15 minutes in all.",
        f"{cpu()}. Python {platform.python_version()}, "
        + ", ".join(f"{p} {version(p)}" for p in ("numba", "numpy", "pyarrow", "polars"))
        + f". {date.today().isoformat()}, `{' '.join(['python', *sys.argv])}`.",
        "",
        *table(ours, build, pg, polars),
        "",
        f"Resident memory of the process that answers: {memory['resident']:,.0f} MB, of which "
        f"{memory['own']:,.0f} MB its own and the rest mapped files (target 1,024 MB). "
        f"200 cases have {ours['pairs']:,} contacts of 15 minutes; graded by setting, "
        f"{ours['graded_f1']:.0f} F1 a case.",
        f"The load average was {ours['load']:.1f} while the engine ran; other work on the machine lengthens all times. "
        f"The shortest runs were {ours['many_least']:,.1f} ms for 200 cases, {ours['f2_least']:,.1f} ms for F1 and F2 "
        f"(median of 15 cases) and {ours['huge_least']:,.0f} ms for 5,000 cases.",
    ]
    if pg:
        plain = pg["plain"]
        said.append(
            f"PostgreSQL took {plain['build']:,.0f} s to load and index, {plain['size']:,.0f} MB with (site, start) "
            f"and (person, start), {pg['covering']['size']:,.0f} MB with all columns in both. Its answers were equal: "
            f"{ours['pairs']:,} contacts with their seconds, {plain['exposures']:,.0f} exposures by site, "
            f"{ours['f2_people']:,} F2."
        )
    return "\n".join(said)


def record(text: str) -> None:
    """Put the section between its markers in RESULTS.md, leaving other sections alone."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    section = f"{BEGIN}\n## Contact tracing\n\n{text}\n{END}"
    if BEGIN in old:
        before, rest = old.split(BEGIN, 1)
        old = before + section + rest.split(END, 1)[1]
    else:
        old = old.rstrip("\n") + "\n\n" + section + "\n"
    RESULTS.write_text(old, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure contact tracing beside PostgreSQL and Polars.")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the 300,000 workers")
    parser.add_argument("--no-postgres", action="store_true")
    parser.add_argument("--no-polars", action="store_true")
    parser.add_argument(
        "--meal-inside", action="store_true", help="the meal lies inside the shift; no PostgreSQL"
    )
    parser.add_argument("--record", action="store_true", help="write RESULTS.md whatever the scale")
    parser.add_argument("--served", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.workers = max(5_000, int(WORKERS * arguments.scale))
    if arguments.served:
        served(arguments.served, arguments.workers)
        return
    with tempfile.TemporaryDirectory(prefix="tracing-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        visits, settings = world(arguments.workers, 0, arguments.meal_inside)
        build = built(folder, visits, settings)
        command = [sys.executable, __file__, "--scale", str(arguments.scale), "--served", name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        ours = json.loads(done.stdout)
        # PostgreSQL adds up line and canteen, so with the meal inside the shift its sums mean something else.
        skip = arguments.no_postgres or arguments.meal_inside
        pg = {} if skip else beside_postgres(folder, visits, arguments.workers)
        polars = (
            {} if arguments.no_polars or arguments.meal_inside else beside_polars(visits, arguments.workers)
        )
        if polars:
            assert polars["pairs"] == ours["pairs"], "contacts differ from Polars'"
    text = report(arguments, len(visits), ours, build, pg, polars)
    print(text)
    if arguments.record or (arguments.scale == 1 and not arguments.meal_inside and pg and polars):
        record(text)


if __name__ == "__main__":
    main()
