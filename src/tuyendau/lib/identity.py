"""Vietnamese identity numbers in one form each, and what is wrong with a text that is none.

CCCD, the citizen identity number of 12 digits, is `PPP G YY NNNNNN`: where the birth was registered, sex and century,
year of birth, six more. There is no check digit. CMND is the card of 9 digits before it, which a person may still
show. BHYT is the health insurance card: 15 characters, of which the last ten are the social insurance number that
cards since April 2021 show alone, and that stays when the card changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SEPARATORS = re.compile(r"[\s.\-/\u00a0]+")
_CARD = re.compile(r"[A-Z]{2}[1-5]\d{12}")
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,12}")
_OTHER = re.compile(r"[A-Z0-9]{2,40}")

PROVINCES: dict[int, str] = {
    1: "Hà Nội", 2: "Hà Giang", 4: "Cao Bằng", 6: "Bắc Kạn", 8: "Tuyên Quang", 10: "Lào Cai", 11: "Điện Biên",
    12: "Lai Châu", 14: "Sơn La", 15: "Yên Bái", 17: "Hòa Bình", 19: "Thái Nguyên", 20: "Lạng Sơn",
    22: "Quảng Ninh", 24: "Bắc Giang", 25: "Phú Thọ", 26: "Vĩnh Phúc", 27: "Bắc Ninh", 30: "Hải Dương",
    31: "Hải Phòng", 33: "Hưng Yên", 34: "Thái Bình", 35: "Hà Nam", 36: "Nam Định", 37: "Ninh Bình",
    38: "Thanh Hóa", 40: "Nghệ An", 42: "Hà Tĩnh", 44: "Quảng Bình", 45: "Quảng Trị", 46: "Thừa Thiên Huế",
    48: "Đà Nẵng", 49: "Quảng Nam", 51: "Quảng Ngãi", 52: "Bình Định", 54: "Phú Yên", 56: "Khánh Hòa",
    58: "Ninh Thuận", 60: "Bình Thuận", 62: "Kon Tum", 64: "Gia Lai", 66: "Đắk Lắk", 67: "Đắk Nông",
    68: "Lâm Đồng", 70: "Bình Phước", 72: "Tây Ninh", 74: "Bình Dương", 75: "Đồng Nai",
    77: "Bà Rịa - Vũng Tàu", 79: "TP Hồ Chí Minh", 80: "Long An", 82: "Tiền Giang", 83: "Bến Tre",
    84: "Trà Vinh", 86: "Vĩnh Long", 87: "Đồng Tháp", 89: "An Giang", 91: "Kiên Giang", 92: "Cần Thơ",
    93: "Hậu Giang", 94: "Sóc Trăng", 95: "Bạc Liêu", 96: "Cà Mau",
}  # fmt: skip
"""The 63 provinces in which a birth was registered, by the first three digits of a CCCD. It never changes, whatever
provinces are merged later. From 100 on the code is that of a foreign country."""

_CMND_PROVINCES = range(1, 39)
"""The first two digits of a CMND: the provinces as the police counted them, from 01 (Hà Nội) to 38 (Cà Mau)."""


class Kind(StrEnum):
    """Which register a number is from."""

    CCCD = "cccd"
    CMND = "cmnd"
    BHYT = "bhyt"
    PASSPORT = "passport"
    OTHER = "other"


class Fault(StrEnum):
    """What is wrong with a number."""

    CHARACTERS = "characters"
    LENGTH = "length"
    FORM = "form"
    PROVINCE = "province"
    SEX = "sex"
    YEAR = "year"


class IdentityRefused(ValueError):
    """The text is no number of that kind, or not of that person.

    `fault` says why; `found` is what the number says and `given` what is known of the person, where the two disagree;
    for a wrong length `found` is the length.
    """

    def __init__(self, kind: Kind, text: str, fault: Fault, found: str = "", given: str = "") -> None:
        super().__init__(f"{kind}: {fault}")
        self.kind, self.text, self.fault, self.found, self.given = kind, text, fault, found, given


@dataclass(frozen=True, slots=True)
class Told:
    """What a CCCD tells: `province` "" for births registered abroad."""

    province: str
    sex: str
    year: int


def squeezed(text: str) -> str:
    """`text` in capitals without the blanks, dots, dashes and slashes that people put between digits."""
    return _SEPARATORS.sub("", text).upper()


def normalise(
    kind: Kind, text: str, *, sex: str = "", birth_year: int | None = None, zeros_lost: bool = False
) -> str:
    """The one form in which a number of `kind` is kept and compared.

    `sex` ("F", "M") and `birth_year` of the person, where known, must agree with a CCCD. `zeros_lost` puts back the
    zeros at the beginning that spreadsheets take away. A health insurance card becomes its last ten digits. Raises
    `IdentityRefused`.
    """
    value = squeezed(text.removesuffix(".0") if zeros_lost else text)
    if kind is Kind.CCCD:
        value = _digits(kind, value, 12, 2 if zeros_lost else 0)
        _agree(value, sex, birth_year)
    elif kind is Kind.CMND:
        value = _digits(kind, value, 9, 1 if zeros_lost else 0)
        if int(value[:2]) not in _CMND_PROVINCES:
            raise IdentityRefused(kind, text, Fault.PROVINCE, value[:2])
    elif kind is Kind.BHYT:
        value = _insurance(value, 1 if zeros_lost else 0)
    elif not (_PASSPORT if kind is Kind.PASSPORT else _OTHER).fullmatch(value):
        raise IdentityRefused(kind, text, Fault.FORM)
    return value


def told(cccd: str) -> Told:
    """What a CCCD in the form of `normalise` says of its holder."""
    century = 1900 + 100 * (int(cccd[3]) // 2)
    return Told(PROVINCES.get(int(cccd[:3]), ""), "MF"[int(cccd[3]) % 2], century + int(cccd[4:6]))


def kind_of(text: str) -> Kind | None:
    """The kind of number that `text` must be by its form: 12 digits, 9, a card of 15; None where it could be any.

    Ten digits may be an insurance number or a telephone: ask both.
    """
    value = squeezed(text)
    if value.isascii() and value.isdigit():
        return {12: Kind.CCCD, 9: Kind.CMND}.get(len(value))
    return Kind.BHYT if _CARD.fullmatch(value) else None


def masked(value: str) -> str:
    """A number for who may know that there is one but not which: the last three characters behind dots."""
    return "•" * max(0, len(value) - 3) + value[-3:]


def _digits(kind: Kind, value: str, length: int, lost: int) -> str:
    if not (value.isascii() and value.isdigit()):
        raise IdentityRefused(kind, value, Fault.CHARACTERS)
    if length - lost <= len(value) < length:
        value = value.zfill(length)
    if len(value) != length:
        raise IdentityRefused(kind, value, Fault.LENGTH, str(len(value)))
    return value


def _agree(value: str, sex: str, birth_year: int | None) -> None:
    """Refuse a CCCD of no province, or of somebody else."""
    if int(value[:3]) < 100 and int(value[:3]) not in PROVINCES:
        raise IdentityRefused(Kind.CCCD, value, Fault.PROVINCE, value[:3])
    says = told(value)
    if birth_year is not None and says.year != birth_year:
        raise IdentityRefused(Kind.CCCD, value, Fault.YEAR, str(says.year), str(birth_year))
    if sex and says.sex != sex:
        raise IdentityRefused(Kind.CCCD, value, Fault.SEX, says.sex, sex)


def _insurance(value: str, lost: int) -> str:
    if not value[:1].isalpha():
        return _digits(Kind.BHYT, value, 10, lost)
    if len(value) != 15:
        raise IdentityRefused(Kind.BHYT, value, Fault.LENGTH, str(len(value)))
    if not _CARD.fullmatch(value):
        raise IdentityRefused(Kind.BHYT, value, Fault.FORM)
    return value[5:]
