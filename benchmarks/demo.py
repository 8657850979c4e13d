"""Loading the demonstration province, as `tuyendau demo` does it, into a PostgreSQL of its own.

    python benchmarks/demo.py                    at 0.05 and at 1: minutes, and 12 GB in the temporary folder
    python benchmarks/demo.py --scale 0.05       one scale, only printed
    python benchmarks/demo.py --keep FOLDER      leaves the largest in FOLDER, to be used with TUYENDAU_VAR

Measured from the command's start to its end: PostgreSQL made and started, migrations, everything loaded and traced.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from measuring import cpu

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- demo: begin -->", "<!-- demo: end -->"
TARGETS = {0.05: "60 s", 1.0: "600 s"}
STEP = re.compile(r"^ *([\d.]+) s  (.+)$")
COUNTED = {
    "people": "people_person",
    "identifiers": "people_identifier",
    "assignments": "people_assignment",
    "sites": "places_site",
    "visits": "visits_visit",
    "cases": "cases_case",
    "contacts": "contacts_contact",
}


@dataclass
class Run:
    """One load: scale, seconds in all, steps with the second at which each began, rows, size, load average."""

    scale: float
    seconds: float
    steps: list[tuple[float, str]]
    rows: dict[str, int]
    megabytes: float
    busy: float


def load(scale: float, folder: Path) -> Run:
    """Load at `scale` into `folder`."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "TUYENDAU_VAR": str(folder),
        "LANG": "en_US.UTF-8",
    }
    busy, began = os.getloadavg()[0], time.monotonic()
    command = [sys.executable, "-m", "tuyendau.config.cli", "demo", "--scale", str(scale)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"{done.stdout[-2_000:]}{done.stderr[-4_000:]}it ended with {done.returncode}")
    steps = [(float(m[1]), m[2]) for line in done.stdout.splitlines() if (m := STEP.match(line))]
    return Run(scale, seconds, steps, *counted(folder), (busy + os.getloadavg()[0]) / 2)


def counted(folder: Path) -> tuple[dict[str, int], float]:
    """Rows by table, and the size of the database in megabytes."""
    from tuyendau.config import postgres

    address = postgres.start(folder / "postgres")
    try:
        with psycopg.connect(address) as connection:
            rows = {
                word: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for word, table in COUNTED.items()
            }
            size = connection.execute("SELECT pg_database_size(current_database()) / 1e6").fetchone()[0]
    finally:
        postgres.stop(folder / "postgres")
    return rows, float(size)


def report(runs: list[Run]) -> str:
    """The section for RESULTS.md."""
    lines = [
        BEGIN,
        "## Loading the demonstration province",
        "",
        f"From `tuyendau demo` to its end, an empty folder before: {cpu()}. {datetime.now(UTC):%d/%m/%Y}, "
        "`python benchmarks/demo.py`.",
        "",
        "| | " + " | ".join(f"scale {run.scale:g}" for run in runs) + " |",
        "|---|" + "---|" * len(runs),
        "| seconds | " + " | ".join(f"**{run.seconds:,.0f}**" for run in runs) + " |",
        "| target | " + " | ".join(TARGETS.get(run.scale, "") for run in runs) + " |",
        "| load average meanwhile, its own included | "
        + " | ".join(f"{run.busy:.1f}" for run in runs)
        + " |",
    ]
    for word in COUNTED:
        lines.append(f"| {word} | " + " | ".join(f"{run.rows[word]:,}" for run in runs) + " |")
    lines.append("| database, MB | " + " | ".join(f"{run.megabytes:,.0f}" for run in runs) + " |")
    lines += ["", "Seconds from the start of each step to that of the next:", ""]
    for run in runs:
        steps = [(at, name) for at, name in run.steps if not name.endswith(" steps")]
        ends = [at for at, _ in steps[1:]] + [run.seconds]
        took = [f"{name.lower()} {end - at:,.1f}" for (at, name), end in zip(steps, ends, strict=True)]
        lines.append(f"- scale {run.scale:g}: " + "; ".join(took))
    return "\n".join([*lines, END])


def record(section: str) -> None:
    """Put the section into RESULTS.md in the place of the one before."""
    text = RESULTS.read_text() if RESULTS.exists() else "# Measured\n"
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + section + text[text.index(END) + len(END) :]
    else:
        text = text.rstrip() + "\n\n" + section + "\n"
    RESULTS.write_text(text)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scale", type=float, action="append")
    arguments.add_argument("--keep", type=Path, help="leave the last load in this folder")
    arguments.add_argument("--record", action="store_true", help="write RESULTS.md for other scales too")
    asked = arguments.parse_args()
    runs = []
    scales = asked.scale or [0.05, 1.0]
    for number, scale in enumerate(scales):
        with tempfile.TemporaryDirectory(prefix="tuyendau-bench-") as name:
            folder = Path(name) / "var"
            runs.append(load(scale, folder))
            print(f"scale {scale:g}: {runs[-1].seconds:,.1f} s", flush=True)
            if asked.keep and number == len(scales) - 1:
                shutil.move(folder, asked.keep)
    section = report(runs)
    print(section)
    if asked.scale is None or asked.record:
        record(section)


if __name__ == "__main__":
    main()
