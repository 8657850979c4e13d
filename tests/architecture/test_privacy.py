"""Every field of every model has one privacy class: exports, logs and views stand on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.files import SOURCE, name, own_files
from tuyendau.access import Privacy, classified
from tuyendau.records.cases.queries.columns import line_columns
from tuyendau.records.contacts.views import columns as contact_columns

OURS = [model for model in apps.get_models() if model.__module__.startswith("tuyendau.")]


def fields_of(model: type[models.Model]) -> set[str]:
    """The names of the fields that a model has columns or links for, those that it inherits among them."""
    own = [f for f in model._meta.get_fields(include_hidden=False) if not f.auto_created or f.concrete]
    return {f.name for f in own if f.concrete or f.many_to_many}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_a_class(model: type[models.Model]) -> None:
    classes = getattr(model, "privacy", {})
    # A key of several fields is none of its own.
    assert set(classes) - {"pk"} == fields_of(model)


def test_a_field_without_a_class_and_one_with_two_are_noticed() -> None:
    classes = classified(public="id", personal="name", sensitive="status")
    assert classes == {"id": Privacy.PUBLIC, "name": Privacy.PERSONAL, "status": Privacy.SENSITIVE}
    with pytest.raises(ValueError, match="two privacy classes"):
        classified(public="id", personal="id")
    person = apps.get_model("people", "Person")
    assert "full_name" in fields_of(person)
    assert {"password", "groups", "user_permissions", "last_login"} <= fields_of(
        apps.get_model("accounts", "User")
    )


def test_who_somebody_is_and_what_they_have_is_never_public() -> None:
    """A second opinion on fields whose names say what they hold."""
    telling = {"full_name", "phone", "address", "value", "note", "person", "onset_on", "status", "password"}
    public = {
        f"{model._meta.label}.{name}"
        for model in OURS
        for name, each in getattr(model, "privacy", {}).items()
        if name in telling and each is Privacy.PUBLIC
    }
    assert not public


@pytest.mark.parametrize("columns", [contact_columns, lambda: line_columns().columns])
def test_every_column_of_a_file_with_names_has_a_class(columns) -> None:
    classes = {column.privacy for column in columns()}
    assert {Privacy.PERSONAL, Privacy.SENSITIVE} <= classes <= set(Privacy)


TELLING_ATTRIBUTES = {
    "full_name",
    "folded",
    "phone",
    "address",
    "birth_date",
    "birth_year",
    "note",
    "value",
    "username",
}
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def told_to_logs(text: str) -> Iterator[str]:
    """What calls of a logger say that a person's fields hold, as `log.info("%s", person.phone)`."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in LOG_CALLS and "log" in ast.unparse(node.func.value).lower():
            for argument in node.args:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Attribute) and part.attr in TELLING_ATTRIBUTES:
                        yield ast.unparse(part)


def test_logs_are_told_no_persons_fields() -> None:
    told = {
        f"{name(p)}: {found}"
        for p in own_files(".py", folder=SOURCE)
        for found in told_to_logs(p.read_text())
    }
    assert not told


def test_a_name_in_a_log_is_noticed() -> None:
    assert list(told_to_logs("log.info('%s', person.phone)\nlogger.error(f'{case.person.full_name}')")) == [
        "person.phone",
        "case.person.full_name",
    ]
