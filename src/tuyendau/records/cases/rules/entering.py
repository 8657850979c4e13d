"""Reading what is typed into the fields of a new case: words in place of choices. No Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tuyendau.lib.text import fold


@dataclass(frozen=True, slots=True)
class Meant:
    """The codes that words stand for, the words that could be several, and those that are none."""

    codes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = field(default=())
    unknown: tuple[str, ...] = field(default=())


def meant_by(written: str, names: Mapping[str, Iterable[str]]) -> Meant:
    """What a list of words parted by commas means among things with `names` by code, with or without marks.

    A name written whole is meant before one that only has the words somewhere: "ho" is a cough and not "khó thở".
    """
    folded = {code: [fold(name) for name in held] for code, held in names.items()}
    codes: list[str] = []
    unclear: list[str] = []
    unknown: list[str] = []
    for part in re.split(r"[,;]", written):
        words = fold(part)
        if not words:
            continue
        whole = [code for code, held in folded.items() if words in held]
        begun = re.compile(rf"(?:^|\W){re.escape(words)}")
        found = whole or [code for code, held in folded.items() if any(begun.search(name) for name in held)]
        if len(found) == 1:
            codes += found
        else:
            (unclear if found else unknown).append(part.strip())
    return Meant(tuple(dict.fromkeys(codes)), tuple(unclear), tuple(unknown))
