"""Which regime held when, and the arithmetic of its days, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from tuyendau.science.epi.regimes import (
    RegimeError,
    _regime,
    choices_on,
    day_index,
    day_number,
    grounds_on,
    regime,
    regime_in_force,
    regime_on,
    regimes,
)


@pytest.mark.parametrize(
    ("on", "vaccinated", "expected", "days", "monitor", "tests"),
    [
        (date(2020, 8, 6), None, None, 0, 0, ()),
        (date(2021, 5, 4), None, "vn.covid19.f1.3468", 14, 14, (1, 14)),
        (date(2021, 5, 5), None, "vn.covid19.f1.21days", 21, 7, (1, 14, 20)),
        (date(2021, 5, 21), None, "vn.covid19.f1.21days", 21, 7, (1, 14, 20)),
        (date(2021, 7, 13), None, "vn.covid19.f1.21days", 21, 7, (1, 14, 20)),
        (date(2021, 7, 14), None, "vn.covid19.f1.5599", 14, 14, (1, 7, 14)),
        (date(2021, 7, 31), True, "vn.covid19.f1.5599", 14, 14, (1, 7, 14)),
        (date(2021, 8, 1), True, "vn.covid19.f1.vaccinated_2021_08", 7, 0, (1, 7)),
        (date(2021, 8, 1), False, "vn.covid19.f1.5599", 14, 14, (1, 7, 14)),
        (date(2021, 12, 16), True, "vn.covid19.f1.10696", 7, 0, (1, 7)),
        (date(2022, 2, 20), None, "vn.covid19.f1.5599", 14, 14, (1, 7, 14)),
        (date(2022, 2, 21), True, "vn.covid19.f1.762.vaccinated", 5, 5, (5,)),
        (date(2022, 2, 21), None, "vn.covid19.f1.762", 7, 3, (7,)),
    ],
)
def test_close_contacts_follow_the_text_in_force(
    on: date, vaccinated: bool | None, expected: str | None, days: int, monitor: int, tests: tuple[int, ...]
) -> None:
    found = regime_on("covid19", 1, on, vaccinated=vaccinated)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert (found.id, found.days, found.monitor_days, found.tests) == (expected, days, monitor, tests)


@pytest.mark.parametrize(
    ("regime_id", "day_zero", "last", "after"),
    [
        ("vn.covid19.f1.5599", date(2020, 7, 5), date(2020, 7, 19), date(2020, 8, 2)),
        ("vn.covid19.f1.21days", date(2021, 5, 10), date(2021, 5, 31), date(2021, 6, 7)),
        ("measles.contact", date(2024, 2, 9), date(2024, 3, 1), date(2024, 3, 1)),
        ("vn.covid19.f1.762.vaccinated", date(2022, 2, 25), date(2022, 3, 2), date(2022, 3, 7)),
    ],
)
def test_the_last_day_is_so_many_days_after_the_last_exposure(
    regime_id: str, day_zero: date, last: date, after: date
) -> None:
    assert regime(regime_id).last_day(day_zero) == last
    assert regime(regime_id).monitor_until(day_zero) == after


@pytest.mark.parametrize(
    ("on", "number", "index"),
    [
        (date(2020, 7, 4), -1, 0),
        (date(2020, 7, 5), 0, 1),
        (date(2020, 7, 19), 14, 15),
        (date(2020, 7, 20), 15, 16),
    ],
)
def test_the_day_of_the_last_exposure_is_day_nought(on: date, number: int, index: int) -> None:
    assert day_number(date(2020, 7, 5), on) == number
    assert day_index(date(2020, 7, 5), on) == index


@pytest.mark.parametrize(
    ("tested", "due"),
    [
        (None, date(2021, 7, 16)),
        (date(2021, 7, 16), date(2021, 7, 22)),
        (date(2021, 7, 20), date(2021, 7, 22)),
        (date(2021, 7, 22), date(2021, 7, 29)),
        (date(2021, 7, 29), None),
    ],
)
def test_a_test_makes_good_every_test_day_up_to_its_own(tested: date | None, due: date | None) -> None:
    assert regime("vn.covid19.f1.5599").next_test(date(2021, 7, 15), tested) == due


@pytest.mark.parametrize(
    ("began", "on", "expected"),
    [
        (date(2021, 5, 1), date(2021, 5, 4), "vn.covid19.f1.3468"),
        # 21 days take over those who began under 14.
        (date(2021, 5, 1), date(2021, 5, 5), "vn.covid19.f1.21days"),
        # 14 days take over those who began under 21.
        (date(2021, 7, 1), date(2021, 7, 13), "vn.covid19.f1.21days"),
        (date(2021, 7, 1), date(2021, 7, 14), "vn.covid19.f1.5599"),
        # The text of 2022 lets those who began end as they began.
        (date(2022, 2, 15), date(2022, 2, 25), "vn.covid19.f1.5599"),
    ],
)
def test_a_text_says_whether_it_takes_over_those_in_follow_up(began: date, on: date, expected: str) -> None:
    begun = regime_on("covid19", 1, began)
    assert begun is not None
    assert regime_in_force(begun, began, on).id == expected


def test_a_pilot_is_offered_and_never_taken_by_default() -> None:
    offered = choices_on("covid19", 1, date(2021, 5, 25))
    assert [r.id for r in offered] == ["vn.covid19.f1.21days", "vn.covid19.f1.home_bac_giang"]
    assert not [r.id for r in choices_on("covid19", 1, date(2021, 5, 20)) if r.optional]
    pilot = regime("vn.covid19.f1.home_bac_giang")
    assert regime_in_force(pilot, date(2021, 7, 10), date(2021, 7, 20)) is pilot


def test_every_regime_has_a_source_and_says_how_far_it_is_verified() -> None:
    assert len(regimes()) > 10
    for each in regimes():
        assert each.source
        assert each.verified in ("yes", "partial", "memory")
        assert {"vi", "en"} <= each.title.keys()


def test_for_each_day_from_august_2020_exactly_one_regime_is_the_default() -> None:
    day = date(2020, 8, 7)
    for degree in (0, 1, 2):
        assert regime_on("covid19", degree, day) is not None
    starts = sorted({r.effective_from for r in regimes() if r.disease == "covid19" and not r.optional})
    for start in starts:
        for degree in (0, 1, 2):
            assert regime_on("covid19", degree, start) is not None, (degree, start)


def test_orders_rest_on_the_law_in_force() -> None:
    then = [g.text for g in grounds_on("covid19", "quarantine", date(2021, 5, 20))]
    now = [g.text for g in grounds_on("covid19", "quarantine", date(2026, 11, 25))]
    assert any("2007" in text for text in then)
    assert not any("114/2025" in text for text in then)
    assert any("114/2025" in text for text in now)
    assert not any("2007" in text for text in now)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": 0}, "days are 1 or more"),
        ({"tests": [7, 1]}, "in order"),
        ({"verified": "surely"}, "verified"),
        ({"effective_to": "2020-01-01"}, "in force to"),
        ({"transition": "perhaps"}, "perhaps"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(wrong: dict[str, object], said: str) -> None:
    good = {
        "id": "x", "degree": 1, "title": {"vi": "x", "en": "x"}, "source": "x", "verified": "yes",
        "effective_from": "2021-01-01", "where": "home", "days": 14, "transition": "adopt",
    }  # fmt: skip
    assert _regime(good, "x", "file").days == 14
    with pytest.raises(RegimeError, match=said):
        _regime(good | wrong, "x", "file: regime 3")
