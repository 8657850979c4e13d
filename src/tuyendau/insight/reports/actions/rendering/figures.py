"""The figures of a report, drawn with fonts that come along and have every letter of Vietnamese."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from tuyendau.insight.reports.actions.rendering.areas import draw_map, height_of
from tuyendau.insight.reports.queries.paper.cases import band_words
from tuyendau.insight.reports.queries.situation.outlines import Outline
from tuyendau.insight.situation.queries.words import FOUND, PLACES

Content = Mapping[str, Any]

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999")
"""Told apart also by who sees no red or green (Okabe and Ito, 2008)."""
FEMALE, MALE = "#cc79a7", "#0072b2"
_DPI = 170
WIDTH = 165.0
"""Millimetres: what a page of A4 holds between its margins."""
_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 8, "svg.hashsalt": "tuyendau", "svg.fonttype": "path",
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "axes.grid": False,
    "figure.dpi": _DPI, "savefig.dpi": _DPI,
}  # fmt: skip
_one_at_a_time = threading.Lock()
"""The style is the whole library's, not a thread's own."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as a picture and as lines; `width` and `height` in millimetres."""

    png: bytes
    svg: str
    width: float
    height: float


def drawings_of(content: Content, outlines: Sequence[Outline]) -> dict[str, Drawing]:
    """Every figure that the content has, by its code, in the language in force."""
    if content["nothing_known"]:
        return {}
    reported, onset = content["curves"]
    asked: dict[str, tuple[float, Callable[[Figure], None]]] = {}
    for code, of, words in (("curve", reported, FOUND), ("onset", onset, PLACES)):
        if of["series"]:
            asked[code] = (62, partial(_curve, of=of, words=words))
    if any(sum(band[2:]) for band in content["ages"]["bands"]):
        asked["ages"] = (70, partial(_pyramid, of=content["ages"]))
    if outlines:
        asked["map"] = (height_of(outlines, WIDTH), partial(draw_map, content=content, outlines=outlines))
    with _one_at_a_time, mpl.rc_context(_STYLE):
        return {code: _drawn(height, draw) for code, (height, draw) in asked.items()}


def _drawn(height: float, draw: Callable[[Figure], None], width: float = WIDTH) -> Drawing:
    figure = Figure(figsize=(width / 25.4, height / 25.4), layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure)
    png, svg = io.BytesIO(), io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return Drawing(png.getvalue(), svg.getvalue().decode(), width, height)


def _curve(figure: Figure, of: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    axes = figure.add_subplot()
    days = [date.fromisoformat(day) for day in of["days"]]
    x, below = np.arange(len(days)), np.zeros(len(days))
    pale = [day.isoformat() >= of["incomplete"] for day in days]
    for each, colour in zip(of["series"], COLOURS, strict=False):
        counts = np.array(each["counts"], dtype=float)
        bars = axes.bar(
            x, counts, 0.92, bottom=below, color=colour, label=str(words.get(each["code"], each["code"]))
        )
        for bar, lacking in zip(bars, pale, strict=True):
            bar.set_alpha(0.45 if lacking else 1.0)
        below += counts
    _days_below(axes, days)
    axes.set_ylabel(_("cases"))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.margins(x=0.01)
    axes.legend(handles=_marks(of["series"], words), frameon=False, fontsize=7.5, loc="upper left")


def _marks(series: Sequence[Any], words: Mapping[str, Any]) -> list[Patch]:
    """The legend, as dark as complete days are."""
    return [
        Patch(color=colour, label=str(words.get(each["code"], each["code"])))
        for each, colour in zip(series, COLOURS, strict=False)
    ]


def _days_below(axes: Axes, days: Sequence[date]) -> None:
    """A mark every week, or oftener where the days are few, counted back from the last day."""
    step = timedelta(days=7 if len(days) > 28 else 2 if len(days) > 10 else 1)
    marks = [n for n, day in enumerate(days) if (days[-1] - day) % step == timedelta(0)]
    axes.set_xticks(marks, [f"{days[n]:%d/%m}" for n in marks])


def _pyramid(figure: Figure, of: Mapping[str, Any]) -> None:
    axes = figure.add_subplot()
    bands = of["bands"]
    y = np.arange(len(bands))
    female, male = (np.array([band[n] for band in bands], dtype=float) for n in (2, 3))
    axes.barh(y, -female, 0.85, color=FEMALE, label=_("female"))
    axes.barh(y, male, 0.85, color=MALE, label=_("male"))
    axes.set_yticks(y, [band_words(band) for band in bands])
    axes.set_ylabel(_("age in years"))
    axes.set_xlabel(_("cases"))
    reach = max(female.max(), male.max(), 1) * 1.15
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _position: f"{abs(value):.0f}")
    axes.axvline(0, color="#333333", linewidth=0.8)
    for side, counts in ((-1, female), (1, male)):
        for at, count in zip(y, counts, strict=True):
            if count:
                axes.annotate(
                    f"{count:.0f}", (side * count, at), xytext=(3 * side, 0), textcoords="offset points", va="center",
                    ha="left" if side > 0 else "right", fontsize=7,
                )  # fmt: skip
    axes.legend(frameon=False, loc="upper right", fontsize=7.5)
