"""How likely two records are of one person, with the reasons. No Django.

After Fellegi and Sunter (1969): every field that agrees or disagrees adds or takes bits of evidence. What is common
says little: Nguyễn weighs one bit, a rare given name seven. Some contradictions no sum can outweigh: of twins
everything agrees but the given name, and that may be Hùng and Hưng.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from tuyendau.lib import identity
from tuyendau.records.people.rules.names import NameMatch, NameWords, match

_FILE = Path(__file__).with_name("likeness.json")
_ADDRESS_ALIKE = 85


class Decision(StrEnum):
    """What follows from a score."""

    SAME = "same"
    OPEN = "open"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person, as it is compared.

    Ids are row ids; `numbers` are (kind, value) in their normal form.
    """

    full_name: str = ""
    sex: str = ""
    birth_year: int | None = None
    birth_date: date | None = None
    phone: str = ""
    numbers: frozenset[tuple[str, str]] = frozenset()
    unit: int | None = None
    address: str = ""
    homes: frozenset[int] = frozenset()
    companies: frozenset[int] = frozenset()
    words: NameWords = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", NameWords.of(self.full_name))


@dataclass(frozen=True, slots=True)
class Part:
    """What one field says: the `outcome` (a key of the weights), and the bits that it adds or takes."""

    field: str
    outcome: str
    bits: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sum of the parts, in bits, and what follows from it."""

    bits: float
    decision: Decision
    parts: tuple[Part, ...]


@cache
def data() -> dict[str, Any]:
    """Weights, thresholds and shares as the file has them."""
    loaded: dict[str, Any] = json.loads(_FILE.read_text())
    return loaded


def thresholds() -> tuple[float, float]:
    """From how many bits two records are the same, and from how many it is to be decided."""
    known = data()["thresholds"]
    return known["same"], known["open"]


def likeness(a: Traits, b: Traits, shares: Mapping[str, float] | None = None) -> Likeness:
    """Compare two records. `shares` is how many of all people have each word in their name, if the register told."""
    name, given = _name(a, b, shares or {})
    parts = [
        name,
        _sex(a, b),
        _birth(a, b),
        *_numbers(a, b),
        _phone(a, b, given is Given.OTHER),
        *_places(a, b),
    ]
    told = tuple(part for part in parts if part is not None)
    same, opened = thresholds()
    bits = min(sum(part.bits for part in told), _limit(told, given, same, opened))
    decision = Decision.SAME if bits >= same else Decision.OPEN if bits >= opened else Decision.DIFFERENT
    return Likeness(round(bits, 2), decision, told)


class Given(StrEnum):
    """How two given names stand to each other: the same, another name that is near, another one."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


def _limit(parts: tuple[Part, ...], given: Given, same: float, opened: float) -> float:
    """Beyond which no sum counts: what is contradicted is for people to decide, and twins are two."""
    outcomes = {part.outcome for part in parts}
    if "number_same" in outcomes:
        return same - 0.5 if given is Given.OTHER or outcomes & _DOUBTS else _NO_LIMIT
    if given is Given.OTHER:
        return opened - 0.5
    if given is Given.NEAR or outcomes & _CONTRADICTIONS:
        return same - 0.5
    # A name without any birth, number or telephone is nobody's alone.
    return _NO_LIMIT if outcomes & _GROUNDS else same - 0.5


_NO_LIMIT = 99.0
_DOUBTS = {"name_family_differs", "birth_differs", "sex_differs"}
_CONTRADICTIONS = {
    *_DOUBTS, "name_middle_differs", "birth_year_same_day_differs", "cccd_differs", "bhyt_differs",
    "cccd_tells_another_year",
}  # fmt: skip
_GROUNDS = {"birth_same", "phone_same", "number_slip"}


def _weight(outcome: str) -> float:
    bits: float = data()["weights"][outcome]
    return bits


def _part(name: str, outcome: str) -> Part:
    return Part(name, outcome, _weight(outcome))


def _name(a: Traits, b: Traits, shares: Mapping[str, float]) -> tuple[Part | None, Given]:
    """What the names say, and how the given names stand to each other."""
    if not a.words.words or not b.words.words:
        return None, Given.SAME
    found = match(a.words, b.words)
    agreed = sum(_rarity(word, shares) for word in found.same)
    agreed += sum(_rarity(w, shares) * _weight("name_typo_share") + _weight("name_typo") for w in found.slips)
    agreed += sum(_rarity(w, shares) * _weight("name_initial_share") for w in found.initials)
    lost, outcome, given_differs = _left(found, len(a.words.words), len(b.words.words))
    marks = max(-5.0, found.marks * _weight("name_marks_differ"))
    order = _weight("name_order") if found.reordered else 0.0
    if not lost:
        outcome = (
            "name_slip" if found.slips or found.initials
            else "name_order" if found.reordered else "name_marks_differ" if marks else "name_same"
        )  # fmt: skip
    bits = min(agreed, _weight("name_most")) + lost + marks + order
    given = Given.OTHER if given_differs else Given.NEAR if found.given_near else Given.SAME
    return Part("name", outcome, round(bits, 2)), given


