"""The map of a report: communes shaded by their cases, from outlines alone."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from tuyendau.insight.map.rules import NEW, REDS
from tuyendau.insight.reports.queries.situation.outlines import Outline
from tuyendau.lib import geometry
from tuyendau.lib.units_vi import short

_NAMED = 12
"""So many communes are named at most, those with most cases."""


def draw_map(figure: Figure, content: Mapping[str, Any], outlines: Sequence[Outline]) -> None:
    """The communes of the outlines, shaded by the cases of the content's window; districts by thicker lines."""
    axes = figure.add_subplot()
    cases = {row["code"]: row["cases"] for row in content["places"]["communes"]}
    classes = [bisect_right(NEW, cases.get(each.code, 0)) for each in outlines]
    shapes = [PathPatch(_path(each.area)) for each in outlines]
    colours = [REDS[n] for n in classes]
    axes.add_collection(PatchCollection(shapes, facecolors=colours, edgecolors="#8a8a8a", linewidths=0.35))
    whole = shapely.union_all([each.area for each in outlines], grid_size=geometry.GRID)
    left, low, right, top = whole.bounds
    _districts(axes, outlines)
    _names(axes, outlines, cases)
    axes.set_xlim(left, right)
    axes.set_ylim(low, top)
    axes.margins(0.02)
    axes.set_aspect(1 / math.cos(math.radians((low + top) / 2)))
    axes.set_axis_off()
    if any(each.approximate for each in outlines):
        axes.annotate(
            _("Outlines are approximate"), (0, 0), xycoords="axes fraction", fontsize=6.5, color="#555555"
        )
    axes.legend(
        handles=_legend(), title=_("Cases in 14 days"), loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False,
        fontsize=7.5, title_fontsize=8,
    )  # fmt: skip


def height_of(outlines: Sequence[Outline], width: float) -> float:
    """How high the map is, in the measure of its width, with its legend beside it."""
    left, low, right, top = shapely.total_bounds(np.array([each.area for each in outlines]))
    across = (right - left) * math.cos(math.radians((low + top) / 2))
    return float(min(0.8, max(0.35, (top - low) / across)) * 0.78 * width)


def _path(area: BaseGeometry) -> Path:
    """The rings of an area as one path, so that holes stay open."""
    corners: list[Any] = []
    codes: list[int] = []
    for polygon in shapely.get_parts(area):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.asarray(ring.coords)[:, :2]
            corners.append(points)
            codes += [int(Path.MOVETO), *[int(Path.LINETO)] * (len(points) - 2), int(Path.CLOSEPOLY)]
    return Path(np.concatenate(corners), codes)


def _districts(axes: Axes, outlines: Sequence[Outline]) -> None:
    together: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    names = {}
    for each in outlines:
        together[each.above].append(each.area)
        names[each.above] = each.above_name
    for code, areas in sorted(together.items()):
        joined = shapely.union_all(areas, grid_size=geometry.GRID)
        rings = [np.asarray(polygon.exterior.coords)[:, :2] for polygon in shapely.get_parts(joined)]
        axes.add_collection(LineCollection(rings, colors="#333333", linewidths=1.1))
        if code and len(together) > 1:
            at = joined.representative_point()
            axes.annotate(short(names[code]), (at.x, at.y), ha="center", fontsize=8, color="#1a1a1a", weight="bold",
                          path_effects=_halo())  # fmt: skip


def _names(axes: Axes, outlines: Sequence[Outline], cases: Mapping[str, int]) -> None:
    """Within one district communes are named; of a whole province they are too many."""
    if len({each.above for each in outlines}) > 1:
        return
    told = sorted((each for each in outlines if cases.get(each.code)), key=lambda each: -cases[each.code])[
        :_NAMED
    ]
    for each in told:
        at = each.area.representative_point()
        words = f"{short(each.name)}\n{cases[each.code]}"
        axes.annotate(words, (at.x, at.y), ha="center", va="center", fontsize=7, path_effects=_halo())


def _halo() -> list[Any]:
    return [withStroke(linewidth=2, foreground="white")]


def _legend() -> list[Patch]:
    spans = [_("none")]
    for first, after in zip(NEW, (*NEW[1:], None), strict=True):
        spans.append(
            f"{first}–{after - 1}"
            if after is not None and after - 1 > first
            else f"{first}"
            if after
            else f"≥ {first}"
        )
    return [
        Patch(facecolor=colour, edgecolor="#8a8a8a", linewidth=0.4, label=span)
        for colour, span in zip(REDS, spans, strict=True)
    ]
