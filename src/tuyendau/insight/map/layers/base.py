"""What a layer of the map is, and which there are."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeVar

import numpy as np
from django.utils.functional import Promise
from numpy.typing import NDArray

from tuyendau.access import Permission, Privacy, Viewer
from tuyendau.lib import clock

Words = str | Promise
Area = tuple[float, float, float, float]
"""West, south, east, north in degrees of WGS 84."""


class Kind(StrEnum):
    """What a layer's features are on the map."""

    AREA = "area"
    POINT = "point"
    LINE = "line"


class Shape(StrEnum):
    """How a class of points is drawn, so that colour is never the only difference."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    CROSS = "cross"
    STAR = "star"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that a layer offers, in the address of the page as `<layer>.<name>`; `choices` are (value, words).

    Without choices it is a text, as a public id that other pages lead here with; at most 60 letters of it are taken.
    """

    name: str
    title: Words
    choices: tuple[tuple[str, Words], ...]
    default: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer's table, and an attribute of its features in downloads and to other tools.

    `type` is "text", "integer", "number", "day" or "moment".
    """

    name: str
    title: Words
    type: str = "text"
    privacy: Privacy = Privacy.PUBLIC


@dataclass(frozen=True, slots=True)
class Class:
    """One line of a legend: features whose class is `value` are drawn so. `span` says which numbers it stands for."""

    value: int
    word: Words
    colour: str
    span: str = ""
    shape: Shape = Shape.CIRCLE


@dataclass(frozen=True, slots=True)
class Asked:
    """What a layer is asked for: by whom, as the records were known at `at`, by which options.

    `bbox` narrows it to what lies there, None is everywhere. Options that the address leaves out are the defaults.
    """

    viewer: Viewer
    at: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    bbox: Area | None = None

    @property
    def day(self) -> date:
        """The province's day of `at`: the tree of units is that of this day."""
        return clock.local_day(self.at)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that stands under a layer's legend, as of what it cannot draw; `url` leads to what it speaks of."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """A layer's features in columns of one length, in the order of its table.

    `geometry` holds shapely geometries in WGS 84, None where the place is not known: such features stand in the table
    and are counted beside the map. `columns` has a sequence for each of the layer's columns; `ids` are public ids or
    codes; `urls` the page that each opens, None where there is none; `classes` the class of each in the legend, -1
    where the viewer may not see its numbers; `labels` what is read when it is pointed at. `people` are row numbers of
    whom a feature is about, None where it is about nobody. `approximate` says of each whether its geometry only stands
    for a place that is not known better: it is drawn dashed. `notes` are read under the legend.
    """

    geometry: NDArray[np.object_]
    ids: Sequence[str]
    classes: Sequence[int]
    labels: Sequence[str]
    urls: Sequence[str | None]
    columns: Mapping[str, Sequence[Any]]
    people: Sequence[int] | None = None
    approximate: Sequence[bool] | None = None
    notes: Sequence[Note] = ()

    def __len__(self) -> int:
        return len(self.ids)


class Layer(ABC):
    """One layer. `code` names it in addresses, `group` the heading under which it stands, `order` its place there.

    `sensitive` layers show people or cases: what is taken of them goes on record. `clustered` points are drawn together
    where they are many. `topics` are the live topics whose notices renew it.
    """

    code: ClassVar[str]
    title: ClassVar[Words]
    group: ClassVar[Words]
    order: ClassVar[int] = 100
    kind: ClassVar[Kind]
    permission: ClassVar[Permission] = Permission.MAP_VIEW
    options: ClassVar[tuple[Option, ...]] = ()
    columns: ClassVar[tuple[Column, ...]]
    clustered: ClassVar[bool] = False
    sensitive: ClassVar[bool] = False
    shown: ClassVar[bool] = False
    """Whether the map begins with it."""
    written: ClassVar[str] = ""
    """The column whose text is written on the map at closer zoom; never of what names a person."""
    topics: ClassVar[tuple[str, ...]] = ("map",)

    @abstractmethod
    def features(self, asked: Asked) -> Features:
        """What is to be seen. Raises `Denied`."""

    @abstractmethod
    def legend(self, asked: Asked) -> Sequence[Class]:
        """The classes in which features are drawn, in the order of the legend."""

    def chosen(self, asked: Asked, name: str) -> str:
        """The value of an option, its default where nothing or something unknown is asked."""
        option = next(option for option in self.options if option.name == name)
        value = asked.options.get(name, option.default)
        if not option.choices:
            return value[:60]
        return value if value in dict(option.choices) else option.default


_layers: dict[str, Layer] = {}
Registered = TypeVar("Registered", bound=type[Layer])


def layer(cls: Registered) -> Registered:
    """Register a layer. Raises `ValueError` where two have one code."""
    if cls.code in _layers:
        raise ValueError(f"two layers of the map are called {cls.code!r}")
    _layers[cls.code] = cls()
    return cls


@cache
def _discovered() -> Mapping[str, Layer]:
    package = importlib.import_module("tuyendau.insight.map.layers")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
    return dict(sorted(_layers.items(), key=lambda one: (one[1].order, one[0])))


def layers_for(viewer: Viewer) -> list[Layer]:
    """The layers that the viewer may see, in the order of the legend."""
    return [found for found in _discovered().values() if viewer.may(found.permission)]


def layer_of(viewer: Viewer, code: str) -> Layer | None:
    """The layer of that code; None if there is none. Raises `Denied` where the viewer may not see it."""
    found = _discovered().get(code)
    if found is not None:
        viewer.require(found.permission)
    return found
