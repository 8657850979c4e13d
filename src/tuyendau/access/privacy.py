"""How private a field is. Every field of every model has one class; exports, logs and views obey it."""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """Classes after Vietnam's law on personal data (Decree 13/2023/NĐ-CP, Article 2).

    PUBLIC tells nothing of a person; PERSONAL tells who somebody is; SENSITIVE tells of their health or where they
    were.
    """

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


def classified(*, public: str = "", personal: str = "", sensitive: str = "") -> dict[str, Privacy]:
    """The class of each field of a model, from names parted by blanks.

    A model says it as `privacy = classified(public="id public_id", personal="full_name phone")`; the tests refuse a
    model with a field that is missing or named twice.
    """
    classes: dict[str, Privacy] = {}
    for names, each in (
        (public, Privacy.PUBLIC),
        (personal, Privacy.PERSONAL),
        (sensitive, Privacy.SENSITIVE),
    ):
        for name in names.split():
            if name in classes:
                raise ValueError(f"the field {name} has two privacy classes")
            classes[name] = each
    return classes
