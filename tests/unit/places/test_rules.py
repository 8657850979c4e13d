from __future__ import annotations

from datetime import date

import pytest

from tuyendau.core.places import rules
from tuyendau.core.places.models import ACCENTED, PLAIN, SiteKind
from tuyendau.lib.text import fold
from tuyendau.science.epi.settings import Setting


def test_every_kind_of_site_has_its_defaults() -> None:
    assert set(rules.DEFAULTS) == set(SiteKind.values)
    assert all(0 < default.dwell_minutes <= 1440 for default in rules.DEFAULTS.values())


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("room", Setting.ROOM),
        ("household", Setting.HOUSEHOLD),
        ("line", Setting.LINE),
        ("bus", Setting.BUS),
        ("park", Setting.COMPANY),
        ("company", Setting.COMPANY),
        ("dormitory", Setting.LODGING),
        ("boarding_house", Setting.LODGING),
    ],
)
def test_the_setting_follows_from_the_kind(kind: str, setting: Setting) -> None:
    assert rules.DEFAULTS[kind].setting is setting


@pytest.mark.parametrize(
    ("given", "level", "full"),
    [
        ("7201", rules.COMMUNE, "07201"),
        ("07201", rules.COMMUNE, "07201"),
        ("7201.0", rules.COMMUNE, "07201"),
        ("1", rules.PROVINCE, "01"),
        ("24", rules.PROVINCE, "24"),
        ("1", rules.DISTRICT, "001"),
        (" 4 ", rules.COMMUNE, "00004"),
    ],
)
def test_codes_get_back_the_zeros_that_a_spreadsheet_ate(given: str, level: int, full: str) -> None:
    assert rules.full_code(given, level) == full


@pytest.mark.parametrize(
    ("code", "level"), [("24", 1), ("222", 2), ("07801", 3), ("7801", None), ("", None), ("abcde", None)]
)
def test_the_level_shows_in_the_length_of_a_full_code(code: str, level: int | None) -> None:
    assert rules.level_of_code(code) == level


A, B, C = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


@pytest.mark.parametrize(
    ("a_from", "a_to", "b_from", "b_to", "shared"),
    [
        (A, B, B, C, False),
        (B, C, A, B, False),
        (A, C, B, C, True),
        (A, None, C, None, True),
        (A, B, C, None, False),
        (C, None, A, B, False),
    ],
)
def test_periods_that_touch_share_no_day(
    a_from: date, a_to: date | None, b_from: date, b_to: date | None, shared: bool
) -> None:
    assert rules.overlap(a_from, a_to, b_from, b_to) is shared


def test_the_database_folds_letters_as_python_does() -> None:
    assert len(ACCENTED) == len(PLAIN) == 134
    assert [fold(letter) for letter in ACCENTED] == list(PLAIN)
