"""Telephone numbers: what is taken, in which form, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuyendau.lib import phones


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("+84912345678", "+84912345678"),
        (" 0912 345.678 ", "+84912345678"),
        ("0912-345-678", "+84912345678"),
        ("(+84) 912 345 678", "+84912345678"),
        ("0841234567", "+84841234567"),
        ("0204 3854 123", "+842043854123"),
        ("0387\u00a0654\u00a0321", "+84387654321"),
        ("0168 123 4567", "+84381234567"),
        ("0120.1234567", "+84701234567"),
        ("0199-765-4321", "+84597654321"),
    ],
)
def test_every_way_of_writing_gives_one_form(text: str, expected: str) -> None:
    assert phones.normalise(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "0123", "+841234567890", "0123456789", "912345678", "+840912345678", "0000000000", "+8613800138000",
     "0912345678/0987654321", "0130 1234567", "không có", "٠٩١٢٣٤٥٦٧٨", "09123456789"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(phones.PhoneRefused):
        phones.normalise(text)


@given(st.from_regex(r"[35789][0-9]{8}", fullmatch=True))
def test_normalising_twice_changes_nothing(rest: str) -> None:
    once = phones.normalise("0" + rest)
    assert phones.normalise(once) == once
    assert phones.normalise(phones.zalo(once)) == once
    assert phones.normalise(phones.readable(once)) == once
    assert phones.is_mobile(once)


def test_a_landline_gets_no_message() -> None:
    assert not phones.is_mobile(phones.normalise("02043854123"))
