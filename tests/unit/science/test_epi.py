"""Parameters, policies, grades, windows and times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tuyendau.science.epi import (
    ContactPolicy,
    Grade,
    PolicyError,
    Setting,
    grade_minutes,
    infectious_windows,
    minutes_shown,
    parameters,
    to_datetime,
    to_seconds,
)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (29, 0), (30, 1), (315, 5), (345, 6), (900, 15)])
def test_minutes_shown_round_half_up(seconds: int, minutes: int) -> None:
    assert minutes_shown(seconds) == minutes


def test_times_go_there_and_back() -> None:
    assert to_seconds(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert to_datetime(0).isoformat() == "2020-01-01T07:00:00+07:00"
    assert to_seconds(to_datetime(-(2**31))) == -(2**31)
    with pytest.raises(OverflowError):
        to_seconds(datetime(2088, 2, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="without an offset"):
        to_seconds(datetime(2021, 5, 8))


def test_window_begins_at_local_midnight_and_ends_at_isolation() -> None:
    onset = to_seconds(datetime.fromisoformat("2021-05-10T23:30:00+07:00"))
    isolated = to_seconds(datetime.fromisoformat("2021-05-12T09:00:00+07:00"))
    start, end = infectious_windows([onset, onset], [isolated, onset - 10 * 86_400], [3, 2])
    assert to_datetime(start[0]).isoformat() == "2021-05-07T00:00:00+07:00"
    assert end[0] == isolated
    assert end[1] == start[1] == start[0] + 86_400


def test_window_takes_in_an_earlier_sample_and_ends_with_the_disease() -> None:
    def at(day: str) -> int:
        return to_seconds(datetime.fromisoformat(f"{day}+07:00"))

    start, end = infectious_windows(
        [at("2021-05-10T12:00")],
        [at("2021-06-10T12:00")],
        4,
        sampled=[at("2021-05-05T20:00")],
        last_day=[at("2021-05-14T12:00")],
    )
    assert (start[0], end[0]) == (at("2021-05-05T00:00"), at("2021-05-15T00:00"))
    _, cut = infectious_windows(at("2021-05-10T12:00"), at("2021-09-10T12:00"), 3, longest=86_400)
    assert cut == at("2021-05-08T00:00")


def test_infectiousness_peaks_the_day_before_onset_and_fades_in_a_week() -> None:
    p = parameters()
    by_day = {p.first_day + i: v for i, v in enumerate(p.infectiousness)}
    assert max(by_day, key=lambda d: by_day[d]) == -1
    before = sum(v for d, v in by_day.items() if d < 0) + by_day[0] / 2
    assert before / sum(by_day.values()) == pytest.approx(0.44, abs=0.03)
    assert by_day[7] < 0.05


def test_every_figure_tells_its_source() -> None:
    record = parameters().record
    entries = [
        record["infectiousness"],
        *record["hazard_per_hour"]["values"].values(),
    ]
    assert len(entries) == 1 + len(Setting)
    assert all(e["source"] and e["verified"] in ("yes", "partial", "memory", "assumed") for e in entries)


@pytest.mark.parametrize(("setting", "minutes", "assumed", "grade"), [
    (Setting.ROOM, 1, 0, Grade.CLOSE),
    (Setting.LINE, 15, 0, Grade.CLOSE),
    (Setting.LINE, 14.9, 0, Grade.NEAR),
    (Setting.LINE, 20, 20, Grade.NEAR),
    (Setting.LINE, 30, 30, Grade.CLOSE),
    (Setting.CANTEEN_ZONE, 30, 0, Grade.NEAR),
    (Setting.WORKSHOP, 480, 0, Grade.NEAR),
    (Setting.COMPANY, 480, 0, Grade.AROUND),
    (Setting.GATE, 480, 0, Grade.NONE),
    (Setting.LINE, 0, 0, Grade.NONE),
])  # fmt: skip
def test_default_policy_grades(setting: Setting, minutes: float, assumed: float, grade: Grade) -> None:
    policy = ContactPolicy.bundled("default")
    assert policy.grade(setting, minutes, assumed) is grade
    weighted = 60 * (minutes - 0.5 * assumed)
    by_setting = np.zeros((1, len(Setting)))
    by_setting[0, setting] = weighted
    assert grade_minutes(policy.thresholds, policy.anywhere, by_setting, [weighted]).tolist() == [grade]


def test_fifteen_minutes_anywhere_add_up() -> None:
    policy = ContactPolicy.bundled("fifteen_minutes")
    by_setting = np.zeros((2, len(Setting)))
    by_setting[:, Setting.SHOP], by_setting[:, Setting.BUS] = 500, [400, 399]
    grades = grade_minutes(policy.thresholds, policy.anywhere, by_setting, by_setting.sum(axis=1))
    assert grades.tolist() == [Grade.CLOSE, Grade.NONE]


def test_setting_codes_never_change() -> None:
    assert {s.slug: int(s) for s in Setting} == {
        "other": 0, "household": 1, "room": 2, "line": 3, "workshop": 4, "company": 5, "bus": 6, "canteen": 7,
        "canteen_zone": 8, "shop": 9, "market": 10, "school": 11, "ward": 12, "quarantine_room": 13, "gate": 14,
        "measured": 15, "lodging": 16,
    }  # fmt: skip


GOOD: dict[str, Any] = {
    "id": "x", "title": {"en": "x"}, "source": "x", "verified": "yes", "effective_from": "2021-01-01",
    "assumed_weight": 0.5, "rules": [{"setting": "bus", "grade": "close", "minutes": 10}], "anywhere": [],
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [
    ({"assumed_weight": 2}, "between 0 and 1"),
    ({"assumed_weight": "half"}, "assumed_weight"),
    ({"rules": [{"setting": "buss", "grade": "close", "minutes": 1}]}, "unknown setting 'buss'"),
    ({"rules": [{"setting": "bus", "grade": "hot", "minutes": 1}]}, "unknown grade 'hot'"),
    ({"rules": [{"setting": "bus", "grade": "close", "minutes": -1}]}, "rule 1: minutes"),
    ({"rules": [{"grade": "close", "minutes": 1}]}, "rule 1: needs a setting"),
    ({"anywhere": [{"grade": "none", "minutes": 1}]}, "anywhere 1"),
    ({"effective_from": "yesterday"}, "yesterday"),
])  # fmt: skip
def test_policy_that_cannot_be_used_is_refused(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(GOOD | change))
    with pytest.raises(PolicyError, match=said) as caught:
        ContactPolicy.from_file(path)
    assert "policy.json" in str(caught.value)


def test_policy_without_a_part_names_it(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({k: v for k, v in GOOD.items() if k != "rules"}))
    with pytest.raises(PolicyError, match="'rules' is missing"):
        ContactPolicy.from_file(path)
    path.write_text("{")
    with pytest.raises(PolicyError, match="not JSON"):
        ContactPolicy.from_file(path)
    with pytest.raises(PolicyError, match="default, fifteen_minutes"):
        ContactPolicy.bundled("unknown")
