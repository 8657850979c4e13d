"""`tuyendau migrate`: bring the database to this version."""

from __future__ import annotations

import click

from tuyendau.config.cli import open_database


def migrate(verbosity: int = 1) -> None:
    """Apply every migration, make the table of the cache, and set who may read which rows, as the tables' owner."""
    from django.core.management import call_command

    from tuyendau.config.row_security import set_up
    from tuyendau.core.acting import RolesMissing, as_owner

    try:
        with as_owner():
            call_command("migrate", interactive=False, verbosity=verbosity)
            call_command("createcachetable", verbosity=verbosity)
            # The cache's table came after the rules were set.
            set_up()
    except RolesMissing as error:
        raise click.ClickException(str(error)) from error


@click.command()
def command() -> None:
    """Bring the database to this version of the program."""
    open_database(migrated=False)
    migrate()
