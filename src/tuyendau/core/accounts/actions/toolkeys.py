"""Writes of the keys with which tools read as a user."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import ToolKey, User
from tuyendau.core.accounts.rules import keys
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock

DAYS = (7, 30, 90)
"""For how long a key may be made: what was forgotten in somebody's project file ends by itself."""
MOST = 20
"""Keys in force that one user may have."""


class KeyRefused(Exception):
    """The key cannot be made or revoked so; the text says why."""


@as_program()
def make_tool_key(
    name: str, *, days: int, viewer: Viewer, by: User, at: datetime
) -> tuple[ToolKey, keys.Key]:
    """Make a key with which a tool reads the map as `by` for so many days. Raises `KeyRefused`, `Denied`."""
    viewer.require(Permission.MAP_VIEW)
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise KeyRefused(_("Say in at most 80 letters what the key is for, as “QGIS in the office”."))
    if days not in DAYS:
        raise KeyRefused(_("Choose for how long the key is in force."))
    # The machine's time: a key ends as sessions do, wherever a demonstration's clock stands.
    now = clock.real_now()
    if ToolKey.objects.filter(user=by, revoked_at__isnull=True, valid_until__gt=now).count() >= MOST:
        raise KeyRefused(
            _("You have %(count)d keys in force. Revoke one that nobody uses.") % {"count": MOST}
        )
    key = keys.new(keys.TOOL)
    made = ToolKey.objects.create(
        user=by,
        name=name,
        key_id=key.key_id,
        digest=key.digest,
        made_at=now,
        valid_until=now + timedelta(days=days),
    )
    data = {"key": key.key_id, "days": days}
    audit.record("user.key_made", by=by, at=at, subject=f"user:{by.pk}", data=data)
    return made, key


@as_program()
def revoke_tool_key(key_id: str, *, by: User, at: datetime) -> ToolKey:
    """Take one of one's own keys out of force, as of the next request. Raises `KeyRefused`."""
    key = ToolKey.objects.select_for_update().filter(user=by, key_id=key_id, revoked_at__isnull=True).first()
    if key is None:
        raise KeyRefused(_("This key is not in force."))
    _revoke(key, by=by, at=at)
    return key


@as_program()
def revoke_tool_keys(user: User, *, by: User | None, at: datetime) -> int:
    """Take every key of a user out of force, as where their sessions are ended; how many."""
    found = list(ToolKey.objects.select_for_update().filter(user=user, revoked_at__isnull=True))
    for key in found:
        _revoke(key, by=by, at=at)
    return len(found)


def tool_key_used(key: ToolKey, *, on: date) -> None:
    """Keep the day on which a key was used last: one write a day, not one a request."""
    if key.last_used_on != on:
        with as_program():
            ToolKey.objects.filter(pk=key.pk).update(last_used_on=on)


def _revoke(key: ToolKey, *, by: User | None, at: datetime) -> None:
    key.revoked_at = clock.real_now()
    key.save(update_fields=["revoked_at"])
    audit.record("user.key_revoked", by=by, at=at, subject=f"user:{key.user_id}", data={"key": key.key_id})
