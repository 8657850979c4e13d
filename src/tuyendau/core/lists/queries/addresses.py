"""Queries of addresses: what of one is kept, and one without a filter."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from tuyendau.core.lists.rules.asked import COLUMN, NOT_KEPT, ORDER


def cleaned(query: str, names: Collection[str] = ()) -> str:
    """The query without what is empty or of the moment; only with `names`, columns and order, where some are given."""
    kept = [
        (name, value)
        for name, value in parse_qsl(query)
        if name not in NOT_KEPT and (not names or name in names or name in (COLUMN, ORDER))
    ]
    return urlencode(kept)


def without(query: str, name: str, value: str = "") -> str:
    """The query without one filter, or without one of its values."""
    return urlencode([
        (key, held)
        for key, held in parse_qsl(query)
        if key not in NOT_KEPT and not (key == name and value in ("", held))
    ])  # fmt: skip
