"""How a transfer goes from one facility to another. No Django."""

from __future__ import annotations

from enum import StrEnum


class TransferState(StrEnum):
    """Where a transfer stands. ARRIVED: the patient stays in the other facility from then on."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ARRIVED = "arrived"


TRANSFERS: dict[TransferState, frozenset[TransferState]] = {
    TransferState.PROPOSED: frozenset(
        {TransferState.ACCEPTED, TransferState.REFUSED, TransferState.WITHDRAWN}
    ),
    # An accepted one may still fall through on either side: the bed is gone, the patient cannot be moved.
    TransferState.ACCEPTED: frozenset(
        {TransferState.ARRIVED, TransferState.REFUSED, TransferState.WITHDRAWN}
    ),
    TransferState.REFUSED: frozenset(),
    TransferState.WITHDRAWN: frozenset(),
    TransferState.ARRIVED: frozenset(),
}
OPEN = frozenset(state for state, after in TRANSFERS.items() if after)
"""States in which something is still to be done."""


def may_go_on(now: TransferState, then: TransferState) -> bool:
    """Whether a transfer that is `now` may become `then`."""
    return then in TRANSFERS[now]
