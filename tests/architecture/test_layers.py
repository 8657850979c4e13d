"""Every import contract holds, and each is seen to break when it is broken in a copy of the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, SOURCE

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIG["contracts"]}

# For each contract: a module, and a line added to it that the contract forbids.
VIOLATIONS = {
    "wings": ("core/places/models.py", "from tuyendau.records.people import models"),
    "insight": ("insight/exchange/models.py", "from tuyendau.insight.map import urls"),
    # The only room so far: what breaks it is one that nobody gave a place.
    "response": ("response/nowhere/__init__.py", "from tuyendau.response.care import rules"),
    "records": ("records/visits/models.py", "from tuyendau.records.contacts import models as contacts"),
    "core": ("core/audit/models.py", "from tuyendau.core.places import models as places"),
    "science": ("science/epi/windows.py", "from tuyendau.science import tracing"),
    "pure-wings": ("lib/clock.py", "import django.utils.timezone"),
    "pure-rules": ("records/cases/rules/cases.py", "from django.conf import settings"),
    "events": ("records/cases/actions/cases.py", "from tuyendau.core.audit.models import Event"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run lint-imports on the program under `root`/src."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program and of its contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        SOURCE,
        tmp_path / "src" / "tuyendau",
        ignore=lambda folder, names: [
            n for n in names if not (Path(folder, n).is_dir() or n.endswith(".py"))
        ],
    )
    return tmp_path


def test_every_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in result.stdout


def test_every_contract_has_its_violation() -> None:
    assert VIOLATIONS.keys() == CONTRACTS.keys()


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violation_is_noticed(contract: str, copy: Path) -> None:
    module, line = VIOLATIONS[contract]
    path = copy / "src" / "tuyendau" / module
    path.parent.mkdir(exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(f"{before}\n{line}\n")
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{CONTRACTS[contract]['name']} BROKEN" in result.stdout


def test_a_new_room_must_be_given_its_place(copy: Path) -> None:
    for wing in ("", "insight", "records", "core", "science"):
        room = copy / "src" / "tuyendau" / wing / "attic"
        room.mkdir()
        (room / "__init__.py").touch()
    result = lint(copy)
    assert result.returncode == 1
    assert f"{len(CONTRACTS) - 5} kept, 5 broken" in result.stdout + result.stderr


def test_no_contract_makes_exceptions() -> None:
    for contract in CONTRACTS.values():
        assert not {key for key in contract if key.startswith(("ignore", "exhaustive_ignores", "unmatched"))}
        assert contract["type"] != "layers" or contract["exhaustive"]
