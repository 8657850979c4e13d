from __future__ import annotations

import re
from pathlib import Path

from tuyendau.core.places import rules
from tuyendau.core.places.actions import tables
from tuyendau.core.places.models import SiteKind

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "places.md").read_text(encoding="utf-8")


def test_every_header_that_is_understood_is_documented() -> None:
    for column, aliases in tables.ALIASES.items():
        assert f"`{column}`" in DOCS
        named = [alias for alias in aliases if alias.replace(" ", "_") != column]
        assert any(re.search(rf"\b{alias}\b", DOCS) for alias in named), column


def test_the_documented_stays_are_those_assumed() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|[^|]+\| ([\d, ]+) min \|$", DOCS, re.MULTILINE)
    told = {}
    for kinds, minutes in rows:
        names, values = re.findall(r"`(\w+)`", kinds), [int(m) for m in minutes.split(",")]
        told |= dict(zip(names, values if len(values) > 1 else values * len(names), strict=True))
    assert told == {kind: rules.DEFAULTS[kind].dwell_minutes for kind in SiteKind.values}
