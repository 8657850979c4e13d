"""Columns and order as an address asks for them, as small tables."""

from __future__ import annotations

from typing import Any

import pytest

from tuyendau.access import Grant, Permission, Privacy, ScopeKind, Viewer
from tuyendau.core.lists.rules import Column, ListOf, asked_for, head, order_text


def column(name: str, **more: Any) -> Column:
    return Column(name, name.title(), lambda row: row[name], Privacy.PERSONAL, **more)


LIST = ListOf(
    "things", "things:list", "Things", Permission.CASE_VIEW,
    (
        column("name", fixed=True, shown=True, sort=("name",)), column("onset", shown=True, sort=("onset",)),
        column("sex", shown=True, sort=("sex",)), column("room", needs="places"),
        column("known", permission=Permission.CONTACT_VIEW, sort=("known",)), column("age", sort=("age",)),
    ),
)  # fmt: skip
NURSE = Viewer(1, (Grant("commune_officer", ScopeKind.UNIT, "/1/"),))
LABORATORY = Viewer(2, (Grant("laboratory", ScopeKind.SITE, "/2/"),))


@pytest.mark.parametrize(
    ("viewer", "names", "shown"),
    [
        (NURSE, [], ["name", "onset", "sex"]),
        (NURSE, ["sex", "onset"], ["name", "sex", "onset"]),
        (NURSE, ["sex", "nonsense", "sex"], ["name", "sex"]),
        (NURSE, ["name"], ["name", "onset", "sex"]),
        (NURSE, ["known"], ["name", "known"]),
        (LABORATORY, ["known"], ["name", "onset", "sex"]),
        (LABORATORY, ["known", "age"], ["name", "age"]),
    ],
)
def test_columns(viewer, names, shown):
    assert [each.name for each in asked_for(LIST, viewer, names, "").columns] == shown


@pytest.mark.parametrize(
    ("viewer", "order", "expected"),
    [
        (NURSE, "", ""),
        (NURSE, "-onset,name", "-onset,name"),
        (NURSE, "onset,-onset,,nonsense,room", "onset"),
        (NURSE, "name,onset,sex,age", "name,onset,sex"),
        (LABORATORY, "known,name", "name"),
    ],
)
def test_order(viewer, order, expected):
    assert order_text(asked_for(LIST, viewer, [], order).orders) == expected


@pytest.mark.parametrize(
    ("order", "pressed", "state", "then"),
    [
        ("", "onset", "", "onset"),
        ("onset", "onset", "up", "-onset"),
        ("-onset", "onset", "down", ""),
        ("-onset", "sex", "", "sex,-onset"),
        ("sex,-onset", "onset", "down", "onset,sex"),
        ("name,sex,age", "onset", "", "onset,name,sex"),
    ],
)
def test_pressing_a_heading(order, pressed, state, then):
    asked = asked_for(LIST, NURSE, [], order)
    column = next(each for each in asked.offered if each.name == pressed)
    assert head(column, asked.orders) == (state, then)


def test_what_must_be_fetched_is_what_is_shown():
    assert asked_for(LIST, NURSE, ["room"], "").needs == {"places"}
    assert asked_for(LIST, NURSE, [], "").needs == frozenset()
