"""Public ids: random and prefixed, so that nothing can be guessed from one and no row number leaves the database."""

from __future__ import annotations

import secrets

# Crockford's base 32 in lower case: no i, l, o, u, so that an id can be read aloud on a hotline.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12


def new(prefix: str) -> str:
    """A fresh id such as `case_7k3m0q9xv2rt`: 60 random bits behind `prefix`."""
    bits = secrets.randbits(5 * LENGTH)
    return prefix + "_" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH))
