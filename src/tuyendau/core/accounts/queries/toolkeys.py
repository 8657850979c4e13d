"""Keys with which tools read as a user."""

from __future__ import annotations

from datetime import datetime

from tuyendau.core.accounts.models import ToolKey, User
from tuyendau.core.acting import as_program


@as_program()
def tool_key_in_force(key_id: str, *, at: datetime) -> ToolKey | None:
    """The key of that id with its user; None where there is none, it was revoked, is over, or the account is closed."""
    keys = ToolKey.objects.select_related("user").filter(user__is_active=True)
    return keys.filter(key_id=key_id, revoked_at__isnull=True, valid_until__gt=at).first()


@as_program()
def tool_keys_of(user: User) -> list[ToolKey]:
    """The keys that a user made, latest first, without what is kept of their secrets."""
    return list(ToolKey.objects.filter(user=user).defer("digest").order_by("-pk"))
