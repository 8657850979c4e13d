"""Who is likely one person: names, births, numbers, and what no sum can outweigh."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tuyendau.records.people.forms.texts import FIELDS, OUTCOMES
from tuyendau.records.people.rules.likeness import Decision, Traits, data, fuller, likeness, thresholds
from tuyendau.records.people.rules.names import NameWords, key, match

HA = Traits(
    "Nguyễn Thị Hà", "F", 1994, date(1994, 3, 12), "+84912345678", frozenset({("cmnd", "121234567")}), 7,
    "Thôn 3", frozenset({1}), frozenset({2}),
)  # fmt: skip


def outcome(a: str, b: str) -> str:
    return likeness(Traits(a), Traits(b)).parts[0].outcome


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Nguyễn Thị Hà", "Nguyễn Thị Hà", "name_same"),
        ("Nguyễn Thị Hà", "NGUYEN THI HA", "name_same"),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", "name_same"),
        ("Lý Văn Mỹ", "Lí Văn Mĩ", "name_same"),
        ("Lê Thu Hương", "Lê ThuHương", "name_same"),
        ("Nguyễn Thị Hà", "Hà Nguyễn Thị", "name_order"),
        ("Trần Văn Hùng", "Trần Văn Hưng", "name_marks_differ"),
        ("Trần Văn Quang", "Trần Văn Quanh", "name_slip"),
        ("Nguyễn Văn Minh", "Ng. Văn Minh", "name_family_differs"),
        ("Nguyễn Văn Minh", "N. Văn Minh", "name_slip"),
        ("Nguyễn Thị Hà", "Nguyễn Hà", "name_middle_missing"),
        ("Nguyễn Thị Hà", "Nguyễn Ngọc Hà", "name_middle_differs"),
        ("Nguyễn Thị Hà", "Nguyễn Thị Lan", "name_given_differs"),
        ("Nguyễn Thị Hà", "Lê Thị Hà", "name_family_differs"),
    ],
)
def test_names(one: str, other: str, expected: str) -> None:
    assert outcome(one, other) == outcome(other, one) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"birth_date": date(1994, 3, 12)}, "birth_same"),
        ({"birth_date": date(1994, 12, 3)}, "birth_swapped"),
        ({"birth_date": date(1994, 3, 22)}, "birth_slip"),
        ({"birth_date": date(1994, 1, 1)}, "birth_year_same"),
        ({"birth_date": None}, "birth_year_same"),
        ({"birth_date": date(1994, 8, 27)}, "birth_year_same_day_differs"),
        ({"birth_date": None, "birth_year": 1995}, "birth_year_near"),
        ({"birth_date": None, "birth_year": 1960}, "birth_differs"),
        ({"birth_date": date(1960, 3, 25), "birth_year": 1960}, "birth_differs"),
    ],
)
def test_births(change: dict[str, Any], expected: str) -> None:
    found = likeness(HA, replace(HA, **change))
    assert [part.outcome for part in found.parts if part.field == "birth"] == [expected]


def decide(**change: Any) -> Decision:
    return likeness(HA, replace(HA, **change)).decision


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Decision.SAME),
        ({"full_name": "NGUYEN THI HA", "numbers": frozenset()}, Decision.SAME),
        # The old card there and the new one here say nothing of each other.
        ({"numbers": frozenset({("cccd", "024194012345")})}, Decision.SAME),
        ({"numbers": frozenset({("cmnd", "121234576")}), "phone": ""}, Decision.SAME),
        # Twins: everything agrees but the given name, and be it by a mark.
        ({"full_name": "Nguyễn Thị Lan", "numbers": frozenset()}, Decision.DIFFERENT),
        ({"full_name": "Nguyễn Thị Hạ", "numbers": frozenset()}, Decision.OPEN),
        ({"full_name": "Nguyễn Thị Hàn", "numbers": frozenset()}, Decision.OPEN),
        # Namesakes in one commune.
        ({"birth_date": date(1960, 5, 7), "birth_year": 1960, "numbers": frozenset(), "phone": "+84987654321",
          "homes": frozenset(), "companies": frozenset()}, Decision.DIFFERENT),
        ({"sex": "M", "numbers": frozenset()}, Decision.OPEN),
        ({"birth_date": date(1960, 5, 7), "birth_year": 1960}, Decision.OPEN),
        # One number with another name: somebody used another's card, or a clerk slipped.
        ({"full_name": "Trần Văn Dũng"}, Decision.OPEN),
    ],
)  # fmt: skip
def test_decisions(change: dict[str, Any], expected: Decision) -> None:
    assert decide(**change) is expected


def test_a_name_and_a_year_alone_are_never_beyond_doubt() -> None:
    rare = Traits("Khổng Thạch Ngọc Uyên Phương", "F", 1994, unit=7)
    assert likeness(rare, rare).decision is Decision.OPEN


def test_what_is_common_says_little() -> None:
    common, rare = Traits("Nguyễn Văn Nam"), Traits("Khổng Thạch Nam")
    assert likeness(common, common).bits < likeness(rare, rare).bits
    told = likeness(rare, rare, {"khong": 0.4, "thach": 0.3, "nam": 0.1}).bits
    assert told < likeness(rare, rare).bits


def test_the_sum_is_that_of_the_parts_where_nothing_limits_it() -> None:
    found = likeness(HA, HA)
    assert found.bits == pytest.approx(sum(part.bits for part in found.parts))


def test_every_outcome_has_a_weight_a_field_and_words() -> None:
    named = {
        name for name in data()["weights"] if not name.startswith(("name_typo", "name_initial", "name_most"))
    }
    assert named <= set(OUTCOMES)
    assert {part.field for part in likeness(HA, HA).parts} <= set(FIELDS)
    same, opened = thresholds()
    assert same > opened > 0


def test_who_is_known_better_is_kept() -> None:
    assert fuller(HA, replace(HA, phone=""))
    assert not fuller(HA, HA)
    assert fuller(replace(HA, numbers=HA.numbers | {("bhyt", "2721315635")}), HA)


def test_keys_know_no_order() -> None:
    assert key("nguyen thi ha") == key("ha nguyen thi") == "ha nguyen thi"
    assert match(NameWords.of("A B C"), NameWords.of("C A B")).reordered
