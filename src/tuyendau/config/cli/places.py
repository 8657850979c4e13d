"""What the commands that load places share: days, progress, what was changed, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tuyendau.core.places.actions.rows import Loaded

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@contextmanager
def steps(count: int) -> Iterator[Callable[[str], None]]:
    """A progress bar of `count` steps; call what is given with the name of each step as it begins."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=count)
        begun = False

        def step(name: str) -> None:
            nonlocal begun
            bar.update(task, advance=1 if begun else 0, description=name)
            begun = True

        yield step


@contextmanager
def refusals() -> Iterator[None]:
    """Tell why a file was refused and end with status 1."""
    from tuyendau.core.places.actions.errors import PlacesRefused

    try:
        yield
    except PlacesRefused as error:
        raise click.ClickException(str(error)) from error


def say(what: str, loaded: Loaded) -> None:
    """Print what was changed."""
    from django.utils.translation import gettext as _

    click.echo(
        _("%(what)s: %(new)s new, %(changed)s changed, %(same)s as before")
        % {"what": what, "new": loaded.created, "changed": loaded.updated, "same": loaded.unchanged}
    )
