"""`tuyendau import-contacts`: who met whom, as people told it."""

from __future__ import annotations

from pathlib import Path

import click

from tuyendau.config.cli.imports import file_argument, take_in


@click.command()
@file_argument
@click.option(
    "--skip-unknown", is_flag=True, help="Leave out rows of which an end is unknown, and tell how many."
)
def command(file: Path, pairs: tuple[str, ...], skip_columns: bool, skip_unknown: bool) -> None:
    """Import reported contacts from FILE: CSV, XLSX or Parquet.

    Columns: from, to, exposure, date. Both ends are codes, of cases or of people; “from” has to be a case.
    Everything is imported or nothing.
    """
    take_in("contacts", file, pairs, skip_columns, skip_unknown=skip_unknown)
