"""`tuyendau user`: accounts and their roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import click

from tuyendau.access import ROLES
from tuyendau.config.cli import open_database

Command = TypeVar("Command", bound=Callable[..., Any])


def role_options(function: Command) -> Command:
    """The role, and the place that it is held over."""
    day = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
    for decorate in (
        click.option("--to", "ends", type=day, help="Day before which the role ends, if any."),
        click.option("--from", "begins", type=day, help="Day on which the role begins; today if left out."),
        click.option("--site", help="Code of the site that the role is held over."),
        click.option(
            "--unit",
            help="Code of the unit that the role is held over; the newest unit with that code is meant.",
        ),
        click.option("--role", required=True, type=click.Choice(sorted(ROLES))),
    ):
        function = decorate(function)
    return function


@contextmanager
def _acting() -> Iterator[datetime]:
    """Open the database for one act at the moment it gives; what the act refuses ends the command with its reason."""
    open_database()
    from tuyendau.core.accounts.actions import UserRefused
    from tuyendau.lib import clock

    try:
        yield clock.now()
    except UserRefused as error:
        raise click.ClickException(str(error)) from error


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _named(username: str) -> Any:
    from tuyendau.core.accounts.models import User

    found = User.objects.filter(username__iexact=username).first()
    if found is None:
        raise click.ClickException(f"there is no user {username}")
    return found


@click.group()
def command() -> None:
    """Accounts: add, list, close, open, give another password or role."""


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@role_options
@click.password_option(help="Asked for when left out.")
def add(
    username: str,
    name: str,
    role: str,
    unit: str | None,
    site: str | None,
    begins: datetime | None,
    ends: datetime | None,
    password: str,
) -> None:
    """Make the user USERNAME with a role over a unit or a site."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.add_user(
            username, password=password, full_name=name, role=role, unit=unit, site=site,
            begins=_day(begins), ends=_day(ends), by=None, at=at,
        )  # fmt: skip
    click.echo(f"{username}: {role}")


@command.command("list")
def list_() -> None:
    """Print every account: user name, open or closed, full name, roles with their places."""
    with _acting() as at:
        from tuyendau.core.accounts.queries import accounts
        from tuyendau.lib import clock

        for user in accounts(on=clock.local_day(at)):
            held = [f"{m.role} {(m.unit or m.site).code}" for m in user.memberships.all()]  # type: ignore[union-attr]
            state = "open" if user.is_active else "closed"
            click.echo("\t".join([user.username, state, user.full_name, ", ".join(held)]))


@command.command()
@click.argument("username")
def disable(username: str) -> None:
    """Close the account USERNAME at once, also where somebody is signed in with it."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.disable_user(username, by=None, at=at)
    click.echo(f"{username}: closed")


@command.command()
@click.argument("username")
def enable(username: str) -> None:
    """Open the closed account USERNAME again, with the roles that it had."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.enable_user(username, by=None, at=at)
    click.echo(f"{username}: open")


@command.command()
@click.argument("username")
@click.password_option(help="Asked for when left out.")
def password(username: str, password: str) -> None:
    """Give USERNAME another password, and end wherever they are signed in."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.set_password(username, password=password, by=None, at=at)
    click.echo(f"{username}: new password")


@command.command()
@click.argument("username")
@role_options
@click.option("--keep", is_flag=True, help="Leave USERNAME the roles that they hold.")
def role(
    username: str,
    role: str,
    unit: str | None,
    site: str | None,
    begins: datetime | None,
    ends: datetime | None,
    keep: bool,
) -> None:
    """Give USERNAME a role over a unit or a site, in place of every role that they hold."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.give_role(
            username, role=role, unit=unit, site=site, keep=keep,
            begins=_day(begins), ends=_day(ends), by=None, at=at,
        )  # fmt: skip
    click.echo(f"{username}: {role}")


@command.command("end-roles")
@click.argument("username")
def end_roles(username: str) -> None:
    """End every role of USERNAME; the account stays open and sees nothing."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        ended = actions.end_roles(username, by=None, at=at)
    click.echo(f"{username}: {', '.join(membership.role for membership in ended)} ended")


@command.command()
@click.argument("username")
def approve(username: str) -> None:
    """Put in force every role of USERNAME that awaits a second administrator."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        user = _named(username)
        waiting = list(user.memberships.filter(awaiting=True))
        for membership in waiting:
            actions.approve_role(user, membership.pk, viewer=None, by=None, at=at)
    click.echo(f"{username}: {', '.join(each.role for each in waiting) or 'nothing'} approved")


@command.command("reset-mfa")
@click.argument("username")
def reset_mfa(username: str) -> None:
    """Take the second factors and recovery codes of USERNAME away, and end wherever they are signed in."""
    with _acting() as at:
        from tuyendau.core.accounts import actions

        actions.reset_second_factor(_named(username), viewer=None, by=None, at=at)
    click.echo(f"{username}: no second factor")
