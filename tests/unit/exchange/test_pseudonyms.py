"""Pseudonyms link within one recipient's purpose and nowhere else; small groups are not told."""

from __future__ import annotations

import pytest

from tuyendau.insight.exchange.rules.pseudonyms import age_group, band, key_of, pseudonym, shown_areas


def test_one_recipient_and_purpose_link_and_no_others_do() -> None:
    keys = [
        key_of("s", "user:1", "report"),
        key_of("s", "user:1", "research"),
        key_of("s", "user:2", "report"),
        key_of("t", "user:1", "report"),
    ]
    told = [pseudonym(key, "person_7k3m0q9xv2rt") for key in keys]
    assert len(set(told)) == 4
    assert told[0] == pseudonym(key_of("s", "user:1", "report"), "person_7k3m0q9xv2rt")
    # Parts that run into one another are still different.
    assert key_of("s", "user:1", "1report") != key_of("s", "user:11", "report")


def test_people_have_different_pseudonyms_that_hold_nothing_of_their_id() -> None:
    key = key_of("s", "user:1", "report")
    told = {pseudonym(key, f"person_{n}") for n in range(5_000)}
    assert len(told) == 5_000
    assert all(len(each) == 14 and each.startswith("P-") for each in told)


@pytest.mark.parametrize(
    ("born", "told"),
    [
        (1987, "30–39"),
        (1996, "30–39"),
        (1997, "20–29"),
        (2026, "0–9"),
        (1946, "80+"),
        (1900, "80+"),
        (None, ""),
        (2027, ""),
    ],
)
def test_ages_are_told_by_decade(born: int | None, told: str) -> None:
    assert age_group(born, 2026) == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([("a", "D", 5)], {"a": "a"}),
        ([("a", "D", 4)], {"a": None}),
        ([("a", "D", 4), ("b", "D", 1)], {"a": "D", "b": "D"}),
        ([("a", "D", 4), ("b", "D", 9)], {"a": None, "b": "b"}),
        ([("a", "D", 3), ("b", "E", 3)], {"a": None, "b": None}),
        ([("a", "D", 2), ("a", "D", 3)], {"a": "a"}),
        ([], {}),
    ],
)
def test_an_area_is_told_where_enough_share_it(
    counts: list[tuple[str, str, int]], told: dict[str, str]
) -> None:
    assert shown_areas(counts, 5) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5–9"), (9, "5–9"), (10, "10–14"), (1234, "1230–1234")],
)
def test_counts_are_told_in_bands(count: int, told: str) -> None:
    assert band(count, 5) == told
