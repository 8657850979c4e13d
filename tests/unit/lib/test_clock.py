"""The clock of the records: real unless a file says otherwise, and then the same for every process that follows it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tuyendau.lib import clock
from tuyendau.lib.clock import Scenario

REAL = datetime(2026, 3, 1, 5, tzinfo=UTC)
MOMENT = datetime.fromisoformat("2021-05-28T07:00:00+07:00")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that the clock follows, looked at every time."""
    before = clock._followed
    monkeypatch.setattr(clock, "LOOK_SECONDS", 0.0)
    clock.follow(tmp_path / "clock.json")
    yield tmp_path / "clock.json"
    clock._followed = before


def put(file: Path, scenario: Scenario) -> None:
    """Replace the file in one step."""
    draft = file.with_suffix(".new")
    draft.write_text(scenario.to_text())
    draft.replace(file)


@pytest.mark.parametrize(
    ("speed", "seconds", "moved"), [(0, 3600, 0), (1, 90, 90), (60, 2, 120), (0.5, 10, 5), (60, -30, 0)]
)
def test_time_runs_at_its_speed_from_its_moment(speed: float, seconds: int, moved: int) -> None:
    at = Scenario(REAL, MOMENT, speed).at(REAL + timedelta(seconds=seconds))
    assert at == MOMENT + timedelta(seconds=moved)
    assert at.tzinfo is UTC


def test_a_scenario_comes_back_from_its_text() -> None:
    said = Scenario(REAL, MOMENT, 60)
    assert Scenario.of_text(said.to_text()) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"real": "2026-03-01T05:00:00+00:00", "moment": "2021-05-28T07:00:00", "speed": 1}',
        '{"real": "2026-03-01T05:00:00+00:00", "moment": "2021-05-28T07:00:00+07:00", "speed": -1}',
        '{"real": "2026-03-01T05:00:00+00:00", "moment": "2021-05-28T07:00:00+07:00", "speed": NaN}',
        '{"real": "2026-03-01T05:00:00+00:00", "moment": null, "speed": 1}',
    ],
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (which sentence it is does not matter)
        Scenario.of_text(text)


def test_without_a_file_the_time_is_real(file: Path) -> None:
    assert clock.scenario() is None
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)
    clock.follow(None)
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


def test_the_file_is_followed_as_it_changes_and_goes(file: Path) -> None:
    put(file, Scenario(clock.real_now(), MOMENT))
    assert clock.now() == MOMENT
    assert clock.real_now().year != 2021
    put(file, Scenario(clock.real_now() - timedelta(hours=1), MOMENT, 60))
    assert timedelta(hours=60) <= clock.now() - MOMENT < timedelta(hours=61)
    file.unlink()
    assert clock.scenario() is None


def test_a_damaged_file_changes_nothing(file: Path) -> None:
    put(file, Scenario(REAL, MOMENT))
    assert clock.now() == MOMENT
    file.write_text("{")
    assert clock.now() == MOMENT


def test_the_file_is_not_looked_at_for_every_question(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK_SECONDS", 3600.0)
    clock.now()
    put(file, Scenario(REAL, MOMENT))
    assert clock.scenario() is None


def test_another_process_has_the_same_time_within_a_second(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    watcher = (
        "import sys, time; from pathlib import Path; from tuyendau.lib import clock\n"
        "clock.follow(Path(sys.argv[1])); print(clock.now().year, flush=True); sys.stdin.readline()\n"
        "time.sleep(0.9); print(clock.now().isoformat())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", watcher, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) >= 2026
        put(file, Scenario(REAL, MOMENT))
        told, _ = process.communicate("\n", timeout=30)
    assert datetime.fromisoformat(told.strip()) == MOMENT
