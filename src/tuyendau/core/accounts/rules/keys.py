"""Keys of devices and of tools: how they are written, made and known again."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from tuyendau.lib.publicid import ALPHABET

DEVICE, TOOL = "tdk", "tdu"
"""What begins the key of a device, and one with which a tool reads as the user who made it."""
_ID, _SECRET = 10, 40
_FORM = re.compile(rf"({DEVICE}|{TOOL})_([{ALPHABET}]{{{_ID}}})_([{ALPHABET}]{{{_SECRET}}})")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its device or tool holds it: `secret` has 200 random bits, and is kept nowhere else."""

    key_id: str
    secret: str
    prefix: str = DEVICE

    def __str__(self) -> str:
        return f"{self.prefix}_{self.key_id}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """What is kept of the secret. It is random and long: a slow hash would add nothing but time at each scan."""
        return hashlib.sha256(self.secret.encode()).digest()

    def is_of(self, digest: bytes) -> bool:
        """Whether the secret is the one of that digest, in a time that tells nothing."""
        return hmac.compare_digest(self.digest, bytes(digest))


def new(prefix: str = DEVICE) -> Key:
    """A fresh key."""
    return Key(_letters(_ID), _letters(_SECRET), prefix)


def read(header: str) -> Key | None:
    """The key of an Authorization header, None where the header holds none.

    It is the bearer token, or the password of HTTP Basic, as QGIS and GDAL send one; the name beside it is not looked
    at, since the key says whose it is.
    """
    scheme, _, text = header.partition(" ")
    if scheme.lower() == "basic":
        text = _password(text.strip())
    elif scheme.lower() != "bearer":
        return None
    found = _FORM.fullmatch(text.strip())
    return Key(found[2], found[3], found[1]) if found else None


def _password(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
