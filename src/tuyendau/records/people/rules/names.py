"""Vietnamese names compared word by word: order, missing marks, slips of a letter. No Django."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from tuyendau.lib.text import fold

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
# One sound in two spellings, both in use: Lý and Lí, Mỹ and Mĩ.
_Y_AS_I = {"ly": "li", "my": "mi", "ky": "ki", "ty": "ti", "sy": "si", "hy": "hi", "vy": "vi", "quy": "qui"}


@dataclass(frozen=True, slots=True)
class NameWords:
    """A name as it is compared: `words` folded, one spelling a sound; `marks` the same words with their marks.

    `plain` are the words folded as they are spelt.
    """

    words: tuple[str, ...]
    plain: tuple[str, ...]
    marks: tuple[str, ...]
    marked: bool

    @classmethod
    def of(cls, full_name: str) -> NameWords:
        """The words of a name as it is written."""
        written = full_name.replace("-", " ").split()
        plain = tuple(fold(word) for word in written)
        words = tuple(_sound(word) for word in plain)
        marks = tuple(_marks(word) for word in written)
        return cls(words, plain, marks, any(not word.isascii() for word in written))


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How two names agree: words that are the same, those with a slip, initials, and what is left on each side.

    `reordered` where the same words stand in another order; `marks` counts same words of which both are written with
    marks, and other ones. `given_near` where the last word of either is among those with a slip or other marks.
    """

    same: tuple[str, ...]
    slips: tuple[str, ...]
    initials: tuple[str, ...]
    left: tuple[int, ...]
    left_other: tuple[int, ...]
    reordered: bool
    marks: int
    given_near: bool


def match(a: NameWords, b: NameWords) -> NameMatch:
    """Pair the words of two names: first the same ones, then those one slip apart, then initials."""
    if (len(b.words), b.words, b.marks) < (len(a.words), a.words, a.marks):
        # One order of the two, whichever is asked for: where words stand twice it would matter.
        found = match(b, a)
        return replace(found, left=found.left_other, left_other=found.left)
    if a.words != b.words and "".join(a.words) == "".join(b.words):
        # The blank alone differs: "thu huong", "thuhuong".
        return NameMatch(b.words if len(b.words) > len(a.words) else a.words, (), (), (), (), False, 0, False)
    left, rest = list(range(len(a.words))), list(range(len(b.words)))
    pairs = _equal(left, rest, a, b, (a.marks, b.marks)) if a.marked and b.marked else []
    pairs += _equal(left, rest, a, b, (a.words, b.words))
    slips = _paired(left, rest, a, b, _slip)
    initials = _paired(left, rest, a, b, _initial)
    order = [j for _, j in sorted(pairs)]
    marked = a.marked and b.marked
    others = [(i, j) for i, j in pairs if marked and a.marks[i] != b.marks[j]]
    last = len(a.words) - 1, len(b.words) - 1
    return NameMatch(
        tuple(a.words[i] for i, _ in pairs),
        _longer(slips, a, b), _longer(initials, a, b),
        tuple(left), tuple(rest),
        order != sorted(order), len(others),
        any(i == last[0] or j == last[1] for i, j in [*others, *slips]),
    )  # fmt: skip


def _equal(
    left: list[int], rest: list[int], a: NameWords, b: NameWords, by: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[tuple[int, int]]:
    """Take the pairs that are the same in `by` out of what is left of both; given names go with given names."""
    pairs = []
    for i in sorted(left, key=lambda i: i != len(a.words) - 1):
        same = [j for j in rest if by[0][i] == by[1][j]]
        if same:
            j = same[-1] if i == len(a.words) - 1 else same[0]
            left.remove(i)
            rest.remove(j)
            pairs.append((i, j))
    return pairs


def _paired(
    left: list[int], rest: list[int], a: NameWords, b: NameWords, alike: Callable[[str, str], bool]
) -> list[tuple[int, int]]:
    """Take pairs that are `alike` out of what is left of both."""
    pairs = []
    for i in list(left):
        j = next((j for j in rest if alike(a.plain[i], b.plain[j])), None)
        if j is not None:
            left.remove(i)
            rest.remove(j)
            pairs.append((i, j))
    return pairs


def _longer(pairs: list[tuple[int, int]], a: NameWords, b: NameWords) -> tuple[str, ...]:
    return tuple(max(a.words[i], b.words[j], key=len) for i, j in pairs)


def _slip(one: str, other: str) -> bool:
    """Whether two words are one slip of the keyboard apart: a letter too many, too few, another, or two swapped."""
    return min(len(one), len(other)) >= 2 and OSA.distance(one, other, score_cutoff=1) == 1


def _initial(one: str, other: str) -> bool:
    return one != other and one[:1] == other[:1] and min(len(one.strip(".")), len(other.strip("."))) == 1


def _sound(word: str) -> str:
    return _Y_AS_I.get(word, word)


def _marks(word: str) -> str:
    """A word with its marks so that Hoà and Hòa are one: the tone stands at the end, whatever letter carries it."""
    letters = unicodedata.normalize("NFD", word.lower())
    tone = "".join(sorted(c for c in letters if c in _TONES))
    base = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    return _sound(base) + tone


def key(folded: str) -> str:
    """The words of a folded name in alphabetical order: one key for every order."""
    return " ".join(sorted(folded.split()))


def words_of(names: list[str]) -> Counter[str]:
    """How many of the folded `names` have each word."""
    return Counter(word for name in names for word in set(name.split()))
