"""The commands that take files in: what they print, and how they end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tuyendau.config.cli import main
from tuyendau.core.places.models import Unit
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person
from tuyendau.records.visits.models import Visit, VisitSource


@pytest.fixture
def run(tmp_path: Path):
    def call(command: str, text: str | bytes, *options: str) -> Result:
        file = tmp_path / "file.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return CliRunner().invoke(main, [command, str(file), *options])

    return call


def test_a_good_file(run, units: dict[str, Unit]) -> None:
    result = run("import-people", "Mã NV;Họ tên;Mã xã\nA;Hà;07807\n", "--valid-on", "2021-06-01")
    assert (result.exit_code, result.output.split()[:6]) == (
        0,
        ["file.csv:", "rows", "taken", "in:", "1", "1"],
    )
    assert Person.objects.get().unit == units["07807"]


def test_a_bad_file_ends_with_2_and_names_rows(run, units: dict[str, Unit]) -> None:
    result = run("import-people", "code,unit\nA,99999\nB,07807\n", "--valid-on", "01/06/2021")
    assert result.exit_code == 2
    assert "problems: 1" in result.output
    assert "Row 2, column “unit”, “99999”" in result.output
    assert not Person.objects.exists()


def test_the_same_file_twice_ends_with_2(run, db: None) -> None:
    run("import-people", "code\nA\n")
    result = run("import-people", "code\nA\n")
    assert result.exit_code == 2
    assert "imported already" in result.output


def test_columns_are_mapped_and_left_out(run, db: None) -> None:
    text = "Worker,Shoe size,Hat\nA,42,7\n"
    assert run("import-people", text, "--map", "Worker=code", "--map", "Shoe size=").exit_code == 2
    assert run("import-people", text, "--map", "Worker=code", "--skip-columns").exit_code == 0
    wrong = run("import-people", text, "--map", "Worker=number")
    assert wrong.exit_code == 2
    assert "one of: code, full_name" in wrong.output


def test_visits_and_their_source(run, people: dict[str, Person]) -> None:
    text = "person,site,start,end\nCN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\n"
    assert run("import-visits", text, "--source", "bus").exit_code == 0
    assert Visit.objects.get().source == VisitSource.BUS


def test_cases_and_contacts(run, db: None) -> None:
    assert run("import-cases", "code,reported\nC1,08/05/2021\nC2,08/05/2021\n").exit_code == 0
    links = "from,to\nC1,C2\nC1,C3\n"
    assert run("import-contacts", links).exit_code == 2
    assert run("import-contacts", links, "--skip-unknown").exit_code == 0
    assert Case.objects.get(code="C1").contacts.count() == 1
    assert run("import-cases", "reported\n08/05/2021\n", "--source", "Bắc Giang").exit_code == 2


@pytest.mark.parametrize("kind", ["people", "visits", "cases", "contacts"])
def test_help_loads_nothing_heavy(kind: str) -> None:
    code = (
        f"import sys; import tuyendau.config.cli.import_{kind} as m; m.command(['--help'], standalone_mode=False); "
        "sys.exit(bool({'django', 'polars', 'numpy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Usage" in done.stdout
