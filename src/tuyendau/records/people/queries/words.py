"""Conditions by what was written into the search box of a list."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from tuyendau.lib.text import clean, fold


def by_words(
    written: str,
    *,
    person: str = "person__",
    codes: tuple[str, ...] = (),
    also: Callable[[str], Q] | None = None,
) -> Q:
    """Rows of which every word written begins a word of the person's name, or is the beginning of a code.

    `person` is the path to the person; their code and the fields `codes` count as codes. `also` gives, for a word,
    what else it may be. A word of letters alone is no code: made-up codes begin with words that are names as well.
    """
    condition = Q()
    for word in clean(written).split():
        folded = fold(word)
        named = Q(**{f"{person}folded__startswith": folded}) | Q(
            **{f"{person}folded__contains": f" {folded}"}
        )
        if not word.isalpha():
            for field in (f"{person}code", *codes):
                named |= Q(**{f"{field}__istartswith": word})
        condition &= named | also(word) if also else named
    return condition
