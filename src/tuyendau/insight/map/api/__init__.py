"""The layers of the map as an OGC API Features service (OGC 17-069r4), for QGIS, GDAL and their like.

It knows no layer by name: each that the viewer may see is a collection. Who reads signs in with a key of their own.
"""

from tuyendau.insight.map.api.items import item, items
from tuyendau.insight.map.api.service import (
    collection,
    collections,
    conformance,
    description,
    landing,
    queryables,
)

__all__ = [
    "collection",
    "collections",
    "conformance",
    "description",
    "item",
    "items",
    "landing",
    "queryables",
]
