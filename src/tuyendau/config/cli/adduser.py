"""`tuyendau adduser`: make a user with a role at a place."""

from __future__ import annotations

import click

from tuyendau.access import ROLES
from tuyendau.config.cli import open_database


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@click.option(
    "--unit", help="Code of the unit that the role is held over; the newest unit with that code is meant."
)
@click.option("--site", help="Code of the site that the role is held over.")
@click.password_option(help="Asked for when left out.")
def command(username: str, name: str, role: str, unit: str | None, site: str | None, password: str) -> None:
    """Make the user USERNAME with a role over a unit or a site."""
    open_database()
    from tuyendau.core.accounts import actions
    from tuyendau.lib import clock

    try:
        actions.add_user(
            username,
            password=password,
            full_name=name,
            role=role,
            unit=unit,
            site=site,
            by=None,
            at=clock.now(),
        )
    except actions.UserRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username}: {role}")
