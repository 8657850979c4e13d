"""From the bytes of a text file to its text: UTF-8, UTF-16, Windows-1258 (Vietnamese), Windows-1252, TCVN3. Pure.

The two Windows code pages share most bytes. What tells them apart: in Windows-1258 a tone follows its vowel as a mark
of its own, and so never follows a consonant; in Windows-1252 the same bytes are letters that in Vietnamese do not
follow another vowel with an accent. Where nothing tells them apart and they differ, the file is refused: a name that
is quietly wrong is worse than a file that has to be saved again.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from tuyendau.insight.exchange.rules.tcvn import decode_tcvn

_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_MARK_ASTRAY = re.compile(f"(?:^|[^{_VOWELS}])[{_MARKS}]")
_MARK_IN_PLACE = re.compile(f"[{_VOWELS}][{_MARKS}]")
# ă never ends a word and never stands before a vowel.
_BREVE_ASTRAY = re.compile(r"[ăĂ](?![\u0300\u0301\u0303\u0309\u0323]?[cmnptCMNPT])")
_LATIN_ICELANDIC = re.compile("[ÐðÞþ]")
_ACCENTED = "àáâãèéêëìíîïòóôõöùúûüýÿ"
_LATIN_TWO_ACCENTS = re.compile(f"[{_ACCENTED}{_ACCENTED.upper()}][ÌìÒòÞþ]", re.IGNORECASE)
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][\xa1-\xa9\xab-\xb1\xb4-\xb9\xbb-\xbf×÷][^\W\d_]")
_CAPITAL_IN_WORD = re.compile(r"[a-zà-öø-ÿ][À-ÖØ-Þ](?:[a-zà-öø-ÿ]|\b)")
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
"""Pattern of what no text holds."""

GARBLED = (
    r"\x{FFFD}|á[º»][€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\x{80}-\x{BF}]|Ä[‘\x{90}\x{91}ƒ‚]|Æ[°¡¯ ]|Ã[€-™\x{80}-\x{BF}]"
)
"""Pattern (of the `regex` crate that Polars uses) of UTF-8 that was once read as Windows-1252 and saved so."""


class Undecodable(ValueError):
    """The bytes are no text in an encoding that is known here, or in more than one with different readings."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data`, in NFC and without byte-order mark, and the name of its encoding. Raises `Undecodable`."""
    encoding = _unicode_encoding(data)
    if encoding is not None:
        text = _strict(data, encoding)
    else:
        text = _strict(data, "utf-8")
        encoding = "utf-8"
        if text is None:
            encoding, text = _code_page(data)
    if text is None:
        raise Undecodable
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    if re.search(CONTROL, text):
        raise Undecodable
    return unicodedata.normalize("NFC", text.replace("\u200b", "").replace("\ufeff", "")), encoding


def _unicode_encoding(data: bytes) -> str | None:
    """The encoding that a byte-order mark names, or that every other byte being zero shows."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:2000]
    if len(sample) >= 4 and sample[1::2].count(0) > 0.6 * len(sample[1::2]):
        return "utf-16-le"
    if len(sample) >= 4 and sample[::2].count(0) > 0.6 * len(sample[::2]):
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _code_page(data: bytes) -> tuple[str, str]:
    vietnamese = _strict(data, "cp1258")
    western = _strict(data, "cp1252")
    if vietnamese is not None and (_astray(vietnamese) or _odd(vietnamese)):
        vietnamese = None
    if western is not None and (_foreign(western) or _odd(western)):
        western = None
    if vietnamese is not None and (
        western is None or vietnamese == western or _MARK_IN_PLACE.search(vietnamese)
    ):
        return "cp1258", vietnamese
    if vietnamese is None and western is not None:
        return "cp1252", western
    old = decode_tcvn(data) if vietnamese is None else None
    if old is not None:
        return "tcvn3", old
    raise Undecodable


def _astray(text: str) -> bool:
    """Whether a reading as Windows-1258 puts a mark or a breve where Vietnamese has none."""
    return _MARK_ASTRAY.search(text) is not None or _BREVE_ASTRAY.search(text) is not None


def _foreign(text: str) -> bool:
    """Whether a reading as Windows-1252 has letters that no name here has."""
    return _LATIN_ICELANDIC.search(text) is not None or _LATIN_TWO_ACCENTS.search(text) is not None


def _odd(text: str) -> bool:
    """Whether words hold symbols or capitals inside, as the older encodings of Vietnamese look when misread."""
    return _SYMBOL_IN_WORD.search(text) is not None or _CAPITAL_IN_WORD.search(text) is not None
