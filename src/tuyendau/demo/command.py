"""`tuyendau demo`: load the demonstration."""

from __future__ import annotations

import time

import click

from tuyendau.config.cli import open_database
from tuyendau.config.cli.migrate import migrate


@click.command()
def command() -> None:
    """Load the demonstration, an invented outbreak, into an empty database."""
    open_database(migrated=False)
    migrate(verbosity=0)
    from django.utils.translation import gettext as _

    from tuyendau.demo import load
    from tuyendau.lib import clock

    began = time.monotonic()
    click.echo(_("Loading the demonstration, an invented outbreak in invented places."))
    try:
        load.load(clock.now())
    except load.NotEmpty:
        raise click.ClickException(
            _("this database has records already, so the demonstration is not loaded into it")
        ) from None
    click.echo(_("Loaded in %(seconds)s s.") % {"seconds": f"{time.monotonic() - began:.1f}"})
