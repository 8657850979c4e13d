"""The clock of the demonstration: set by a command, followed by the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from tests.factories import UnitFactory, make_user
from tuyendau.config import demonstration
from tuyendau.core.places.models import UnitLevel
from tuyendau.demo import timing
from tuyendau.demo.command import command
from tuyendau.lib import clock

MOMENT = datetime.fromisoformat("2021-05-28T07:00:00+07:00")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A demonstration's folder, which this process follows without delay."""
    before = clock._followed
    monkeypatch.setenv("TUYENDAU_VAR", str(tmp_path))
    monkeypatch.setattr(clock, "LOOK_SECONDS", 0.0)
    clock.follow(tmp_path / demonstration.CLOCK)
    yield tmp_path
    clock._followed = before


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["clock", *arguments])


def test_it_is_shown_and_set(folder: Path) -> None:
    timing.put(folder, MOMENT, 0)
    assert run().output == "28/05/2021 07:00, standing\n"
    assert run("--at", "2021-05-29T13:30", "--speed", "60").output == "29/05/2021 13:30, x60\n"
    assert clock.now() >= MOMENT + timedelta(hours=30, minutes=30)
    assert clock.local_day(clock.now()).isoformat() == "2021-05-29"
    assert run("--stand").output.endswith(", standing\n")
    stood = clock.now()
    assert clock.now() == stood
    assert run("--speed", "2").output.endswith(", x2\n")
    assert timedelta(0) <= clock.now() - stood < timedelta(minutes=2)


@pytest.mark.parametrize(
    "arguments", [["--at", "yesterday"], ["--speed", "-1"], ["--stand", "--speed", "5"], ["--speed", "nan"]]
)
def test_what_cannot_be_is_refused(folder: Path, arguments: list[str]) -> None:
    timing.put(folder, MOMENT, 0)
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    assert clock.now() == MOMENT


def test_no_other_database_gets_a_scenario(folder: Path) -> None:
    refused = run("--at", "2021-05-29T13:30")
    assert refused.exit_code == 1
    assert "no demonstration" in refused.output
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "speed", "shown"),
    [("vi", 60.0, "x60"), ("en", 60.0, "x60"), ("vi", 0.0, "đứng yên"), ("en", 0.0, "standing")],
)
def test_the_pages_say_at_which_moment_they_stand(
    folder: Path, client: Client, language: str, speed: float, shown: str
) -> None:
    province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")
    client.force_login(make_user("hoa", "epidemiologist", unit=province, language=language))
    word = {"vi": "Kịch bản", "en": "Scenario"}[language]
    assert word not in client.get("/cases/").content.decode()
    timing.put(folder, MOMENT, speed)
    page = client.get("/cases/").content.decode()
    assert f"{word}: <span" in page
    assert ">28/05/2021 07:00</span>" in page
    assert f", {shown}</span>" in page
