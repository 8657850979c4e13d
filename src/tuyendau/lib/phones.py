"""Vietnamese telephone numbers in one form, so that the same number compares equal however it was written."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s.\-()\u00a0]+")
_MOBILE = re.compile(r"[35789]\d{8}")
_LANDLINE = re.compile(r"2\d{9}")

OLD_PREFIXES = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip
"""What became of the mobile prefixes of 11-digit numbers in autumn 2018; old lists and cards still have them."""


class PhoneRefused(ValueError):
    """The text is no Vietnamese telephone number."""


def normalise(text: str) -> str:
    """`text` in the form `+84` and the digits behind the trunk zero: "0912 345.678" gives "+84912345678".

    Taken are 0…, 84… and +84… with spaces, dots, dashes or brackets anywhere. A mobile number has 9 digits behind the
    prefix, the first of them 3, 5, 7, 8 or 9; a landline has 10, beginning with 2 (area code and subscriber).
    A mobile number of eleven digits, as written until 2018, becomes the one that it was changed to: 0168 1234567
    gives +84381234567. Raises `PhoneRefused`.
    """
    rest = _renumbered(_without_prefix(_SEPARATORS.sub("", text)), text)
    if rest is None or not rest.isascii() or not (_MOBILE.fullmatch(rest) or _LANDLINE.fullmatch(rest)):
        raise PhoneRefused(text)
    return "+84" + rest


def is_mobile(phone: str) -> bool:
    """Whether a number in the form that `normalise` gives is a mobile one, which can get a message."""
    return phone.startswith("+84") and _MOBILE.fullmatch(phone[3:]) is not None


def zalo(phone: str) -> str:
    """The form that Zalo wants: `84` and the digits, for a number in the form that `normalise` gives."""
    return phone.removeprefix("+")


def readable(phone: str) -> str:
    """As people write it: "+84912345678" gives "0912 345 678". Other texts come back as they are."""
    if not phone.startswith("+84"):
        return phone
    local = "0" + phone[3:]
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def _without_prefix(digits: str) -> str | None:
    for prefix in ("+84", "84", "0"):
        if digits.startswith(prefix):
            return digits.removeprefix(prefix)
    return None


def _renumbered(rest: str | None, text: str) -> str | None:
    """What an 11-digit number became. Only one that is written with its 0: +84 and ten digits is a slip of today."""
    if rest is not None and len(rest) == 10 and text.lstrip(" (").startswith("0"):
        new = OLD_PREFIXES.get(rest[:3])
        return new + rest[3:] if new else rest
    return rest
