from __future__ import annotations

from datetime import date
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
    assert rules.level_of(count) == level
    low, high = rules.span_of(level)
    assert low <= count
    assert high is None or count <= high


def test_spans_follow_each_other_without_gap() -> None:
    spans = [rules.span_of(level) for level in range(len(rules.COLOURS))]
    assert [low for low, _high in spans[1:]] == [high + 1 for _low, high in spans[:-1] if high is not None]
    assert spans[-1][1] is None


def test_colours_darken_from_class_to_class_so_that_hue_is_not_needed() -> None:
    shades = [luminance(colour) for colour in rules.COLOURS]
    assert all(darker < 0.87 * lighter for lighter, darker in pairwise(shades))


def test_the_window_holds_both_its_ends() -> None:
    assert rules.window(date(2021, 5, 31), 14) == rules.Window(date(2021, 5, 18), date(2021, 5, 31))


def test_rates() -> None:
    assert rules.rate(12, 8000) == 150.0
    assert rules.rate(12, None) is None
    assert rules.rate(12, 0) is None
