"""Files of outlines, read into typed rows: GeoJSON, GeoPackage, Shapefile (also zipped), in any known projection."""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from tuyendau.core.places import rules
from tuyendau.core.places.actions.errors import refused
from tuyendau.core.places.actions.rows import BoundaryRow
from tuyendau.lib import text

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip")
_WGS84 = {"EPSG:4326", "OGC:CRS84"}
# GDAL projects by itself when a layer is read through such a description of it.
_PROJECTED = """<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name={layer}>
<SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>
<TargetSRS>EPSG:4326</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"""


def read_outlines(path: Path, *, code_field: str, level: int) -> list[BoundaryRow]:
    """The features of the first layer of a file, in WGS 84, with the unit's code from `code_field`.

    Rows count from 1. Raises `PlacesRefused` if it is no such file, or has no projection or no such field.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise refused(_("Outlines are read from %(suffixes)s.") % {"suffixes": ", ".join(SUFFIXES)})
    from pyogrio import errors, raw, read_info

    source = f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path.resolve())
    try:
        info = read_info(source)
        _check(info["crs"], list(info["fields"]), code_field)
        if info["crs"] in _WGS84:
            _meta, _fids, shapes, columns = raw.read(source, columns=[code_field])
        else:
            with tempfile.TemporaryDirectory() as folder:
                description = Path(folder) / "projected.vrt"
                filled = _PROJECTED.format(layer=quoteattr(info["layer_name"]), source=escape(source))
                description.write_text(filled, encoding="utf-8")
                _meta, _fids, shapes, columns = raw.read(description, columns=[code_field])
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError) as error:
        raise refused(_("The file cannot be read: %(error)s") % {"error": error}) from error
    return [
        BoundaryRow(_code(value, level), None if wkb is None else bytes(wkb), row)
        for row, (value, wkb) in enumerate(zip(columns[0], shapes, strict=True), 1)
    ]


def _check(crs: str | None, fields: list[str], code_field: str) -> None:
    if crs is None:
        raise refused(_("The file does not say its projection. A Shapefile needs its .prj file beside it."))
    if code_field not in fields:
        raise refused(
            _("The field “%(field)s” is missing. The file has: %(fields)s.")
            % {"field": code_field, "fields": ", ".join(fields)}
        )


def _code(value: object, level: int) -> str:
    whole = "" if value is None or value != value else text.clean(str(value))
    return rules.full_code(whole, level) if whole else ""
