"""The layers of the map: one small file each. A file in this folder registers its layer by being there.

A new layer is a module here with a class that is decorated with `@layer`: what it asks of the records, how it is drawn,
its legend, its table. The page, the downloads and the features service know no layer by name.
"""

from tuyendau.insight.map.layers.base import (
    Area,
    Asked,
    Class,
    Column,
    Features,
    Kind,
    Layer,
    Note,
    Option,
    Shape,
    layer,
    layer_of,
    layers_for,
)

__all__ = [
    "Area",
    "Asked",
    "Class",
    "Column",
    "Features",
    "Kind",
    "Layer",
    "Note",
    "Option",
    "Shape",
    "layer",
    "layer_of",
    "layers_for",
]
