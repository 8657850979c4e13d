"""The console command `tuyendau`. A subcommand is a module, loaded when called: `trace` needs no database."""

from __future__ import annotations

import atexit
import importlib
import logging
import os
from pathlib import Path

import click

COMMANDS = {
    "up": "up",
    "migrate": "migrate",
    "trace": "trace",
    "publish": "publish",
    "user": "user",
    "audit": "audit",
    "people": "people",
    "chains": "chains",
    "demo": "tuyendau.demo.command",
    "import-units": "import_units",
    "import-boundaries": "import_boundaries",
    "import-sites": "import_sites",
    "import-people": "import_people",
    "import-visits": "import_visits",
    "import-encounters": "import_encounters",
    "import-cases": "import_cases",
    "import-contacts": "import_contacts",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = COMMANDS[cmd_name]
        module = importlib.import_module(name if "." in name else f"{__name__}.{name}")
        command: click.Command = module.command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tuyendau")
def main() -> None:
    """Tuyến Đầu: from a positive test to a graded contact list at once."""


def open_database(*, migrated: bool = True) -> None:
    """Make the database answer, starting the embedded server where no DATABASE_URL names another, and set Django up.

    `migrated` False takes a database of any version, as it is before `migrate`. Raises `click.ClickException`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuyendau.config.settings")
    if not os.environ.get("DATABASE_URL"):
        _start_server(home() / "postgres")
    import django
    from django.utils import translation

    django.setup()
    # A command says on the terminal itself what it did.
    logging.getLogger("tuyendau").setLevel(logging.WARNING)
    translation.activate(_language())
    _require_answer(migrated)


def _start_server(data: Path) -> None:
    """Start the embedded server; if it was not running, it is stopped again when this command ends."""
    from tuyendau.config import postgres

    was_running = postgres.process(data) is not None
    os.environ["PGAPPNAME"] = own = f"tuyendau-{os.getpid()}"
    try:
        os.environ["DATABASE_URL"] = address = postgres.start(data)
    except postgres.PostgresFailed as error:
        raise click.ClickException(str(error)) from error
    if not was_running:
        atexit.register(postgres.stop_unless_used, data, address, own)


def _require_answer(migrated: bool) -> None:
    """Refuse a database that does not answer, and one of another version where `migrated` is wanted."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    from tuyendau.core import acting

    try:
        connection.ensure_connection()
        if migrated:
            executor = MigrationExecutor(connection)
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if waiting:
                raise click.ClickException(
                    f"the database is not at this version of the program: {len(waiting)} migrations wait. "
                    "Run `tuyendau migrate` first"
                )
            if not acting.rests():
                raise click.ClickException(
                    "the user of DATABASE_URL may not act as the program's own roles. Run `tuyendau migrate`: it says "
                    "what an administrator of the server has to grant"
                )
    except (OperationalError, ImproperlyConfigured) as error:
        raise click.ClickException(
            f"the database of DATABASE_URL does not answer: {error}".rstrip()
        ) from error


def _language() -> str:
    """The language of this terminal, as far as the program has it."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "vi" if named.startswith("vi") else "en"


def home() -> Path:
    """The folder of everything that the program keeps on this machine: `TUYENDAU_VAR`, else `var/` of the checkout."""
    return Path(os.environ.get("TUYENDAU_VAR") or Path(__file__).resolve().parents[4] / "var")
