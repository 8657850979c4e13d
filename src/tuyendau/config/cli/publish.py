"""`tuyendau publish`: build the segments that tracing reads, now."""

from __future__ import annotations

from datetime import datetime

import click

from tuyendau.config.cli import open_database


@click.command()
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Only this day, as 2021-05-15 or 15/05/2021."
)
@click.option("--all", "everything", is_flag=True, help="Every day that has visits, built anew.")
def command(day: datetime | None, everything: bool) -> None:
    """Publish presence segments: of the days that are due, of one day, or of all.

    The worker does this by itself each minute. Answers are exact without it; after a large import it makes them fast.
    """
    if day is not None and everything:
        raise click.UsageError("Give --day or --all, not both.")
    open_database()
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from tuyendau.lib import clock
    from tuyendau.records.visits import actions

    at = clock.real_now()
    if day is not None:
        rows = actions.publish_day(day.date(), at=at)
        click.echo(_("%(day)s: %(count)s visits") % {"day": f"{day:%d/%m/%Y}", "count": rows})
        return
    days = actions.publish_all(at=at) if everything else actions.publish_due(at=at)
    told = ngettext("%(count)s day published", "%(count)s days published", len(days)) % {"count": len(days)}
    click.echo(told if days else _("Nothing is due."))
