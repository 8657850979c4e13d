"""Who signs in with a second factor, and from when nothing else opens without one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from tuyendau.access import ROLES


def is_needed(roles: Iterable[str]) -> bool:
    """Whether one of the roles asks for a second factor."""
    return any(ROLES[role].guarded for role in roles if role in ROLES)


def is_due(since: date | None, *, grace: int | None, on: date) -> bool:
    """Whether somebody who holds such a role since that day may go nowhere without a second factor.

    `grace` counts days; None asks nobody.
    """
    return since is not None and grace is not None and on >= since + timedelta(days=grace)
