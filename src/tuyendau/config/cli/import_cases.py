"""`tuyendau import-cases`: line lists, and daily counts by commune."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from tuyendau.config.cli.imports import file_argument, take_in, valid_on

_SOURCE = re.compile(r"[a-z0-9_.-]{1,20}")


def _source(context: click.Context, option: click.Parameter, value: str) -> str:
    if not _SOURCE.fullmatch(value):
        raise click.BadParameter("use up to 20 small letters, digits, dots or dashes")
    return value


@click.command()
@file_argument
@valid_on
@click.option(
    "--source", default="file", show_default=True, callback=_source,
    help="Begins the codes of cases that have none: keep it the same for later editions of the same list.",
)  # fmt: skip
def command(
    file: Path, pairs: tuple[str, ...], skip_columns: bool, valid_on: datetime | None, source: str
) -> None:
    """Import cases from FILE: CSV, XLSX or Parquet; a row for each case, or counts in a column “cases”.

    Columns: code, person, full_name, sex, age or birth_year, unit or commune and district, address, status, onset,
    sampled, result, reported, isolated, outcome, outcome_on, place_infected, hospital, note, cases. Cases that are in
    the register already stay as they are. Everything is imported or nothing.
    """
    take_in("cases", file, pairs, skip_columns, valid_on=valid_on.date() if valid_on else None, source=source)
