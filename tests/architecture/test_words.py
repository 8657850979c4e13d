"""What must not stand in any file, and what must stand beside every dependency."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.architecture.files import ROOT, name, own_files

# Joined here from halves, so that this file does not hold what it looks for.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com"]
UNFINISHED = [rf"\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"))]
ELSEWHERE = [
    rf"\b{a}{b}\b"
    for a, b in (
        ("Cla", "ude"), ("Anth", "ropic"), ("Chat", "GPT"), ("Co", "pilot"), ("Open", "AI"), ("LL", "Ms?"),
        ("lang", "uage model"), ("AI", "-generated"), ("assis", "tants?"), ("sub", "agents?"), ("pair", " programm"),
    )
]  # fmt: skip
PLACES = ["/wo" + "rk/", "/ro" + "ot/", r"DESIGN" + r"\.md", "COMM" + r"ON\.md"]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *UNFINISHED, *ELSEWHERE, *PLACES]))


def test_no_file_holds_a_forbidden_word() -> None:
    found = [
        f"{name(path)}:{number}: {match[0]}"
        for path in own_files()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (match := FORBIDDEN.search(line))
    ]
    assert not found


@pytest.mark.parametrize(
    "text", ["# TO" + "DO: later", "see https://py" + "pi.org/simple", "an assis" + "tant wrote"]
)
def test_a_forbidden_word_is_noticed(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_locks_pin_every_file_by_its_hash_and_name_no_source() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "://" not in text
        pinned = re.findall(r"^([A-Za-z0-9_.-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
        named = re.findall(r"^[A-Za-z0-9][^\s#]*", text, re.MULTILINE)
        assert len(pinned) == len(named) > 0, lock.name


def test_the_front_end_lock_names_no_source() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert not [key for key, package in packages.items() if "resolved" in package]
    assert not [
        key
        for key, package in packages.items()
        if key and not package.get("link") and "integrity" not in package
    ]


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    wanted = [
        *project["project"]["dependencies"],
        *(d for group in project["dependency-groups"].values() for d in group),
    ]
    for dependency in wanted:
        assert re.search(rf'^    "{re.escape(dependency)}", +# \w.{{4,}}$', text, re.MULTILINE), dependency
