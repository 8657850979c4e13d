"""Which roles one administrator gives alone, and what nobody does to their own account."""

from __future__ import annotations

from datetime import date

from tuyendau.access import ROLES


def needs_two(role: str) -> bool:
    """Whether a second administrator approves before the role is in force."""
    return ROLES[role].guarded


def may_touch(*, by: int | None, whose: int) -> bool:
    """Whether `by` may change the roles, the password or the second factor of `whose`: never one's own.

    None is the program itself, at the hands of whoever runs the machine.
    """
    return by is None or by != whose


def may_approve(*, by: int | None, given_by: int | None, whose: int) -> bool:
    """Whether `by` is a second pair of eyes: neither who gave the role nor who gets it."""
    return by is None or by not in (given_by, whose)


def is_period(first: date, last: date | None) -> bool:
    """Whether a role may be given from `first` to before `last`, None being until further notice."""
    return last is None or last > first
