"""`tuyendau chains`: computing who infected whom anew, and taking reported contacts over as a published tree."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from tuyendau.config.cli import open_database


@click.group("chains")
def command() -> None:
    """Chains of transmission."""


@command.command("compute")
def compute() -> None:
    """Compute the chains of all cases anew, such as after the method changed."""
    open_database()
    from tuyendau.lib import clock
    from tuyendau.records.chains import actions

    cases = actions.mark_all()
    changed = actions.compute_waiting(at=clock.now())
    click.echo(
        _("%(cases)d cases computed, %(changed)d stand elsewhere") % {"cases": cases, "changed": changed}
    )


@command.command("take-reported")
@click.option("--source", required=True, help="Which list it is, as it is to stand beside each link.")
@click.option("--disease", default="covid19", show_default=True, help="Code of the disease.")
def take_reported(source: str, disease: str) -> None:
    """Take the reported contacts between cases as decided: a published tree that `import-contacts` took in.

    A case of which several infectors were reported stays open between them, and what officers decided stays.
    """
    open_database()
    from tuyendau.lib import clock
    from tuyendau.records.chains import actions, queries

    links = [actions.Published(infectee, infector) for infectee, infector in queries.reported_pairs(disease)]
    try:
        taken = actions.take_published(links, source=source, by=None, at=clock.now())
    except actions.ChainRefused as error:
        raise click.ClickException(str(error)) from error
    actions.compute_waiting(at=clock.now())
    click.echo(
        _("%(links)d reported links, %(taken)d cases decided by them") % {"links": len(links), "taken": taken}
    )
