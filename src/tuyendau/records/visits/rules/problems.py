"""What is wrong with a row of a batch, and with a batch as a whole."""

from __future__ import annotations

from dataclasses import dataclass

MOST_ROWS = 5_000
"""Rows in one batch."""

MOST_BYTES = 8 * 2**20
"""Bytes in the body of one batch: some 1,600 for each of the most rows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was not taken: its number from 1, the field to mend ("" the row itself), a stable code, a sentence."""

    row: int
    field: str
    code: str
    message: str


class BatchRefused(Exception):
    """Nothing of a batch was taken. `code` is stable, `status` is that of HTTP, the text says what to do."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
