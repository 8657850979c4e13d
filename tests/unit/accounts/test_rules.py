"""What is decided about accounts without a database, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from tuyendau.access import ROLES
from tuyendau.core.accounts.rules import factors, giving, keys, passwords, sessions

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("begun", "seen", "now", "left"),
    [
        (0, 0, 0, 3600),
        (0, 0, 3600, 0),
        (0, 3000, 3600, 3000),
        (0, 43_100, 43_200, 0),
        (0, 43_100, 43_190, 10),
        (0, 0, 50_000, -46_400),
    ],
)
def test_a_session_ends_idle_or_old(begun: float, seen: float, now: float, left: float) -> None:
    assert sessions.left(begun, seen, now) == left


@pytest.mark.parametrize(
    ("mode", "idle", "is_act"),
    [
        ("navigate", "", True),
        ("", "", True),
        ("cors", "", False),
        ("same-origin", "", False),
        ("cors", "0", True),
        ("cors", "59", True),
        ("cors", "60", False),
        ("navigate", "999", False),
        ("cors", "soon", False),
    ],
)
def test_only_what_somebody_did_keeps_a_session(mode: str, idle: str, is_act: bool) -> None:
    assert sessions.is_act(mode, idle) is is_act


GUARDED = {"province_administrator", "epidemiologist", "district_officer", "auditor"}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_guarded_roles_ask_for_a_second_factor_and_two_administrators(role: str) -> None:
    assert factors.is_needed([role]) is (role in GUARDED)
    assert giving.needs_two(role) is (role in GUARDED)


def test_one_guarded_role_among_others_is_enough() -> None:
    assert factors.is_needed(["clinician", "auditor"])
    assert not factors.is_needed([])
    assert not factors.is_needed(["of another version"])


@pytest.mark.parametrize(
    ("since", "grace", "on", "due"),
    [
        (DAY, 0, DAY, True),
        (DAY, 7, date(2026, 3, 7), False),
        (DAY, 7, date(2026, 3, 8), True),
        (DAY, None, date(2030, 1, 1), False),
        (None, 0, DAY, False),
    ],
)
def test_the_second_factor_is_due_after_the_grace(
    since: date | None, grace: int | None, on: date, due: bool
) -> None:
    assert factors.is_due(since, grace=grace, on=on) is due


@pytest.mark.parametrize(("by", "whose", "may"), [(1, 2, True), (1, 1, False), (None, 1, True)])
def test_nobody_touches_their_own_account(by: int | None, whose: int, may: bool) -> None:
    assert giving.may_touch(by=by, whose=whose) is may


@pytest.mark.parametrize(
    ("by", "given_by", "whose", "may"),
    [(3, 1, 2, True), (1, 1, 2, False), (2, 1, 2, False), (None, 1, 2, True), (3, None, 2, True)],
)
def test_a_second_pair_of_eyes_is_a_third_person(
    by: int | None, given_by: int | None, whose: int, may: bool
) -> None:
    assert giving.may_approve(by=by, given_by=given_by, whose=whose) is may


def test_a_role_ends_after_it_begins() -> None:
    assert giving.is_period(DAY, None)
    assert giving.is_period(DAY, date(2026, 3, 2))
    assert not giving.is_period(DAY, DAY)


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123", "Matkhau@2021", "123456aA@", "Mật khẩu 2021!", "BacGiang@2021", "anhyeuem123", "Admin@12345",
        "p@ssw0rd123456", "yte@123456", "quantri2024", "1234567890a", "Covid19@2021", "qwerty123456", "888888abc",
        "11/05/1990",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_common(password: str) -> None:
    assert passwords.is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "ruộng lúa chín vàng",
        "song-hong-mua-lu",
        "con trâu đi trước",
        "lua-sen-vai-gio-123",
        "một mật khẩu khác hẳn",
    ],
)
def test_words_that_mean_something_are_not(password: str) -> None:
    assert not passwords.is_common(password)


def test_one_time_passwords_can_be_read_out_and_differ() -> None:
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    for each in made:
        assert [len(part) for part in each.split("-")] == [4, 4, 4]
        assert not passwords.is_common(each)


def test_a_key_is_read_as_it_is_written() -> None:
    key = keys.new()
    assert keys.read(f"Bearer {key}") == key
    assert keys.read(f"bearer  {key}") == key
    assert key.is_of(key.digest)
    assert not keys.new().is_of(key.digest)
    for wrong in ("", "Bearer", f"Basic {key}", str(key), f"Bearer {key}0", f"Bearer {key} {key}"):
        assert keys.read(wrong) is None
