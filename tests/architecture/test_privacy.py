"""Every field of every model has one privacy class: exports, logs and views stand on it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tuyendau.access import Privacy, classified

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
