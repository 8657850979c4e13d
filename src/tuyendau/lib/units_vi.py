"""Names of administrative units as Vietnamese papers write them."""

from __future__ import annotations

_KINDS = ("thành phố ", "thị xã ", "thị trấn ", "huyện ", "quận ", "phường ", "xã ", "tỉnh ", "đặc khu ")


def short(name: str) -> str:
    """A unit's name without what it is: Việt Yên, of Huyện Việt Yên."""
    return next((name[len(kind) :] for kind in _KINDS if name.lower().startswith(kind)), name)


def said(name: str) -> str:
    """A unit's name inside a sentence: what it is in small letters."""
    return next((kind + name[len(kind) :] for kind in _KINDS if name.lower().startswith(kind)), name)
