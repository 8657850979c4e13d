from __future__ import annotations

from itertools import pairwise

import pytest

from tuyendau.insight.map import rules


def luminance(colour: str) -> float:
    """Relative luminance of a colour as in WCAG."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("count", "level"),
    [(0, 0), (1, 1), (2, 1), (3, 2), (9, 2), (10, 3), (29, 3), (30, 4), (99, 4), (100, 5), (5649, 5)],
)
def test_classes_of_counts(count: int, level: int) -> None:
    assert rules.level_of(count, rules.NEW) == level
    low, beyond = rules.span_of(level, rules.NEW)
    assert low <= count
    assert beyond is None or count < beyond


@pytest.mark.parametrize("breaks", [rules.NEW, rules.RATE, rules.FOLLOWED, rules.SINCE])
def test_spans_follow_each_other_without_gap(breaks: tuple[float, ...]) -> None:
    spans = [rules.span_of(level, breaks) for level in range(len(breaks) + 1)]
    assert [low for low, _beyond in spans[1:]] == [beyond for _low, beyond in spans[:-1]]
    assert spans[-1][1] is None


@pytest.mark.parametrize("colours", [rules.REDS, rules.BLUES, rules.AGES[:1] + rules.AGES[:0:-1]])
def test_colours_darken_from_class_to_class_so_that_hue_is_not_needed(colours: tuple[str, ...]) -> None:
    shades = [luminance(colour) for colour in colours]
    # Nothing at all is paper, and the oldest of ages nearly so.
    start = 0 if len(colours) == 6 else 1
    assert all(darker < 0.87 * lighter for lighter, darker in pairwise(shades[start:]))


def test_rates() -> None:
    assert rules.rate(12, 8000) == 150.0
    assert rules.rate(12, None) is None
    assert rules.rate(12, 0) is None