def _rarity(word: str, shares: Mapping[str, float]) -> float:
    known = data()["shares"]
    share = shares.get(word) or known.get(word) or known["rare"]
    return min(10.0, -log2(share))


def _left(found: NameMatch, size: int, other: int) -> tuple[float, str, bool]:
    """What words without a partner take away, the gravest of them, and whether the given names are two others."""
    bits, gravest, outcome, given_differs = 0.0, 0.0, "name_same", False
    ends = {_place(i, size) for i in found.left}, {_place(j, other) for j in found.left_other}
    for place in ("given", "family", "middle"):
        sides = sum(place in side for side in ends)
        if not sides:
            continue
        kind = "differs" if found.left and found.left_other else "missing"
        if place == "given" and kind == "differs":
            given_differs = True
        each = f"name_{place}_{kind}"
        bits += _weight(each)
        if _weight(each) < gravest:
            gravest, outcome = _weight(each), each
    return bits, outcome, given_differs


def _place(index: int, size: int) -> str:
    return "given" if index == size - 1 else "family" if index == 0 else "middle"


def _sex(a: Traits, b: Traits) -> Part | None:
    if not a.sex or not b.sex:
        return None
    return _part("sex", "sex_same" if a.sex == b.sex else "sex_differs")


def _birth(a: Traits, b: Traits) -> Part | None:
    if a.birth_date and b.birth_date:
        return _part("birth", _days(a.birth_date, b.birth_date))
    one, other = _year(a), _year(b)
    if one is None or other is None:
        return None
    gap = abs(one - other)
    return _part(
        "birth", "birth_year_same" if not gap else "birth_year_near" if gap == 1 else "birth_differs"
    )


def _year(of: Traits) -> int | None:
    return of.birth_date.year if of.birth_date else of.birth_year


def _days(one: date, other: date) -> str:
    """Two days of birth: the same, day and month swapped, one slip apart, or of one year only."""
    if one == other:
        return "birth_same"
    if (one.year, one.day, one.month) == (other.year, other.month, other.day):
        return "birth_swapped"
    # The first of January stands in registers for a day that nobody knew.
    if one.year == other.year and (1, 1) in {(one.day, one.month), (other.day, other.month)}:
        return "birth_year_same"
    if OSA.distance(f"{one:%d%m%Y}", f"{other:%d%m%Y}", score_cutoff=1) == 1:
        return "birth_slip"
    return "birth_year_same_day_differs" if one.year == other.year else "birth_differs"


def _numbers(a: Traits, b: Traits) -> list[Part]:
    """What identity numbers say. A CMND and a CCCD say nothing of each other but for the year in the CCCD."""
    parts = []
    if a.numbers & b.numbers:
        parts.append(_part("number", "number_same"))
    else:
        for kind in identity.Kind:
            one, other = ({value for k, value in of.numbers if k == kind} for of in (a, b))
            if one and other:
                slip = any(OSA.distance(x, y, score_cutoff=1) == 1 for x in one for y in other)
                parts.append(Part(kind, "number_slip" if slip else f"{kind}_differs",
                                  _weight("number_slip" if slip else f"{kind}_differs")))  # fmt: skip
    if not any(part.outcome in ("number_same", "number_slip", "cccd_differs") for part in parts):
        for of, to in ((a, b), (b, a)):
            year = _year(to)
            years = {identity.told(value).year for kind, value in of.numbers if kind == identity.Kind.CCCD}
            if (
                year is not None
                and years
                and all(abs(year - each) > 1 for each in years)
                and _year(of) is None
            ):
                parts.append(_part("number", "cccd_tells_another_year"))
    return parts


def _phone(a: Traits, b: Traits, given_differs: bool) -> Part | None:
    if not a.phone or not b.phone:
        return None
    if a.phone != b.phone:
        return _part("phone", "phone_differs")
    return _part("phone", "phone_same_of_a_household" if given_differs else "phone_same")


def _places(a: Traits, b: Traits) -> list[Part]:
    parts = []
    if a.unit is not None and b.unit is not None:
        parts.append(_part("commune", "commune_same" if a.unit == b.unit else "commune_differs"))
    if a.homes & b.homes:
        parts.append(_part("home", "home_same"))
    if a.companies & b.companies:
        parts.append(_part("company", "company_same"))
    if a.address and b.address and a.unit == b.unit and _alike(a.address, b.address):
        parts.append(_part("address", "address_same"))
    return parts


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one.lower(), other.lower()) >= _ADDRESS_ALIKE


def fuller(one: Traits, other: Traits) -> bool:
    """Whether more is known of `one` than of `other`, so that it is the one to keep."""
    return _known(one) > _known(other)


def _known(of: Traits) -> tuple[int, int, int]:
    fields = (of.full_name, of.sex, of.birth_year, of.birth_date, of.phone, of.unit, of.address)
    return sum(bool(value) for value in fields), len(of.numbers), len(of.homes) + len(of.companies)
