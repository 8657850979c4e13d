"""The classes in which numbers are drawn: always the same, so that two maps can be compared.

Colours go from light to dark in even steps, which who sees no red tells apart as well (ColorBrewer).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tuyendau.insight.map.layers.base import Class, Shape, Words

REDS = ("#f4f1ea", "#fed976", "#feb24c", "#fd8d3c", "#e31a1c", "#800026")
BLUES = ("#f4f1ea", "#d0d1e6", "#a6bddb", "#74a9cf", "#2b8cbe", "#045a8d")
AGES = ("#f4f1ea", "#800026", "#e31a1c", "#fd8d3c", "#feb24c", "#fed976", "#ffeda0")

_AMOUNTS: tuple[Words, ...] = (
    gettext_lazy("none"),
    gettext_lazy("single cases"),
    gettext_lazy("few"),
    gettext_lazy("many"),
    gettext_lazy("very many"),
    gettext_lazy("extreme"),
)
_HEIGHTS: tuple[Words, ...] = (
    gettext_lazy("none"),
    pgettext_lazy("a number on the map", "very low"),
    pgettext_lazy("a number on the map", "low"),
    pgettext_lazy("a number on the map", "medium"),
    pgettext_lazy("a number on the map", "high"),
    pgettext_lazy("a number on the map", "very high"),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of a number: class 0 is below the first of `breaks`, class n from the nth of them on."""

    breaks: tuple[float, ...]
    words: tuple[Words, ...]
    colours: tuple[str, ...]

    def of(self, value: float | None) -> int:
        """The class of a value; -1 of None."""
        return -1 if value is None else bisect_right(self.breaks, value)

    def legend(self, *, shape: Shape = Shape.CIRCLE) -> list[Class]:
        """Its classes from the lowest to the highest."""
        return [
            Class(n, word, colour, self._span(n), shape)
            for n, (word, colour) in enumerate(zip(self.words, self.colours, strict=True))
        ]

    def _span(self, n: int) -> str:
        if n == 0:
            return "0"
        low = self.breaks[n - 1]
        if n == len(self.breaks):
            return f"≥ {low:g}"
        high = self.breaks[n]
        # The first class of a number with decimals is all that is above nothing.
        if low < 1:
            return f"< {high:g}"
        return f"{low:g}" if high - low == 1 else f"{low:g}–{high - 1:g}"


NEW = Scale((1, 3, 10, 30, 100), _AMOUNTS, REDS)
"""Cases."""
RATE = Scale((0.05, 20, 50, 150, 500), _HEIGHTS, REDS)
"""Cases per 100,000."""
FOLLOWED = Scale((1, 10, 50, 200, 1_000), _HEIGHTS, BLUES)
"""Contacts in follow-up."""

SINCE_BREAKS = (0, 4, 8, 15, 22, 29)
"""Days since the last case; 14 and 28 days are one and two incubation periods at their longest."""


def since_of(days: int | None) -> int:
    """The class of the days since the last case; 0 where there was none."""
    return 0 if days is None or days < 0 else bisect_right(SINCE_BREAKS, days)


def since_legend() -> Sequence[Class]:
    """The classes of days since the last case, the latest first, those without any last."""
    words = [
        _("within 3 days"), _("4 to 7 days ago"), _("8 to 14 days ago"), _("15 to 21 days ago"),
        _("22 to 28 days ago"), _("more than 28 days ago"),
    ]  # fmt: skip
    spans = ["0–3", "4–7", "8–14", "15–21", "22–28", "> 28"]
    classes = [
        Class(n, word, AGES[n], span) for n, (word, span) in enumerate(zip(words, spans, strict=True), 1)
    ]
    return [*classes, Class(0, _("no case so far"), AGES[0], "–")]
