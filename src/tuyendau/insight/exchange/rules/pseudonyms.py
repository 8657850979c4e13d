"""How a person is told of without saying who they are: pseudonyms, age groups, areas, bands. Pure.

These make it hard to find somebody, not impossible: whoever knows the day of a person's onset and their age may still
find their row. That is why every look and every file is on record, and why files are for one purpose of one recipient.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Hashable, Sequence

from tuyendau.lib.publicid import ALPHABET

LETTERS = 12
OLDEST = 80


def key_of(secret: str, recipient: str, purpose: str) -> bytes:
    """The key of one recipient's pseudonyms for one purpose.

    Two files of the same recipient and purpose link; no others do. With another `secret` all are different.
    """
    told = b"\0".join(part.encode() for part in ("pseudonym", recipient, purpose))
    return hmac.digest(secret.encode(), told, "sha256")


def pseudonym(key: bytes, public_id: str) -> str:
    """What stands for a person, as `P-7k3m0q9xv2rt`: 60 bits that only the holder of `key` can compute."""
    number = int.from_bytes(hmac.digest(key, public_id.encode(), hashlib.sha256)[:8], "big")
    return "P-" + "".join(ALPHABET[number >> 5 * place & 31] for place in range(LETTERS))


def age_group(birth_year: int | None, year: int) -> str:
    """Ten years of age together: born 1987 is "30–39" in 2026; "80+" from then on; "" where it is not known."""
    if birth_year is None or birth_year > year:
        return ""
    decade = (year - birth_year) // 10 * 10
    return f"{OLDEST}+" if decade >= OLDEST else f"{decade}–{decade + 9}"


def shown_areas(
    counts: Sequence[tuple[Hashable, Hashable, int]], least: int
) -> dict[Hashable, Hashable | None]:
    """For each commune the area that is told of it, given (commune, its district, how many rows).

    The commune itself where at least `least` rows are of it; else its district, where the rows of all communes so
    hidden are that many together; else None, which tells nothing.
    """
    by_commune: Counter[Hashable] = Counter()
    district_of = {}
    for commune, district, count in counts:
        by_commune[commune] += count
        district_of[commune] = district
    hidden: Counter[Hashable] = Counter()
    for commune, count in by_commune.items():
        if count < least:
            hidden[district_of[commune]] += count
    return {
        commune: commune
        if count >= least
        else (district_of[commune] if hidden[district_of[commune]] >= least else None)
        for commune, count in by_commune.items()
    }


def band(count: int, width: int) -> str:
    """A count without its last steps: 0 is "0", then "1–4", "5–9", "10–14" for a `width` of 5.

    Every count is told so, totals too, since a total less its other parts would give the small one away.
    """
    if count <= 0:
        return "0"
    first = count // width * width
    return f"{max(first, 1)}–{first + width - 1}"
