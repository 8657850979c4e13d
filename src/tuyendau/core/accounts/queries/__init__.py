"""Reads of users, memberships and devices: who is asking, and what an administrator is shown."""

from tuyendau.core.accounts.queries.asking import (
    SEES,
    accounts,
    device_key_in_force,
    guarded_since,
    has_second_factor,
    in_force,
    places_of,
    reach_of,
    session_of,
    viewer_of,
    viewer_of_device,
)
from tuyendau.core.accounts.queries.toolkeys import tool_key_in_force, tool_keys_of

__all__ = [
    "SEES",
    "accounts",
    "device_key_in_force",
    "guarded_since",
    "has_second_factor",
    "in_force",
    "places_of",
    "reach_of",
    "session_of",
    "tool_key_in_force",
    "tool_keys_of",
    "viewer_of",
    "viewer_of_device",
]
