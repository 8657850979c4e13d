"""The line list as a file: XLSX, CSV, Parquet, every row, through the program's own page, beside simpler ways.

    python benchmarks/export.py                   300,000 cases
    python benchmarks/export.py --rows 10000      a quick run

Starts a PostgreSQL of its own, makes as many invented cases, each of a worker with a company and a line, and takes the
list away as an epidemiologist of the province and as the health officer of the largest company do: rights, columns of
other tables, the record of events, everything but the network. Beside it stand what is written first: rows of the
database into a CSV file without rights or care for formulas, and a workbook that is kept whole until its last row.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lists
from measuring import cpu

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- export: begin -->", "<!-- export: end -->"
ROWS = 300_000
BUDGET = 60.0
COLUMNS = (
    "code", "sex", "born", "age", "phone", "unit", "district", "status", "onset", "sample", "result", "reported",
    "reference", "basis", "company", "line", "outcome",
)  # fmt: skip


def timed(pieces: Iterator[bytes]) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and how many bytes."""
    begin = time.perf_counter()
    first, size = 0.0, 0
    for piece in pieces:
        if not size and piece:
            first = time.perf_counter() - begin
        size += len(piece)
    return first, time.perf_counter() - begin, size


def through_the_page(user: Any, form: str) -> tuple[tuple[float, float, int], int]:
    """The file as a browser gets it, and how many rows it has."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    query = "&".join(f"col={name}" for name in COLUMNS)
    rows = 0

    def pieces() -> Iterator[bytes]:
        nonlocal rows
        answer = client.get(f"/cases/export/?{query}&format={form}")
        assert answer.status_code == 200, answer.status_code
        rows = int(answer.headers["X-Rows"])
        yield from answer.streaming_content

    return timed(pieces()), rows


VALUES = (
    "person__full_name", "code", "person__sex", "person__birth_year", "person__phone", "unit__name",
    "unit__parent__name", "status", "onset_on", "sampled_on", "result_on", "reported_on", "outcome",
)  # fmt: skip


def plain_csv() -> Iterator[bytes]:
    """What is written first: values of the database straight into a file; no rights, no companies, formulas and all."""
    from tuyendau.records.cases.models import Case

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(VALUES)
    writer.writerows(Case.objects.order_by("-reported_on", "-id").values_list(*VALUES))
    yield text.getvalue().encode()


def whole_workbook() -> Iterator[bytes]:
    """The usual way to a workbook: every cell is kept until the end."""
    import xlsxwriter

    from tuyendau.records.cases.models import Case

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for row, values in enumerate(Case.objects.order_by("-reported_on", "-id").values_list(*VALUES)):
        sheet.write_row(row, 0, ["" if value is None else value for value in values])
    book.close()
    yield stream.getvalue()


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(rows: int) -> list[str]:
    from tuyendau.core.accounts.models import User

    table = []
    before = peak()
    for role in ("epidemiologist", "company_officer"):
        user = User.objects.get(username=role)
        for form in ("csv", "parquet", "xlsx"):
            (first, whole, size), count = through_the_page(user, form)
            told = f"{first:.2f} s | {whole:.1f} s | {size / 2**20:.1f} MB"
            limit = f"{BUDGET:.0f} s" if role == "epidemiologist" else ""
            table.append(f"| {form}, {role.replace('_', ' ')} | {count:,} | {told} | {limit} |")
    table.append(f"| memory that these took on top | | | {peak() - before:,.0f} MB | | |")
    simple: dict[str, Callable[[], Iterator[bytes]]] = {
        "plain CSV, 13 columns, no rights": plain_csv,
        "workbook kept whole, 13 columns, no rights": whole_workbook,
    }
    for name, way in simple.items():
        before = peak()
        first, whole, size = timed(way())
        told = f"{first:.2f} s | {whole:.1f} s | {size / 2**20:.1f} MB"
        table.append(f"| {name}; memory + {peak() - before:,.0f} MB | {rows:,} | {told} | |")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument(
        "--keep", type=Path, help="keep the database there, and use it if it is there already"
    )
    asked = parser.parse_args()
    lists.PERSONS = lists.WORKERS = lists.CASES = asked.rows
    lists.CONTACTS = max(100, asked.rows // 100)
    with lists.server(asked.keep) as empty:
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        if empty:
            print(f"loaded in {lists.load(1.0):.0f} s")
        table = measured(asked.rows)
    head = ["| file | rows | first byte | last byte | size | budget |", "|---|---|---|---|---|---|"]
    print("\n".join([*head, *table]))
    if asked.rows == ROWS:
        about = (
            f"{len(COLUMNS) + 1} columns of {asked.rows:,} cases. {cpu()}. {datetime.now(UTC):%d/%m/%Y}, load "
            f"{os.getloadavg()[0]:.1f}, `python benchmarks/export.py`."
        )
        text = "\n".join([BEGIN, "## The line list as a file", "", about, "", *head, *table, END])
        kept = RESULTS.read_text()
        if BEGIN in kept:
            kept = kept[: kept.index(BEGIN)] + text + kept[kept.index(END) + len(END) :]
        else:
            kept = kept.rstrip() + "\n\n" + text + "\n"
        RESULTS.write_text(kept)


if __name__ == "__main__":
    main()
