"""Who is asking: a user's grants at one moment, without Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tuyendau.access.permissions import Permission
from tuyendau.access.roles import ROLES, ScopeKind


class Denied(Exception):
    """The viewer may not do this. `permission` names what was asked."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.value)
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over one place: `path` is the place's path in its tree and covers all below it."""

    role: str
    kind: ScopeKind
    path: str

    def permits(self, permission: Permission) -> bool:
        """Whether the role of this grant holds `permission`."""
        role = ROLES.get(self.role)
        return role is not None and permission in role.permissions


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user and what they hold; `user_id` None is nobody, who may see nothing, or the gate device `device`."""

    user_id: int | None
    grants: tuple[Grant, ...] = ()
    device: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether any grant holds `permission`, whatever the place."""
        return any(grant.permits(permission) for grant in self.grants)

    def require(self, *permissions: Permission) -> None:
        """Raise `Denied` for the first of `permissions` that no grant holds."""
        for permission in permissions:
            if not self.may(permission):
                raise Denied(permission)

    def paths(self, permission: Permission, kind: ScopeKind) -> tuple[str, ...]:
        """Paths of the places of `kind` over which `permission` is held; ones inside another are left out."""
        held = {g.path for g in self.grants if g.kind is kind and g.permits(permission)}
        return tuple(sorted(p for p in held if not _inside_another(p, held)))


def _inside_another(path: str, others: Iterable[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)
