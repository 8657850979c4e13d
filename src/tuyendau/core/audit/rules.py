"""What an event says of the right by which somebody acted. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tuyendau.access import Grant, Permission


def ground_of(grants: Iterable[Grant], permission: Permission) -> str:
    """Those of `grants` that hold `permission`, each as `epidemiologist@unit:/1/`."""
    return "; ".join(f"{g.role}@{g.kind.value}:{g.path}" for g in grants if g.permits(permission))
