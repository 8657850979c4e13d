"""`tuyendau people`: people as a whole."""

from __future__ import annotations

import time

import click

from tuyendau.config.cli import open_database


@click.group()
def command() -> None:
    """People as a whole: find records of one person."""


@command.command()
def duplicates() -> None:
    """Compare all people and list the pairs that may be one person; the worker does so each night.

    What is found stands on the page "Perhaps one person" of whoever may merge.
    """
    open_database()
    from tuyendau.lib import clock
    from tuyendau.records.people.actions import find_duplicates

    begin = time.monotonic()
    found = find_duplicates(at=clock.now())
    click.echo(
        f"{found.compared:,} pairs compared in {time.monotonic() - begin:.0f} s: {found.same:,} beyond doubt, "
        f"{found.open:,} to be decided."
    )
