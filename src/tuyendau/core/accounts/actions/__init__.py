"""Writes of users, memberships, devices and their keys."""

from tuyendau.core.accounts.actions.devices import (
    DeviceRefused,
    add_device,
    close_device,
    key_used,
    new_key,
    revoke_key,
)
from tuyendau.core.accounts.actions.users import (
    UserRefused,
    add_user,
    disable_user,
    enable_user,
    end_roles,
    give_role,
    set_password,
)

__all__ = [
    "DeviceRefused",
    "UserRefused",
    "add_device",
    "add_user",
    "close_device",
    "disable_user",
    "enable_user",
    "end_roles",
    "give_role",
    "key_used",
    "new_key",
    "revoke_key",
    "set_password",
]
