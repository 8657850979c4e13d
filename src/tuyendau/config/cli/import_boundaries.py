"""`tuyendau import-boundaries`: the outlines of units."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tuyendau.config.cli import open_database
from tuyendau.config.cli.places import DAY, refusals, say, steps

LEVELS = {"province": 1, "district": 2, "commune": 3}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--valid-on", type=DAY, required=True, help="A day on which the units of FILE are valid.")
@click.option(
    "--code-field", default="code", show_default=True, help="Field of FILE that holds the unit's code."
)
@click.option(
    "--crs",
    default="",
    help="Projection of FILE, as EPSG:9210, where it says none or a wrong one.",
)
@click.option("--level", type=click.Choice(list(LEVELS)), default="commune", show_default=True)
def command(file: Path, valid_on: datetime, code_field: str, crs: str, level: str) -> None:
    """Load outlines from FILE: GeoJSON, GeoPackage or Shapefile (also zipped), in any known projection."""
    open_database()
    from django.utils.translation import gettext as _

    from tuyendau.core.places import actions
    from tuyendau.core.places.actions import outlines
    from tuyendau.lib import clock

    with refusals(), steps(2) as step:
        step(_("Reading %(file)s") % {"file": file.name})
        rows = outlines.read_outlines(file, code_field=code_field, level=LEVELS[level], crs=crs)
        step(_("Writing"))
        loaded = actions.load_boundaries(
            rows, valid_on=valid_on.date(), level=LEVELS[level], source=file.name, by=None, at=clock.now()
        )
        say(file.name, loaded)
