"""Words of the bundled data in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language

from tuyendau.science.epi.diseases import Named


def in_language(words: Mapping[str, str]) -> str:
    """A text held in `vi` and `en`, in the language of the page."""
    return words["en" if (get_language() or "vi").startswith("en") else "vi"]


def choices_of(named: Iterable[Named], empty: str | None = "–") -> list[tuple[str, str]]:
    """Choices of a select, behind an empty one unless `empty` is None."""
    first = [("", empty)] if empty is not None else []
    return first + [(each.code, in_language(each.name)) for each in named]
