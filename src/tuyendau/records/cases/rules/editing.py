"""Two who edit one record at once: what each changed, field by field. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile: as it was, as it is now, and as this editor typed it."""

    name: str
    before: Any
    now: Any
    mine: Any

    @property
    def both(self) -> bool:
        """Whether this editor changed it too, and to something else."""
        return bool(self.mine not in (self.before, self.now))


def differences(
    before: Mapping[str, Any], now: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """What changed from `before` to `now`, beside what this editor, who saw `before`, typed."""
    return tuple(
        Difference(name, before[name], now[name], mine[name])
        for name in mine
        if now.get(name) != before.get(name)
    )


def brought_together(
    before: Mapping[str, Any], now: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    """What to lay before this editor: their own where they changed a field, else what is there now."""
    return {name: mine[name] if mine[name] != before.get(name) else now.get(name) for name in mine}
