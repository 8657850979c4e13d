"""What the commands that take in files share: their options, the progress bar, what was done, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tuyendau.config.cli import open_database

if TYPE_CHECKING:
    from tuyendau.insight.exchange.actions.base import Stage

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
Command = TypeVar("Command", bound=Callable[..., Any])


class BadFile(click.ClickException):
    """The file was not taken in; nothing was changed."""

    exit_code = 2


def file_argument(function: Command) -> Command:
    """The file, and the options that every kind of file has."""
    for decorate in (
        click.option(
            "--skip-columns",
            is_flag=True,
            help="Leave out columns whose heading is not known, instead of refusing.",
        ),
        click.option(
            "--map",
            "pairs",
            multiple=True,
            metavar="HEADING=FIELD",
            help="The column HEADING is FIELD; with nothing behind “=” it is left out. May be given several times.",
        ),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        function = decorate(function)
    return function


valid_on = click.option(
    "--valid-on", type=DAY, help="Day whose commune codes FILE uses; today when left out."
)


def mapping_of(pairs: tuple[str, ...], fields: tuple[str, ...]) -> dict[str, str]:
    """Headings and fields from `heading=field` texts. Raises a usage error that names the known fields."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        heading, equals, field = (part.strip() for part in pair.rpartition("="))
        if not equals or not heading or (field and field not in fields):
            raise click.UsageError(
                f"--map {pair}: write HEADING=FIELD, where FIELD is one of: {', '.join(fields)}."
            )
        mapping[heading] = field
    return mapping


def take_in(kind: str, file: Path, pairs: tuple[str, ...], skip_columns: bool, **options: Any) -> None:
    """Import `file` and print what it changed; end with status 2 and every problem where it is refused.

    `options` are further fields of `Options`.
    """
    open_database()
    from django.utils.translation import gettext as _

    from tuyendau.insight.exchange.actions import Options, import_file
    from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
    from tuyendau.insight.exchange.forms.specs import SPECS
    from tuyendau.insight.exchange.forms.words import told
    from tuyendau.lib import clock

    chosen = Options(mapping=mapping_of(pairs, SPECS[kind].names), leave_out_unknown=skip_columns, **options)
    try:
        with _progress(file.name) as stage:
            done = import_file(
                kind,
                file.name,
                file.read_bytes(),
                viewer=None,
                by=None,
                at=clock.now(),
                options=chosen,
                told=stage,
            )
    except FileRefused as error:
        refusal = _("%(file)s: nothing was imported; problems: %(count)s") % {
            "file": file,
            "count": error.total,
        }
        raise BadFile(f"{refusal}\n{error}") from error
    except AlreadyImported as error:
        raise BadFile(f"{file}: {error}") from error
    click.echo(_("%(file)s: rows taken in: %(count)s") % {"file": file.name, "count": done.rows})
    for count, what in told(kind, done.counts):
        click.echo(f"{count:>10}  {what}")


class _progress:
    """A bar that stands at the stage which the import has reached, on a terminal only."""

    def __init__(self, name: str) -> None:
        from django.utils.translation import gettext as _
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._stages = {"reading": _("Reading"), "checking": _("Checking every row"), "writing": _("Writing")}
        self._task = self._bar.add_task(name, total=len(self._stages))

    def __enter__(self) -> Callable[[Stage], None]:
        self._bar.start()
        return lambda stage: self._bar.update(
            self._task, description=self._stages[stage], completed=list(self._stages).index(stage) + 0.5
        )

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()
