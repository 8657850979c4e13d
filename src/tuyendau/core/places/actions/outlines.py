"""Files of outlines, read into typed rows: GeoJSON, GeoPackage, Shapefile (also zipped), in any known projection."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from django.utils.translation import gettext as _

from tuyendau.core.places import rules
from tuyendau.core.places.actions.errors import PlacesRefused, Problem, refused
from tuyendau.core.places.actions.rows import BoundaryRow
from tuyendau.lib import text

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip")
_WGS84 = {"EPSG:4326", "OGC:CRS84"}
# GDAL projects by itself when a layer is read through such a description of it.
_PROJECTED = """<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name={layer}>
<SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>{own}
<TargetSRS>EPSG:4326</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"""
_NAMES = frozenset({
    "name", "ten", "ten_xa", "tenxa", "ten_dvhc", "ten_don_vi", "tendonvi", "xa", "phuong_xa", "commune", "ward",
    "name_3", "adm3_vi", "adm3_en", "ten_huyen", "huyen", "name_2", "adm2_vi", "ten_tinh", "tinh", "name_1", "adm1_vi",
})  # fmt: skip
"""What files call the field of the units' names, folded: those of the statistics office, GADM and OCHA among them."""


def read_outlines(path: Path, *, code_field: str, level: int, crs: str = "") -> list[BoundaryRow]:
    """The features of the first layer of a file, in WGS 84, with the unit's code from `code_field`.

    `crs` is the projection, as "EPSG:9210", of a file that does not say its own or says a wrong one. Rows count from
    1. Raises `PlacesRefused` if it is no such file, has no feature, no projection or no such field, or if its
    coordinates cannot be degrees where they should be.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise refused(_("Outlines are read from %(suffixes)s.") % {"suffixes": ", ".join(SUFFIXES)})
    from pyogrio import errors, read_info

    source = f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path.resolve())
    try:
        info = read_info(source)
        fields = list(info["fields"])
        _check(info["crs"] or crs, fields, code_field)
        wanted = [code_field, *_name_fields(fields, code_field)]
        shapes, columns = _read(source, info, wanted, crs)
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.CRSError) as error:
        raise refused(_("The file cannot be read: %(error)s") % {"error": error}) from error
    labels = columns[1] if len(columns) > 1 else [None] * len(shapes)
    rows = [
        BoundaryRow(_code(value, level), None if wkb is None else bytes(wkb), row, _label(name))
        for row, (value, wkb, name) in enumerate(zip(columns[0], shapes, labels, strict=True), 1)
    ]
    if not rows:
        raise refused(_("The file has no outlines."))
    _check_degrees(rows)
    return rows


def _read(source: str, info: dict[str, Any], wanted: Sequence[str], crs: str) -> tuple[Any, list[Any]]:
    """Geometries in WGS 84 and the wanted columns in their order."""
    from pyogrio import list_layers, raw

    if not crs and info["crs"] in _WGS84:
        meta, _fids, shapes, columns = raw.read(source, columns=list(wanted))
    else:
        own = f"<SrcSRS>{escape(crs)}</SrcSRS>" if crs else ""
        with tempfile.TemporaryDirectory() as folder:
            description = Path(folder) / "projected.vrt"
            filled = _PROJECTED.format(layer=quoteattr(info["layer_name"]), source=escape(source), own=own)
            description.write_text(filled, encoding="utf-8")
            if not len(list_layers(description)):
                raise refused(_("The projection “%(crs)s” is not known.") % {"crs": crs or info["crs"]})
            meta, _fids, shapes, columns = raw.read(description, columns=list(wanted))
    by_name = dict(zip(meta["fields"], columns, strict=True))
    return shapes, [by_name[name] for name in wanted]


def _check(crs: str | None, fields: list[str], code_field: str) -> None:
    if not crs:
        raise refused(
            _(
                "The file does not say its projection. A Shapefile needs its .prj file beside it;"
                " or name the projection with --crs, as --crs EPSG:9210."
            )
        )
    if code_field not in fields:
        raise refused(
            _("The field “%(field)s” is missing. The file has: %(fields)s.")
            % {"field": code_field, "fields": ", ".join(fields)}
        )


def _check_degrees(rows: Iterable[BoundaryRow]) -> None:
    """Refuse coordinates that are no degrees: metres of a projection that is not told, or latitude put first."""
    wrong = list(_no_degrees(rows))
    if wrong:
        raise PlacesRefused(wrong)


def _no_degrees(rows: Iterable[BoundaryRow]) -> Iterable[Problem]:
    for row in rows:
        shape = None if row.wkb is None else shapely.from_wkb(row.wkb, on_invalid="ignore")
        if shape is None or shape.is_empty:
            continue
        corners = shapely.get_coordinates(shape)
        beyond = np.abs(corners) > (180, 90)
        if np.isfinite(corners).all() and not beyond.any():
            continue
        x, y = corners[np.argmax(beyond.any(axis=1) | ~np.isfinite(corners).all(axis=1))]
        told = {"x": f"{x:.10g}", "y": f"{y:.10g}"}
        if not (np.isfinite(x) and np.isfinite(y)):
            words = _("The outline lies outside what its projection can show: is it the right one?")
        elif abs(x) <= 90 and abs(y) <= 180:
            words = _("The corner %(x)s, %(y)s has latitude first; longitude comes first.") % told
        else:
            words = _(
                "The corner %(x)s, %(y)s is not in degrees: the file is in another projection than it says, or says"
                " none. Name it with --crs, as --crs EPSG:9210 (VN-2000 at 105° 45')."
            )
            words %= told
        yield Problem(row.row, "geometry", words, row.label)


def _name_fields(fields: Iterable[str], code_field: str) -> list[str]:
    """The field that names the units, if there is one."""
    found = [name for name in fields if name != code_field and text.fold(name).replace(" ", "_") in _NAMES]
    return found[:1]


def _label(value: object) -> str:
    return text.clean(value)[:80] if isinstance(value, str) else ""


def _code(value: object, level: int) -> str:
    whole = "" if value is None or value != value else text.clean(str(value))
    return rules.full_code(whole, level) if whole else ""
