"""Writes of users, memberships, devices and their keys."""

from tuyendau.core.accounts.actions.devices import (
    DeviceRefused,
    add_device,
    close_device,
    key_used,
    new_key,
    revoke_key,
)
from tuyendau.core.accounts.actions.managing import (
    add_role,
    approve_role,
    close,
    end_role,
    end_sessions,
    give_one_time_password,
    make_user,
    open_again,
    reset_second_factor,
    sign_out,
    unlock,
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
    "add_role",
    "add_user",
    "approve_role",
    "close",
    "close_device",
    "disable_user",
    "enable_user",
    "end_role",
    "end_roles",
    "end_sessions",
    "give_one_time_password",
    "give_role",
    "key_used",
    "make_user",
    "new_key",
    "open_again",
    "reset_second_factor",
    "revoke_key",
    "set_password",
    "sign_out",
    "unlock",
]
