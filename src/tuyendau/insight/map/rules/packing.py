"""How a layer travels to the browser: a head of JSON, then one run of bytes for each column. Pure.

All numbers are little-endian. Four bytes say how long the head is; the head is followed by the parts that it names in
`parts`, as [name, type, bytes]. Head and parts begin at multiples of eight bytes, so that the browser reads numbers
where they lie. A part of type "text" holds one line of UTF-8 for each feature: it is decoded only where it is read.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOWHERE = -(2**31)
"""In place of both coordinates of a feature whose place is not known."""

MICRO = 1_000_000
"""Coordinates are whole millionths of a degree: 11 cm."""

_ALIGNED = 8
_LINE_ENDS = str.maketrans("\r\n", "  ")
Part = NDArray[Any] | Iterable[str]


def packed(head: Mapping[str, Any], parts: Mapping[str, Part]) -> bytes:
    """`head` and `parts` as one run of bytes. Arrays keep their type; texts lose line breaks inside them."""
    runs = {name: _run(part) for name, part in parts.items()}
    told = dict(head) | {"parts": [[name, kind, len(run)] for name, (kind, run) in runs.items()]}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(4 + len(text)) % _ALIGNED)
    return b"".join([struct.pack("<I", len(text)), text, *(_padded(run) for _, run in runs.values())])


def _run(part: Part) -> tuple[str, bytes]:
    if isinstance(part, np.ndarray):
        kind = f"{part.dtype.kind}{part.dtype.itemsize}"
        return kind, part.astype(part.dtype.newbyteorder("<"), copy=False).tobytes()
    lines = list(part)
    text = "\n".join(lines)
    if text.count("\n") >= max(1, len(lines)) or "\r" in text:
        text = "\n".join(line.translate(_LINE_ENDS) for line in lines)
    return "text", text.encode()


def _padded(run: bytes) -> bytes:
    return run + b"\0" * (-len(run) % _ALIGNED)


def places(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.int32]:
    """Pairs of coordinates in millionths of a degree, one after the other; `NOWHERE` where they are not numbers."""
    pairs = np.column_stack([longitudes, latitudes]) * MICRO
    unknown = ~np.isfinite(pairs).all(axis=1)
    pairs[unknown] = 0
    whole = np.round(pairs).astype(np.int32)
    whole[unknown] = NOWHERE
    return whole.reshape(-1)
