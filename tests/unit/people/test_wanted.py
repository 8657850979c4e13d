"""What is understood of a text in the search box."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuyendau.records.people.rules.wanted import Wanted, wanted


@pytest.mark.parametrize(
    ("written", "words", "day", "year", "number"),
    [
        ("Nguyễn Văn A", ("nguyen", "van", "a"), None, None, ""),
        ("  hoa   thi ", ("hoa", "thi"), None, None, ""),
        ("nguyen van a 1990", ("nguyen", "van", "a"), None, 1990, ""),
        ("hà 12/05/1990", ("ha",), date(1990, 5, 12), 1990, ""),
        ("12-5-1990 hà", ("ha",), date(1990, 5, 12), 1990, ""),
        ("1990-05-12", (), date(1990, 5, 12), 1990, ""),
        ("12.05.1990", (), date(1990, 5, 12), 1990, ""),
        ("0912 345 678", (), None, None, "0912345678"),
        ("hà 0912345678", ("ha",), None, None, "0912345678"),
        ("024194012345", (), None, None, "024194012345"),
        ("dn4 24 2721315635", (), None, None, "DN4242721315635"),
        ("CN-00017", (), None, None, "CN00017"),
        ("1990", (), None, None, "1990"),
        ("0912 1990", (), None, None, "09121990"),
        ("31/02/1990", (), None, None, "31021990"),
        ("H'Hen Niê", ("h", "hen", "nie"), None, None, ""),
    ],
)
def test_what_is_meant(
    written: str, words: tuple[str, ...], day: date | None, year: int | None, number: str
) -> None:
    found = wanted(written)
    assert (found.words, found.day, found.year, found.number) == (words, day, year, number)


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("0912 345", ("0912345", "+84912345")),
        ("+84 912", ("84912", "+84912")),
        ("84912", ("84912", "+84912")),
        ("912345", ("912345", "+84912345")),
        ("0168 123 4567", ("01681234567", "+841681234567", "+84381234567")),
        ("09", ()),
        ("CN-0912", ()),
    ],
)
def test_beginnings_of_telephone_numbers(written: str, begins: tuple[str, ...]) -> None:
    assert wanted(written).phones == begins


def test_nothing_written_means_everybody_and_signs_alone_nobody() -> None:
    assert wanted("  ").everybody
    assert wanted("&|!").nobody
    assert not wanted("hà").everybody


@given(st.text(max_size=40))
def test_any_text_is_understood_somehow(written: str) -> None:
    found = wanted(written)
    assert isinstance(found, Wanted)
    assert all(word.isalpha() for word in found.words)
