"""Keys of devices: how they are written, made and known again."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from tuyendau.lib.publicid import ALPHABET

PREFIX = "tdk"
_ID, _SECRET = 10, 40
_FORM = re.compile(rf"{PREFIX}_([{ALPHABET}]{{{_ID}}})_([{ALPHABET}]{{{_SECRET}}})")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its device holds it: `secret` has 200 random bits, and is kept nowhere else."""

    key_id: str
    secret: str

    def __str__(self) -> str:
        return f"{PREFIX}_{self.key_id}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """What is kept of the secret. It is random and long: a slow hash would add nothing but time at each scan."""
        return hashlib.sha256(self.secret.encode()).digest()

    def is_of(self, digest: bytes) -> bool:
        """Whether the secret is the one of that digest, in a time that tells nothing."""
        return hmac.compare_digest(self.digest, bytes(digest))


def new() -> Key:
    """A fresh key."""
    return Key(_letters(_ID), _letters(_SECRET))


def read(header: str) -> Key | None:
    """The key of an Authorization header, None where the header holds none."""
    scheme, _, text = header.partition(" ")
    found = _FORM.fullmatch(text.strip()) if scheme.lower() == "bearer" else None
    return Key(*found.groups()) if found else None


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
