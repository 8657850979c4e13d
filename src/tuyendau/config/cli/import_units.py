"""`tuyendau import-units`: the trees of administrative units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuyendau.config.cli import open_database
from tuyendau.config.cli.places import DAY, refusals, say, steps

if TYPE_CHECKING:
    from tuyendau.core.places.actions.rows import UnitRow


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--valid-from", type=DAY, help="First day of the file's tree.")
@click.option("--valid-to", type=DAY, help="Day from which the file's tree is no longer valid.")
@click.option(
    "--successors", metavar="COLUMN", help="Column with the codes of the tree that begins on --valid-to."
)
@click.option("--province", metavar="CODE", help="Only the province of this code, with all below it.")
@click.option(
    "--cells/--no-cells", default=True, help="Draw approximate outlines around the units' own points."
)
def command(
    file: Path | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    successors: str | None,
    province: str | None,
    cells: bool,
) -> None:
    """Load administrative units.

    Without FILE: both trees of Vietnam, that of January to June 2025 and that since July 2025, and what went into what.
    With FILE (CSV or GeoJSON): any other tree, valid on the days that are given.
    """
    if file is None and (valid_from or valid_to or successors):
        raise click.UsageError("The days and the successors are those of a FILE.")
    if file is not None and valid_from is None:
        raise click.UsageError("Give --valid-from, the first day on which the units of FILE are valid.")
    if successors and valid_to is None:
        raise click.UsageError("Give --valid-to: the tree of the successors begins on that day.")
    open_database()
    with refusals():
        if file is None:
            load_vietnam(province, cells=cells)
        else:
            assert valid_from is not None  # noqa: S101 (checked above)
            last = valid_to.date() if valid_to else None
            load_file(file, valid_from.date(), last, successors=successors, province=province, cells=cells)


def load_vietnam(province: str | None = None, *, cells: bool = True, legacy_from: date | None = None) -> None:
    """Load both trees of Vietnam, of one province or of all, their links, and approximate outlines, or nothing.

    `legacy_from` lets the tree before July 2025 be valid from another day than 1 January 2025, for a demonstration
    that plays before: the package carries no older one.
    """
    from django.db import transaction
    from django.utils.translation import gettext as _

    from tuyendau.core.places import actions
    from tuyendau.core.places.actions import vietnam
    from tuyendau.lib import clock

    at = clock.now()
    began = legacy_from or vietnam.LEGACY_FROM
    with steps(5) as step, transaction.atomic():
        legacy = _of(province, vietnam.legacy_units())
        present = _of(province, vietnam.present_units())
        step(_("Units of January to June 2025"))
        loaded = actions.load_units(legacy, valid_from=began, valid_to=vietnam.REFORM, by=None, at=at)
        say(_("Units of January to June 2025"), loaded)
        step(_("Units since July 2025"))
        loaded = actions.load_units(present, valid_from=vietnam.REFORM, valid_to=None, by=None, at=at)
        say(_("Units since July 2025"), loaded)
        step(_("Links between the trees"))
        links = vietnam.links()
        new = actions.link_units(links, old_from=began, new_from=vietnam.REFORM, by=None, at=at)
        click.echo(_("Links between the trees: %(count)s new") % {"count": new})
        for rows, start in ((legacy, began), (present, vietnam.REFORM)):
            step(_("Approximate outlines"))
            if cells:
                _draw(rows, start, at)


def load_file(
    file: Path,
    valid_from: date,
    valid_to: date | None,
    *,
    successors: str | None,
    province: str | None,
    cells: bool,
) -> None:
    """Load the tree of a file, its links to the tree that follows, and approximate outlines, or nothing."""
    from django.db import transaction
    from django.utils.translation import gettext as _

    from tuyendau.core.places import actions
    from tuyendau.core.places.actions import tables
    from tuyendau.lib import clock

    at = clock.now()
    with steps(4) as step, transaction.atomic():
        step(_("Reading %(file)s") % {"file": file.name})
        rows = _of(province, tables.read_units(file, successors=successors))
        step(_("Units"))
        say(file.name, actions.load_units(rows, valid_from=valid_from, valid_to=valid_to, by=None, at=at))
        step(_("Links between the trees"))
        if valid_to is not None and any(row.successors for row in rows):
            links = actions.successor_links(rows, valid_to)
            new = actions.link_units(links, old_from=valid_from, new_from=valid_to, by=None, at=at)
            told = {"day": f"{valid_to:%d/%m/%Y}", "count": new}
            click.echo(_("Links to the tree from %(day)s: %(count)s new") % told)
        elif valid_to is not None:
            click.echo(
                _(
                    "These units are linked to none that followed: whoever answers for units of a later tree does not "
                    "see what is recorded of these. With --successors, name the column that holds the codes that "
                    "followed, and run this again."
                )
            )
        step(_("Approximate outlines"))
        if cells:
            _draw(rows, valid_from, at)


def _of(province: str | None, rows: list[UnitRow]) -> list[UnitRow]:
    """The rows of one province, or all."""
    from django.utils.translation import gettext as _

    from tuyendau.core.places import rules
    from tuyendau.core.places.actions import tables

    if province is None:
        return rows
    kept = tables.only_province(rows, rules.full_code(province, rules.PROVINCE))
    if not kept:
        raise click.ClickException(_("There is no province %(code)s among the units.") % {"code": province})
    return kept


def _draw(rows: Iterable[UnitRow], valid_from: date, at: datetime) -> None:
    from django.utils.translation import gettext as _

    from tuyendau.core.places import actions
    from tuyendau.core.places.models import Unit, UnitLevel

    codes = [row.code for row in rows if row.level == UnitLevel.PROVINCE]
    provinces = Unit.objects.filter(level=UnitLevel.PROVINCE, valid_from=valid_from, code__in=codes)
    say(_("Approximate outlines"), actions.draw_cells(provinces, by=None, at=at))
