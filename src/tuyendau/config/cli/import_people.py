"""`tuyendau import-people`: rosters, room lists, bus lists."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tuyendau.config.cli.imports import file_argument, take_in, valid_on


@click.command()
@file_argument
@valid_on
def command(file: Path, pairs: tuple[str, ...], skip_columns: bool, valid_on: datetime | None) -> None:
    """Import people, and the sites where they belong, from FILE: CSV, XLSX or Parquet.

    Columns: code, full_name, sex, birth_year or birth_date, phone, unit, address, site, from. A known code is brought
    up to date. Everything is imported or nothing; the same file twice changes nothing.
    """
    take_in("people", file, pairs, skip_columns, valid_on=valid_on.date() if valid_on else None)
