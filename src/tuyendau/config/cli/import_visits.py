"""`tuyendau import-visits`: who was where, from when to when."""

from __future__ import annotations

from pathlib import Path

import click

from tuyendau.config.cli.imports import file_argument, take_in

SOURCES = ("scan", "roster", "room", "bus", "interview", "declaration", "file")


@click.command()
@file_argument
@click.option(
    "--source", type=click.Choice(SOURCES), default="file", show_default=True, help="How it became known."
)
def command(file: Path, pairs: tuple[str, ...], skip_columns: bool, source: str) -> None:
    """Import visits from FILE: CSV, XLSX or Parquet.

    Columns: person, site, start, end. An empty end is assumed by the site's dwell rule. People and sites have to be
    known by their codes. Everything is imported or nothing; visits that are there already are not doubled.
    """
    number = SOURCES.index(source) + 1
    take_in("visits", file, pairs, skip_columns, visit_source=number)
