"""`tuyendau import-encounters`: who was near whom, as devices measured."""

from __future__ import annotations

from pathlib import Path

import click

from tuyendau.config.cli.imports import file_argument, take_in


@click.command()
@file_argument
def command(file: Path, pairs: tuple[str, ...], skip_columns: bool) -> None:
    """Import encounters from FILE: CSV, XLSX or Parquet.

    Columns: a, b, start, seconds. Both people have to be known by their codes. Everything is imported or nothing; of
    an encounter that is there already the longer time stands.
    """
    take_in("encounters", file, pairs, skip_columns)
