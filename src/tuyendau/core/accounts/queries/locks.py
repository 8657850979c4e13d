"""Which accounts are locked after wrong passwords or codes, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from allauth.core.internal import ratelimit
from django.core.cache import cache

from tuyendau.core.accounts.models import User
from tuyendau.lib import clock

_WHERE = {"app": "allauth.account", "action": "login_failed"}


def lock_keys(user: User) -> dict[str, ratelimit.Rate]:
    """The entries of the cache that count a user's wrong passwords and wrong codes, with the rate of each."""
    keys = (user.get_username().lower(), f"mfa-auth-user-{user.pk}")
    rates = [rate for rate in ratelimit.get_rates(**_WHERE) if rate.per == "key"]
    return {
        ratelimit.get_cache_key(None, **_WHERE, rate=rate, key=key): rate for rate in rates for key in keys
    }


def locked_until(users: Iterable[User]) -> dict[int, datetime]:
    """Until when each of the users (row numbers) is locked out; those who are not are left out."""
    wanted = {key: (user.pk, rate) for user in users for key, rate in lock_keys(user).items()}
    now = clock.real_now().timestamp()
    found: dict[int, datetime] = {}
    for key, history in cache.get_many(wanted).items():
        pk, rate = wanted[key]
        fresh = sorted(moment for moment in history if moment > now - rate.duration)
        if len(fresh) >= rate.amount:
            end = datetime.fromtimestamp(fresh[-rate.amount] + rate.duration, UTC)
            found[pk] = max(end, found.get(pk, end))
    return found
