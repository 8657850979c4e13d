"""Searching 1.8 million people, and what is done with one of them, for each role.

    python benchmarks/people.py                  1.8 million people
    python benchmarks/people.py --people 100000  a quick run

Starts a PostgreSQL of its own in a temporary folder, loads an invented register, and asks as the pages ask: with the
viewer's role in the database, the reach in the query, the rows read under the rules by row.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- people: begin -->", "<!-- people: end -->"
KINDS = {
    "words of a name": [
        "nguyen", "nguyen van", "nguyen van a", "van anh", "thi hoa", "hoa", "thi", "anh nguyen duc", "quach thi bich",
        "trần thị thu", "h", "minh quan", "giap thi thach", "le hong p", "dung",
    ],
    "name and year or day of birth": [
        "nguyen van hung 1990", "ngoc mai 1985", "hoa 2001", "nguyen thi lan 12/05/1990", "tran 03/03/1971",
    ],
    "day of birth": ["12/05/1990", "01/01/1980", "31/12/2001"],
    "telephone": ["0912345", "091 234 56", "+8491", "0168 123 4567", "0381234567"],
    "identity number": ["024194012345", "0241940", "2400001234", "120001234", "12000", "DN4242400004321"],
    "code": ["P17", "P1234567", "P999"],
    "the list itself": [""],
}  # fmt: skip


def times(ask: Callable[[], Any], n: int) -> list[float]:
    """Milliseconds of n calls."""
    found = []
    for _ in range(n):
        begin = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begin) * 1000)
    return found


def viewers() -> dict[str, Any]:
    """A viewer of each kind, from the whole province to one company."""
    from tuyendau.access import Grant, ScopeKind, Viewer
    from tuyendau.core.places.models import Site, Unit

    province, district = Unit.objects.get(level=1), Unit.objects.filter(level=2).order_by("pk")[3]
    commune = Unit.objects.filter(level=3).order_by("pk")[50]
    company = Site.objects.filter(kind="company").order_by("pk")[5]
    return {
        "province": Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(province.path)),)),
        "district": Viewer(2, (Grant("district_officer", ScopeKind.UNIT, str(district.path)),)),
        "commune": Viewer(3, (Grant("commune_officer", ScopeKind.UNIT, str(commune.path)),)),
        "company": Viewer(4, (Grant("company_officer", ScopeKind.SITE, str(company.path)),)),
    }


def searches(repeat: int) -> list[str]:
    """Lines of the table: median and p95 of each kind of search for each role."""
    from tuyendau.core.accounts.queries import reach_of
    from tuyendau.core.acting import as_program, as_viewer
    from tuyendau.records.people import queries
    from tuyendau.records.people.queries.traits import count_words

    with as_program():
        count_words()
    seen = viewers()
    lines = ["| search | " + " | ".join(seen) + " |", "|---" * (len(seen) + 1) + "|"]
    for kind, written in KINDS.items():
        cells = []
        for viewer in seen.values():
            with as_viewer(reach_of(viewer)):
                queries.people_page(viewer, written[0])
                took = [
                    t for text in written for t in times(partial(queries.people_page, viewer, text), repeat)
                ]
            cells.append(f"{np.median(took):.0f} / {np.percentile(took, 95):.0f} ms")
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return lines


def decisions() -> list[str]:
    """What a person's look-alikes, a merge and its undo, and the search for duplicates take."""
    from tuyendau.lib import clock
    from tuyendau.records.people import actions, queries
    from tuyendau.records.people.models import Candidate, Person
    from tuyendau.records.people.queries.traits import traits_of

    viewer = viewers()["province"]
    some = [Person.objects.get(pk=pk) for pk in range(1000, 61_000, 2000)]
    known = traits_of([p.pk for p in some])
    alike = [t for p in some for t in times(partial(queries.look_alikes, known[p.pk], viewer=viewer), 1)]
    begin = time.perf_counter()
    found = actions.find_duplicates(at=clock.now())
    whole = time.perf_counter() - begin
    queue = times(lambda: queries.queue(viewer), 10)
    merging, undoing = [], []
    for pair in Candidate.objects.select_related("first", "second").order_by("-bits")[:20]:
        begin = time.perf_counter()
        made = actions.merge(
            pair.first.public_id, pair.second.public_id, viewer=viewer, by=None, at=clock.now()
        )
        merging.append((time.perf_counter() - begin) * 1000)
        undo = partial(actions.unmerge, made.public_id, viewer=viewer, by=None, at=clock.now())
        undoing += times(undo, 1)
    return [
        "", "| work | median | p95 |", "|---|---|---|",
        *(
            f"| {name} | {np.median(took):.0f} ms | {np.percentile(took, 95):.0f} ms |"
            for name, took in (
                ("look-alikes of a new person", alike), ("the queue of pairs", queue), ("merge two people", merging),
                ("take them apart", undoing),
            )
        ), "",
        f"All people compared in {whole:.0f} s: {found.compared:,} pairs share something rare, {found.same:,} are "
        f"beyond doubt, {found.open:,} to be decided.",
    ]  # fmt: skip


def write(people: int, lines: list[str]) -> None:
    """Put the figures into RESULTS.md in place of the last ones."""
    from measuring import cpu

    head = [
        BEGIN, "## Searching people", "",
        f"{people:,} people in {209} communes; PostgreSQL 18 on the same machine: {cpu()}. "
        f"{datetime.now(UTC):%Y-%m-%d}, load average {os.getloadavg()[0]:.1f}, `python benchmarks/people.py`. "
        "Median / p95 of a first page with its count, for each role under the rules by row. Aim: under 100 ms.", "",
    ]  # fmt: skip
    text, block = RESULTS.read_text(), "\n".join([*head, *lines, END])
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + block + text[text.index(END) + len(END) :]
    else:
        text = text.rstrip() + "\n\n" + block + "\n"
    RESULTS.write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_800_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuyendau.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        own = not os.environ.get("DATABASE_URL")
        if own:
            os.environ["TUYENDAU_VAR"] = folder
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from tuyendau.config import postgres
            os.environ["DATABASE_URL"] = postgres.start(Path(folder) / "postgres", extra="fsync = off\n")
        try:
            measure(arguments.people, arguments.repeat, fresh=own)
        finally:
            if own:
                postgres.stop(Path(folder) / "postgres")


def measure(people: int, repeat: int, *, fresh: bool) -> None:
    """Load the register where the database is new, and measure."""
    import django

    django.setup()
    if fresh:
        from people_load import load

        from tuyendau.config.cli.migrate import migrate

        migrate(0)
        begin = time.perf_counter()
        load(people)
        print(f"loaded on {date.today()} in {time.perf_counter() - begin:.0f} s", flush=True)
    lines = searches(repeat) + decisions()
    print("\n".join(lines))
    if people >= 1_000_000:
        write(people, lines)


if __name__ == "__main__":
    main()
