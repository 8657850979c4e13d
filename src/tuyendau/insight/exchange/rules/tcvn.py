"""TCVN 5712 (TCVN3, "ABC"), the letters of Vietnamese files of the 1990s that some offices still write. Pure.

There is no codec for it in Python. It has one byte a letter and no capitals with tones: fonts of capitals showed them.
"""

from __future__ import annotations

import re

_LETTERS = {
    0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ",
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
_VOWELS = "aeiouyăâêôơư" + "".join(sorted({letter.lower() for letter in _LETTERS.values()} - set("đ")))
_SYLLABLE = re.compile(
    f"^(?:[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[{_VOWELS}]{{1,3}}(?:c|ch|m|n|ng|nh|p|t)?$"
)
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3


def decode_tcvn(data: bytes) -> str | None:
    """The text of `data`, if it is TCVN3 beyond doubt: every word with a mark is a syllable of Vietnamese.

    A word of capitals gets its marked letters as capitals too.
    """
    letters = [_LETTERS.get(byte) if byte > 0x7F else chr(byte) for byte in data]
    if None in letters:
        return None
    text = "".join(letter or "" for letter in letters)
    marked = [word for word in _WORD.findall(text) if not word.isascii()]
    if len(marked) < _LEAST or not all(_SYLLABLE.match(word.lower()) for word in marked):
        return None
    return _WORD.sub(_capitals, text)


def _capitals(found: re.Match[str]) -> str:
    word = found[0]
    plain = [letter for letter in word if letter.isascii()]
    return word.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else word
