"""Which numbers the public is told."""

from __future__ import annotations

import pytest

from tuyendau.insight.public.rules import about, band_of, bands


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (5, [(0, 4), (5, 9), (10, 29), (30, 99), (100, None)]),
        (10, [(0, 9), (10, 29), (30, 99), (100, None)]),
        (50, [(0, 49), (50, 99), (100, None)]),
        (2, [(0, 1), (2, 9), (10, 29), (30, 99), (100, None)]),
    ],
)
def test_the_bands_leave_no_gap_and_the_first_holds_every_small_number(
    least: int, expected: list[tuple[int, int | None]]
) -> None:
    assert [(band.low, band.high) for band in bands(least)] == expected


@pytest.mark.parametrize("count", [*range(12), 29, 30, 99, 100, 5_000])
def test_a_number_lies_in_its_band(count: int) -> None:
    band = band_of(count, bands(5))
    assert band.low <= count <= (band.high if band.high is not None else count)


def test_fewer_than_the_least_group_are_not_told_from_none() -> None:
    assert len({band_of(count, bands(5)) for count in range(5)}) == 1


@pytest.mark.parametrize(
    ("count", "least", "expected"),
    [(0, 5, None), (4, 5, None), (9, 5, None), (10, 5, 10), (19, 5, 10), (1_234, 5, 1_230), (15, 20, None)],
)
def test_a_total_is_told_in_whole_tens(count: int, least: int, expected: int | None) -> None:
    assert about(count, least) == expected
