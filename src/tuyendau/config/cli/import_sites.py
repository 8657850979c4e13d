"""`tuyendau import-sites`: the tree of sites."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tuyendau.config.cli import open_database
from tuyendau.config.cli.places import DAY, refusals, say, steps

if TYPE_CHECKING:
    import polars as pl

    from tuyendau.core.places.actions.rows import SiteRow
    from tuyendau.insight.exchange.forms.reading import Sheet
    from tuyendau.insight.exchange.forms.specs import Spec


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit-on", type=DAY, help="Day whose unit codes FILE uses; today when left out.")
def command(file: Path, unit_on: datetime | None) -> None:
    """Load sites from FILE: CSV or XLSX with code, kind, name and, where known, parent, unit, capacity and so on."""
    open_database()
    from django.utils.translation import gettext as _

    from tuyendau.core.places import actions
    from tuyendau.insight.exchange.forms.problems import FileRefused
    from tuyendau.lib import clock

    try:
        with refusals(), steps(2) as step:
            step(_("Reading %(file)s") % {"file": file.name})
            rows = read_sites(file.read_bytes())
            step(_("Writing"))
            day = unit_on.date() if unit_on else None
            say(file.name, actions.add_sites(rows, by=None, at=clock.now(), unit_on=day))
    except FileRefused as error:
        raise click.ClickException(str(error)) from error


def read_sites(data: bytes) -> list[SiteRow]:
    """The sites in the bytes of a table. Raises `FileRefused` with every cell that is wrong."""
    from tuyendau.core.places.actions.rows import SiteRow
    from tuyendau.insight.exchange.forms.limits import SERVER
    from tuyendau.insight.exchange.forms.reading import read
    from tuyendau.lib import clock

    sheet = read(_spec(), data, at=clock.now(), limits=SERVER)
    kinds = sheet.words("kind", _kinds())
    columns = {
        "capacity": sheet.whole("capacity", 0, 1_000_000),
        "dwell_minutes": sheet.whole("dwell_minutes", 1, 1440),
        "lon": _degrees(sheet, "lon", 180),
        "lat": _degrees(sheet, "lat", 90),
    }
    sheet.problems.raise_any()
    texts = [sheet.text(name).fill_null("").to_list() for name in ("code", "name", "parent", "unit")]
    numbers = [column.to_list() for column in columns.values()]
    rows = zip(sheet.rows.to_list(), kinds.to_list(), *texts, *numbers, strict=True)
    return [
        SiteRow(code, kind, name, parent, _unit(unit), capacity, dwell, lon, lat, row)
        for row, kind, code, name, parent, unit, capacity, dwell, lon, lat in rows
    ]


def _degrees(sheet: Sheet, name: str, most: float) -> pl.Series:
    """Degrees from -`most` to `most` [n], with a decimal point or comma."""
    import polars as pl
    from django.utils.translation import gettext as _

    texts = sheet.text(name)
    found = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    outside = texts.is_not_null() & (found.is_null() | ~found.is_between(-most, most))
    message = _("Write degrees in decimals, from %(low)s to %(high)s.") % {"low": -most, "high": most}
    sheet.wrong(outside.fill_null(False), name, message)
    return found


def _unit(code: str) -> str:
    """A commune's code of five digits where a spreadsheet left four; shorter ones are of other levels as they are."""
    return code.zfill(5) if code.isdigit() and len(code) == 4 else code


def _kinds() -> dict[str, str]:
    """Folded words for the kinds of site: their codes, and their names in both languages."""
    from django.utils import translation

    from tuyendau.core.places.models import SiteKind
    from tuyendau.lib.text import fold

    words = {fold(value): value for value in SiteKind.values}
    for language in ("en", "vi"):
        with translation.override(language):
            words |= {fold(str(kind.label)): kind.value for kind in SiteKind}
    return words


def _spec() -> Spec:
    """The columns of a file of sites."""
    from django.utils.translation import gettext_lazy as _

    from tuyendau.access import Permission
    from tuyendau.insight.exchange.forms.specs import Field, Spec

    return Spec(
        "sites",
        _("Sites"),
        Permission.IMPORT_PLACES,
        (
            Field("code", _("the owner's own name for the site, unique"), "LINE-3",
                  ("site", "site code", "mã", "mã địa điểm"), required=True, longest=40),
            Field("kind", _("kind of site: company, line, room, bus, ..."), "line",
                  ("type", "loại", "loại địa điểm"), required=True),
            Field("name", _("name"), "Chuyền 3", ("tên", "tên địa điểm"), required=True, longest=160),
            Field("parent", _("code of the site that it is a part of"), "XUONG-A",
                  ("parent code", "thuộc", "mã cấp trên", "địa điểm cấp trên"), longest=40),
            Field("unit", _("code of the commune"), "07807",
                  ("unit code", "commune code", "mã xã", "mã phường", "mã xã phường", "mã đvhc"), longest=10),
            Field("capacity", _("how many people it holds"), "40", ("sức chứa", "số chỗ")),
            Field("dwell_minutes", _("minutes that a stay lasts of which nobody saw the end"), "540",
                  ("dwell", "stay minutes", "số phút")),
            Field("lon", _("longitude in degrees"), "106.114", ("longitude", "kinh độ")),
            Field("lat", _("latitude in degrees"), "21.211", ("latitude", "vĩ độ")),
        ),
        ignored=("setting", "note", "ghi chú"),
    )  # fmt: skip
