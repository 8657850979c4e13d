"""The worker's nightly check with its anchors, and the command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction
from django.utils import translation

from tests.integration.audit.test_verify import event, owner
from tuyendau.config.cli import audit
from tuyendau.core.audit import actions
from tuyendau.core.audit.models import Check
from tuyendau.core.audit.queries import head

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2021, 5, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with translation.override(translation.get_language()):
        yield


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            actions.record("one", by=None, at=NOW, subject=f"case_{number}")


def cut_off(seq: int) -> None:
    """Remove the end of the chain from number `seq` on, events and links."""
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id >= {event(seq)}")
        execute(f"DELETE FROM audit_link WHERE seq >= {seq}")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(audit.command, list(arguments))


def test_each_night_verifies_what_came_and_notes_an_anchor(tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    write(3)
    assert (check := actions.check_chain(anchors, at=NOW)).breaks == []
    assert (check.first, check.last) == (1, 3)
    write(2)
    check = actions.check_chain(anchors, at=NOW)
    assert (check.first, check.last) == (4, 5)
    assert actions.check_chain(anchors, at=NOW, whole=True).first == 1
    lines = [line.split() for line in anchors.read_text().splitlines()]
    assert [line[1] for line in lines] == ["3", "5"]
    assert (int(lines[-1][1]), bytes.fromhex(lines[-1][2])) == head()


def test_a_tail_cut_off_is_told_and_gets_no_anchor(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    anchors = tmp_path / "anchors"
    write(5)
    actions.check_chain(anchors, at=NOW)
    cut_off(4)
    write(4)
    check = actions.check_chain(anchors, at=NOW)
    assert [(found["fault"], found["seq"]) for found in check.breaks] == [("cut", 5)]
    assert check.first == 1
    assert Check.objects.get(pk=check.pk).breaks == check.breaks
    assert len(anchors.read_text().splitlines()) == 1
    assert "broken at 1 places" in caplog.text


def test_the_command_prints_the_head_and_ends_well() -> None:
    write(2)
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert result.output == f"2 events, head 2:{head()[1].hex()}\n"


def test_the_command_names_what_is_wrong_and_fails() -> None:
    write(5)
    changed = event(2)
    with owner() as execute:
        execute(f"UPDATE audit_event SET kind = 'two' WHERE id = {changed}")
    result = run("verify")
    assert result.exit_code == 1
    assert f"Event {changed}, number 2 in the chain, was changed." in result.output


def test_an_anchor_noted_elsewhere_finds_a_tail_cut_off() -> None:
    write(5)
    seq, digest = head()
    anchor = f"{seq}:{digest.hex()}"
    assert run("verify", "--anchor", anchor).exit_code == 0
    cut_off(4)
    assert run("verify").exit_code == 0
    result = run("verify", "--anchor", anchor)
    assert result.exit_code == 1
    assert "no longer has what was noted at number 5" in result.output


@pytest.mark.parametrize("text", ["5", "x:00", "5:zz", "5:00"])
def test_an_anchor_that_cannot_be_one_is_refused(text: str) -> None:
    result = run("verify", "--anchor", text)
    assert result.exit_code == 2
    assert "write the number" in result.output


def test_nothing_of_the_tests_own_is_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_turn")
        assert cursor.fetchone() == (0,)
