"""The classes of numbers with their words, as legends show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tuyendau.insight.map import rules
from tuyendau.insight.map.layers.base import Class, Shape, Words

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
        return -1 if value is None else rules.level_of(value, self.breaks)

    def legend(self, *, shape: Shape = Shape.CIRCLE) -> list[Class]:
        """Its classes from the lowest to the highest."""
        return [
            Class(n, word, colour, self._span(n), shape)
            for n, (word, colour) in enumerate(zip(self.words, self.colours, strict=True))
        ]

    def _span(self, n: int) -> str:
        low, next_low = rules.span_of(n, self.breaks)
        if n == 0:
            return "0"
        if next_low is None:
            return f"≥ {low:g}"
        # The first class of a number with decimals is all that is above nothing.
        if low < 1:
            return f"< {next_low:g}"
        return f"{low:g}" if next_low - low == 1 else f"{low:g}–{next_low - 1:g}"


NEW = Scale(rules.NEW, _AMOUNTS, rules.REDS)
RATE = Scale(rules.RATE, _HEIGHTS, rules.REDS)
FOLLOWED = Scale(rules.FOLLOWED, _HEIGHTS, rules.BLUES)


def since_of(days: int | None) -> int:
    """The class of the days since the last case; 0 where there was none."""
    return 0 if days is None else rules.level_of(days, rules.SINCE)


def since_legend() -> Sequence[Class]:
    """The classes of days since the last case, the latest first, those without any last."""
    words = [
        _("within 3 days"), _("4 to 7 days ago"), _("8 to 14 days ago"), _("15 to 21 days ago"),
        _("22 to 28 days ago"), _("more than 28 days ago"),
    ]  # fmt: skip
    classes = [Class(n, word, rules.AGES[n]) for n, word in enumerate(words, 1)]
    return [*classes, Class(0, _("no case so far"), rules.AGES[0])]
