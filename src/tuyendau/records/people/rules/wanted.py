"""What somebody means who writes into the search box. No Django."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tuyendau.lib import identity, phones, text

FIRST_YEAR = 1900
_WORD = re.compile(r"[^\W\d_]+")
_DAY = re.compile(r"\b(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\b|\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for: `words` that each begin a word of the name, folded; a day or a year of birth; a `number`.

    `code` is the text as a code may begin with it, where it has a digit; `number` the digits and capitals of an
    identity number, `phones` the beginnings of telephone numbers in the form of `lib.phones` or as written. `nobody`
    where a text was written that means nothing.
    """

    words: tuple[str, ...] = ()
    day: date | None = None
    year: int | None = None
    code: str = ""
    number: str = ""
    phones: tuple[str, ...] = ()
    nobody: bool = False

    @property
    def everybody(self) -> bool:
        """Whether nothing narrows."""
        return self == Wanted()

    @property
    def numbered(self) -> bool:
        """Whether a code, an identity number or a telephone number was written."""
        return bool(self.code)


def wanted(written: str) -> Wanted:
    """What `written` means.

    "thi hoa" are words; "nguyen van a 1990" words and a year; "ha 12/05/1990" a word and a day; "0912 345",
    "024194012345", "CN-0017" numbers, also beside words, which then must fit the name.
    """
    written = text.clean(written)
    if not written:
        return Wanted()
    rest, day = _without_day(written)
    year = None
    names, numbers = [], []
    for token in rest.split():
        digits = any(c.isdigit() for c in token)
        if digits and _YEAR.fullmatch(token) and day is None and year is None and len(rest.split()) > 1:
            year = int(token)
        elif digits:
            numbers.append(token)
        else:
            names += [word for word in _WORD.findall(text.fold(token)) if word.isalpha()]
    number = " ".join(numbers)
    if number and year is not None and not names:
        # "0912 1990" is one number and no year.
        number, year = rest, None
    found = Wanted(
        tuple(dict.fromkeys(names)), day, day.year if day else year,
        rest if number else "", identity.squeezed(number), _phones(number),
    )  # fmt: skip
    return found if found != Wanted() else Wanted(nobody=True)


def _without_day(written: str) -> tuple[str, date | None]:
    """The text without a day of birth in it, and that day; a day that is none stays in the text."""
    match = _DAY.search(written)
    if match is None:
        return written, None
    d, m, y, y2, m2, d2 = match.groups()
    try:
        day = date(int(y or y2), int(m or m2), int(d or d2))
    except ValueError:
        return written, None
    if day.year < FIRST_YEAR:
        return written, None
    return text.clean(written[: match.start()] + " " + written[match.end() :]), day


def _phones(number: str) -> tuple[str, ...]:
    """The beginnings that a telephone number may have which is written so, against those kept as +84 and as written."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < _LEAST_DIGITS or any(c.isalpha() for c in number):
        return ()
    begins = [digits]
    if number.startswith(("+84", "84")):
        begins.append("+84" + digits.removeprefix("84"))
    if digits.startswith("0") or not number.startswith(("+", "84")):
        begins.append("+84" + digits.removeprefix("0"))
    with suppress(phones.PhoneRefused):
        begins.append(phones.normalise(number))
    return tuple(dict.fromkeys(begins))
