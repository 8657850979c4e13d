"""How a layer travels: what is put in is what the browser takes out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.integration.map.reading import unpacked
from tuyendau.insight.map import rules


def test_head_numbers_and_texts_come_out_as_they_went_in() -> None:
    texts = ["Xã Nội Hoàng", "", "hai\ndòng"]
    parts = {"classes": np.array([1, -1, 300], dtype=np.int16), "labels": texts, "flags": np.int8([0, 1, 0])}
    found = unpacked(rules.packed({"count": 3, "note": "ừ"}, parts))
    assert found.head["note"] == "ừ"
    assert found.numbers == {"classes": [1, -1, 300], "flags": [0, 1, 0]}
    assert found.texts["labels"] == ["Xã Nội Hoàng", "", "hai dòng"]


@pytest.mark.parametrize("length", range(9))
def test_parts_begin_where_numbers_can_be_read(length: int) -> None:
    body = rules.packed(
        {"count": length, "pad": "x" * length}, {"ids": ["é"] * length, "n": np.arange(length)}
    )
    assert unpacked(body).numbers["n"] == list(range(length))


def test_an_empty_layer() -> None:
    found = unpacked(
        rules.packed({"count": 0}, {"ids": [], "places": rules.places(np.array([]), np.array([]))})
    )
    assert found.numbers["places"] == []
    assert found.texts["ids"] == []


def test_places_are_millionths_of_a_degree_and_unknown_ones_are_nowhere() -> None:
    found = rules.places(np.array([106.1234567, np.nan, 1.0]), np.array([-21.5, 3.0, np.nan]))
    assert found.tolist() == [106_123_457, -21_500_000, *[rules.NOWHERE] * 4]
