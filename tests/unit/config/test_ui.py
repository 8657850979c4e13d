"""The tags that every page shares, the menu, and what templates name."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from tuyendau.access import ROLES, Grant, ScopeKind, Viewer
from tuyendau.config.navigation import ENTRIES, ROLE_NAMES, entries_for
from tuyendau.config.templatetags import ui
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.contacts.models import Grade

ICONS = json.loads((settings.ROOT / "frontend" / "icons.json").read_text())
TEMPLATES = [
    path for path in settings.PACKAGE.rglob("*.html") if settings.PACKAGE / "static" not in path.parents
]


def test_every_icon_that_a_template_or_the_menu_names_is_built() -> None:
    named = {entry.icon for entry in ENTRIES}
    for template in TEMPLATES:
        text = template.read_text()
        named |= set(re.findall(r'{%\s*icon "([^"]+)"', text))
        named |= set(re.findall(r'include "partials/empty.html" [^%]*icon="([^"]+)"', text))
    assert named <= set(ICONS)
    assert len(named) > 10


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles(template: Path) -> None:
    Template(template.read_text())


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 phút"), (75, "1 giờ 15 phút"), (24 * 60, "1 ngày 0 giờ"), (31 * 60 + 59, "1 ngày 7 giờ")],
)
def test_how_long_something_waits(minutes: int, said: str) -> None:
    now = datetime(2021, 5, 28, tzinfo=UTC)
    with translation.override("vi"):
        assert ui.waited(now - timedelta(minutes=minutes), now) == said


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url)
def test_every_entry_of_the_menu_leads_somewhere(entry: object) -> None:
    assert reverse(entry.url).startswith("/")  # type: ignore[attr-defined]


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(ROLES)


def test_the_menu_has_what_the_role_may_open() -> None:
    def urls(role: str, kind: ScopeKind) -> list[str]:
        return [entry.url for entry in entries_for(Viewer(1, (Grant(role, kind, "/1/"),)))]

    assert {"cases:list", "people:list", "numbers:start"} <= set(urls("epidemiologist", ScopeKind.UNIT))
    assert urls("auditor", ScopeKind.UNIT) == ["home", "numbers:start", "audit:events"]
    assert not {"retention:overview", "audit:events"} & set(urls("epidemiologist", ScopeKind.UNIT))
    assert "exchange:imports" not in urls("commune_officer", ScopeKind.UNIT)
    assert "map:page" not in urls("company_officer", ScopeKind.SITE)
    assert entries_for(Viewer(1)) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0, "0 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 00 min"),
        (7500.9, "2 h 05 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    with translation.override("en"):
        assert ui.duration(seconds) == text


def test_a_badge_has_its_word_with_its_colour() -> None:
    with translation.override("en"):
        for status in CaseStatus:
            assert f">{status.label}</span>" in ui.status_badge(status.value)
        for grade in Grade:
            assert f">{grade.label}</span>" in ui.grade_badge(grade.value)
        assert 'data-level="red"' in ui.status_badge("confirmed")
        assert 'data-level="red"' in ui.grade_badge(Grade.CLOSE)


def test_an_icon_is_drawn_in_the_page_and_an_unknown_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert "<path" in ui.icon("map", "text-danger")
    assert 'class="icon text-danger"' in ui.icon("map", "text-danger")
    assert ui.icon("no such icon") == ""
    assert "no such icon" in caplog.text


def test_a_telephone_number_is_shown_as_people_write_it() -> None:
    shown = Template("{% load ui %}{{ number|phone }}").render(Context({"number": "+84912345678"}))
    assert shown == "0912 345 678"


def test_the_lock_file_names_no_host() -> None:
    lock = json.loads((settings.ROOT / "frontend" / "package-lock.json").read_text())
    assert len(lock["packages"]) > 20
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
