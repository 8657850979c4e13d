"""The commands of whoever runs the program: making users, publishing, and what they say when they cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from django.utils import translation
from psycopg.conninfo import make_conninfo

from tests.factories import PersonFactory, SiteFactory, UnitFactory, stay
from tuyendau.config.cli import publish, user
from tuyendau.core.accounts.models import User
from tuyendau.records.visits.models import Pending, Segment


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands take the terminal's language for their process, which here is that of all tests."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with translation.override(translation.get_language()):
        yield


def run(module: object, *arguments: str) -> Result:
    return CliRunner().invoke(module.command, list(arguments))  # type: ignore[attr-defined]


def add(username: str, *more: str) -> Result:
    return run(user, "add", username, "--name", "Nguyễn Thị Hà", "--password", "đồng lúa xanh 7", *more)


@pytest.mark.django_db
def test_a_user_gets_a_role_at_a_place() -> None:
    UnitFactory(code="24", level=1)
    result = add("ha", "--role", "epidemiologist", "--unit", "24")
    assert result.exit_code == 0, result.output
    ha = User.objects.get(username="ha")
    assert ha.check_password("đồng lúa xanh 7")
    assert [m.unit.code for m in ha.memberships.all() if m.unit] == ["24"]


@pytest.mark.django_db
def test_an_account_is_listed_closed_opened_and_changed() -> None:
    UnitFactory(code="24", level=1)
    SiteFactory(code="SK", kind="company")
    add("ha", "--role", "epidemiologist", "--unit", "24")
    assert run(user, "list").output == "ha\topen\tNguyễn Thị Hà\tepidemiologist 24\n"
    assert run(user, "disable", "ha").output == "ha: closed\n"
    assert run(user, "list").output.startswith("ha\tclosed\t")
    assert run(user, "enable", "ha").output == "ha: open\n"
    assert run(user, "password", "ha", "--password", "cầu ao tắm mát").output == "ha: new password\n"
    assert User.objects.get().check_password("cầu ao tắm mát")
    assert run(user, "role", "ha", "--role", "company_officer", "--site", "SK").exit_code == 0
    assert run(user, "list").output == "ha\topen\tNguyễn Thị Hà\tcompany_officer SK\n"
    assert run(user, "end-roles", "ha").output == "ha: company_officer ended\n"
    assert run(user, "list").output == "ha\topen\tNguyễn Thị Hà\t\n"
    refused = run(user, "disable", "nobody")
    assert refused.exit_code == 1
    assert "nobody" in refused.output


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--role", "epidemiologist", "--unit", "99"], "99"),
        (["--role", "company_officer", "--site", "SK"], "SK"),
        (["--role", "company_officer"], "site"),
        (["--role", "president"], "president"),
    ],
)
def test_a_user_without_a_place_is_refused(more: list[str], said: str) -> None:
    result = add("ha", *more)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("segments")
def test_days_are_published() -> None:
    person, site = PersonFactory(), SiteFactory()
    stay(person, site, datetime(2021, 5, 15, 1, tzinfo=UTC), datetime(2021, 5, 15, 9, tzinfo=UTC))
    stay(person, site, datetime(2021, 5, 16, 1, tzinfo=UTC), datetime(2021, 5, 16, 9, tzinfo=UTC))
    result = run(publish, "--day", "15/05/2021")
    assert result.output == "15/05/2021: 1 visits\n"
    assert Pending.objects.values_list("day__day", flat=True).get() == 16
    assert run(publish, "--all").output == "2 days published\n"
    assert Segment.objects.count() == 2
    assert run(publish).output == "Nothing is due.\n"
    assert run(publish, "--all", "--day", "2021-05-15").exit_code == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://127.0.0.1:1/nobody", "does not answer"),
        (make_conninfo(os.environ["DATABASE_URL"], dbname="postgres"), "Run `tuyendau migrate` first"),
    ],
    ids=["silent", "empty"],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(address: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tuyendau.config.cli", "publish"],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
