"""The program with two layers of 100,000 points, which only the measurement of the map has: drawn together or not."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import shapely

from tuyendau.config.asgi import application
from tuyendau.insight.map.layers import Asked, Class, Column, Features, Kind, Layer, Shape, layer
from tuyendau.lib import publicid

__all__ = ["application"]

POINTS = 100_000
TOWNS = 40
COLOURS = ("#2b8cbe", "#fd8d3c", "#e31a1c", "#7b3294")


def _made() -> Features:
    """Points around towns of a province, as cases lie: dense in a few places, single ones between."""
    random = np.random.default_rng(24)
    towns = random.uniform((105.9, 21.1), (107.0, 21.6), (TOWNS, 2))
    near = towns[random.choice(TOWNS, POINTS, p=random.dirichlet(np.full(TOWNS, 0.5)))]
    spread = random.choice([0.003, 0.02, 0.08], POINTS, p=[0.5, 0.35, 0.15])
    places = near + random.normal(size=(POINTS, 2)) * spread[:, None]
    ids = [publicid.new("case") for _ in range(POINTS)]
    labels = [f"Ca bệnh {n}, phường Quang Châu, thị xã Việt Yên, 15/05/2021" for n in range(POINTS)]
    classes = random.choice(len(COLOURS), POINTS, p=[0.6, 0.25, 0.1, 0.05]).tolist()
    urls = [f"/cases/{one}/" for one in ids]
    return Features(shapely.points(places), ids, classes, labels, urls, {"name": labels})


MADE = _made()


@layer
class Together(Layer):
    """Drawn together where they are many."""

    code = "together"
    title = "100,000 points, drawn together"
    group = "Measurement"
    kind = Kind.POINT
    clustered: ClassVar[bool] = True
    columns = (Column("name", "Name"),)

    def features(self, asked: Asked) -> Features:
        return MADE

    def legend(self, asked: Asked) -> list[Class]:
        shapes = (Shape.CIRCLE, Shape.SQUARE, Shape.DIAMOND, Shape.TRIANGLE)
        pairs = zip(COLOURS, shapes, strict=True)
        return [Class(n, f"class {n}", colour, "", shape) for n, (colour, shape) in enumerate(pairs)]


@layer
class Each(Together):
    """Each drawn by itself."""

    code = "each"
    title = "100,000 points, each by itself"
    clustered = False
