"""Layers for tests: points of every type of column, areas, ones that tell of people, and one that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely

from tuyendau.access import Privacy
from tuyendau.insight.map.layers import Asked, Class, Column, Features, Kind, Layer, Option, base

COUNT = 2_500
FIRST = datetime(2021, 5, 8, 1, 30, tzinfo=UTC)
COLUMNS = (
    Column("name", "Tên"),
    Column("count", "Số", "integer"),
    Column("rate", "Tỷ lệ", "number"),
    Column("day", "Ngày", "day"),
    Column("seen", "Lúc", "moment"),
)


def _features(count: int, asked: Asked) -> Features:
    rows = range(count)
    shapes = shapely.points(106 + np.arange(count) / 10_000, 21.0 + np.zeros(count)).astype(object)
    # The last has no known place.
    shapes[-1] = None
    return Features(
        geometry=shapes,
        ids=[f"điểm {row}" for row in rows],
        classes=[row % 2 for row in rows],
        labels=[f"Điểm {row}" for row in rows],
        urls=[None] * count,
        columns={
            "name": [f"Chợ “{row}”" for row in rows],
            "count": [None if row % 10 == 9 else row for row in rows],
            "rate": [row / 4 for row in rows],
            "day": [None if row == 1 else date(2021, 5, 8) + timedelta(days=row % 7) for row in rows],
            "seen": [None if row == 1 else FIRST + timedelta(hours=row) for row in rows],
        },
    )


class _Points(Layer):
    group = "Thử"
    kind = Kind.POINT
    columns = COLUMNS
    asked: list[Asked] = []

    def features(self, asked: Asked) -> Features:
        type(self).asked.append(asked)
        return _features(5 if self.chosen(asked, "many") == "few" else COUNT, asked)

    def legend(self, asked: Asked) -> Sequence[Class]:
        return (Class(0, "chẵn", "#2fb344"), Class(1, "lẻ", "#d63939"))

    options = (Option("many", "Bao nhiêu", (("all", "tất cả"), ("few", "ít")), "all"),)


class SamplePoints(_Points):
    code = "sample.points"
    title = "Điểm thử"


class SampleSecret(_Points):
    """Tells of people, as a layer of cases does."""

    code = "sample.secret"
    title = "Điểm kín"
    sensitive = True


class SamplePrivate(_Points):
    """Does not say that it is sensitive, but has a column that is."""

    code = "sample.private"
    title = "Cột kín"
    columns = (*COLUMNS[:-1], Column("seen", "Lúc", "moment", Privacy.SENSITIVE))


class SampleAreas(Layer):
    code = "sample.areas"
    title = "Vùng thử"
    group = "Thử"
    kind = Kind.AREA
    columns = (Column("name", "Tên"),)

    def features(self, asked: Asked) -> Features:
        one = shapely.box(106, 21, 106.5, 21.5)
        two = shapely.MultiPolygon([shapely.box(107, 21, 107.5, 21.5), shapely.box(108, 21, 108.5, 21.5)])
        return Features(
            geometry=np.array([one, two], dtype=object),
            ids=["07807", "07795"],
            classes=[0, 1],
            labels=["Một", "Hai"],
            urls=[None, None],
            columns={"name": ["Xã Một", "Xã Hai"]},
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        return ()


class SampleFailing(_Points):
    code = "sample.failing"
    title = "Hỏng"

    def features(self, asked: Asked) -> Features:
        raise RuntimeError("the query failed")


SAMPLES: tuple[type[Layer], ...] = (SamplePoints, SampleSecret, SamplePrivate, SampleAreas, SampleFailing)


def with_samples() -> Callable[[], Mapping[str, Layer]]:
    """What stands in the place of `base._discovered` while the samples are to be had beside the program's own."""
    every = {**base._discovered(), **{each.code: each() for each in SAMPLES}}
    return lambda: every
