"""Folding of Vietnamese text, so that names compare and sort without accents."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` in NFC, outer white space removed and inner runs made one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """`text` in lower case without accents, `đ` as `d`, single spaces: "Đỗ  Thị Hà" gives "do thi ha"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return clean("".join(c for c in plain if not unicodedata.combining(c))).lower()
