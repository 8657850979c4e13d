"""`tuyendau migrate`: bring the database to this version."""

from __future__ import annotations

import click

from tuyendau.config.cli import open_database


def migrate(verbosity: int = 1) -> None:
    """Apply every migration and make the table of the cache."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)


@click.command()
def command() -> None:
    """Bring the database to this version of the program."""
    open_database(migrated=False)
    migrate()
