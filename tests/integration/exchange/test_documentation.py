"""The page of documentation about files says what the program does: every column, and examples that come in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.exchange.conftest import Take
from tuyendau.core.places.models import Site, Unit
from tuyendau.insight.exchange.forms.specs import SPECS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r'```csv title="(\w+)\.csv"\n(.*?)```', PAGE, re.DOTALL))


@pytest.mark.parametrize("kind", SPECS)
def test_every_column_is_documented(kind: str) -> None:
    assert not [field.name for field in SPECS[kind].fields if f"`{field.name}`" not in PAGE]


def test_the_examples_come_in_one_after_the_other(
    take: Take, sites: dict[str, Site], units: dict[str, Unit]
) -> None:
    for code in ("LINE-3", "ROOM-12"):
        Site.objects.create(code=code, kind="line", setting=3, name=code, path=f"/{code}/")
    assert take("people", EXAMPLES["people"]).counts == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "assigned": 3,
    }
    assert take("visits", EXAMPLES["visits"]).counts == {"new": 2, "known": 0, "assumed": 1}
    assert take("encounters", EXAMPLES["encounters"]).counts == {"new": 1, "known": 0}
    assert take("cases", EXAMPLES["cases"]).counts["new"] == 2
    assert take("cases", EXAMPLES["counts"]).counts["new"] == 13
    assert take("contacts", EXAMPLES["contacts"]).counts == {"new": 2, "known": 0, "left_out": 0}


def test_every_option_is_one_of_a_command() -> None:
    from tuyendau.config.cli import (
        import_cases,
        import_contacts,
        import_encounters,
        import_people,
        import_visits,
    )

    modules = (import_cases, import_contacts, import_encounters, import_people, import_visits)
    known = {option for module in modules for param in module.command.params for option in param.opts}
    used = {option for line in re.findall(r"tuyendau import-(?:people|visits|cases|contacts) (.*)", PAGE)
            for option in re.findall(r"--[a-z-]+", line)}  # fmt: skip
    assert used
    assert used <= known
