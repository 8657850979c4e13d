"""A file without an end that can be sought in: what was written is taken out piece by piece."""

from __future__ import annotations

import io


class Pipe(io.RawIOBase):
    """Takes what a writer writes; `take` gives what has come since it was last called."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._written

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(data)
        self._written += len(data)
        return len(data)

    def take(self) -> bytes:
        """What has been written since."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
