"""Which classes of data there are, what is in force, and what would go: shown before anything is removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.retention.models import Hold, Policy
from tuyendau.core.retention.rules import SUGGESTED, Act, kept_from


@dataclass(frozen=True, slots=True)
class Found:
    """What a removal would take, or took: rows by table, and the oldest and newest day among them."""

    rows: dict[str, int] = field(default_factory=dict)
    oldest: date | None = None
    newest: date | None = None

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Keeping:
    """One class of data: its code, what it is in words, what becomes of it.

    `preview` and `remove` take the first day that is kept and the public ids of people on hold, whose data they leave.
    `remove` may be run again after a crash.
    """

    code: str
    label: str | Promise
    act: Act
    preview: Callable[[date, frozenset[str]], Found]
    remove: Callable[[date, frozenset[str]], Found]


_keepings: dict[str, Keeping] = {}


def register(keeping: Keeping) -> None:
    """Have a class of data kept as the policy says. Call it in AppConfig.ready, in the order in which they go."""
    _keepings[keeping.code] = keeping


def keepings() -> Mapping[str, Keeping]:
    """Every class of data, by code."""
    return _keepings


@as_program()
def in_force() -> Policy | None:
    """The version that was approved last; None where nobody approved any: then nothing is removed."""
    return Policy.objects.filter(approved_at__isnull=False).order_by("-approved_at", "-pk").first()


@as_program()
def latest(viewer: Viewer) -> Policy:
    """The version that was written last, approved or not; none yet, what is suggested. Raises `Denied`."""
    viewer.require(Permission.RETENTION_MANAGE)
    written = Policy.objects.select_related("by", "approved_by").order_by("-pk").first()
    return written or Policy(periods=SUGGESTED)


@as_program()
def holds(viewer: Viewer) -> list[Hold]:
    """The holds in force, the newest first. Raises `Denied`."""
    viewer.require(Permission.RETENTION_MANAGE)
    return list(Hold.objects.filter(ended_at__isnull=True).select_related("by").order_by("-pk"))


@as_program()
def held() -> frozenset[str]:
    """The public ids of people on hold."""
    return frozenset(Hold.objects.filter(ended_at__isnull=True).values_list("subject", flat=True))


@dataclass(frozen=True, slots=True)
class Line:
    """One class of data under a policy: how many days it is kept, the first day kept, and what would go."""

    keeping: Keeping
    days: int
    first: date
    found: Found


@as_program()
def preview(viewer: Viewer, policy: Policy, today: date) -> list[Line]:
    """What carrying out `policy` on `today` would take now, counted and not touched. Raises `Denied`."""
    viewer.require(Permission.RETENTION_MANAGE)
    on_hold = held()
    lines = []
    for keeping in _keepings.values():
        days = int(policy.periods.get(keeping.code, SUGGESTED[keeping.code]))
        first = kept_from(today, days)
        lines.append(Line(keeping, days, first, keeping.preview(first, on_hold)))
    return lines
