"""Likeness has no first and second, no order of words, no accents to lose."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tuyendau.lib.text import fold
from tuyendau.records.people.rules.likeness import Decision, Traits, likeness

WORDS = "Nguyễn Trần Lê Thị Văn Hà Hạ Hùng Hưng Lan Linh Anh Ánh Quý Hòa Hoa Đức Thu Thư An".split()
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
numbers = st.frozensets(
    st.sampled_from(
        [("cccd", "024194012345"), ("cccd", "024194012354"), ("cmnd", "121234567"), ("bhyt", "2721315635")]
    ),
    max_size=2,
)
days = st.none() | st.dates(date(1990, 1, 1), date(1994, 12, 31))
people = st.builds(
    lambda name, sex, day, phone, held, unit: Traits(
        name, sex, day.year if day else None, day, phone, held, unit, "", frozenset()
    ),
    names, st.sampled_from(["F", "M", ""]), days, st.sampled_from(["", "+84912345678", "+84987654321"]), numbers,
    st.sampled_from([None, 1, 2]),
)  # fmt: skip


@given(people, people)
def test_neither_is_first(one: Traits, other: Traits) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert abs(there.bits - back.bits) < 1e-6
    assert there.decision is back.decision


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_words_costs_little_and_lost_accents_nothing(one: Traits, random: Random) -> None:
    words = one.full_name.split()
    random.shuffle(words)
    same, other = likeness(one, one), likeness(one, _named(one, " ".join(words)))
    assert same.bits - other.bits < 2
    plain = likeness(one, _named(one, fold(one.full_name)))
    assert plain.bits == same.bits


@given(people, people)
def test_nobody_is_likelier_than_oneself(one: Traits, other: Traits) -> None:
    assert likeness(one, other).bits <= max(likeness(one, one).bits, likeness(other, other).bits) + 1e-6 or (
        likeness(one, other).decision is not Decision.SAME
    )


def _named(one: Traits, name: str) -> Traits:
    return Traits(
        name,
        one.sex,
        one.birth_year,
        one.birth_date,
        one.phone,
        one.numbers,
        one.unit,
        one.address,
        one.homes,
    )
