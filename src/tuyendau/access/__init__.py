"""Who may do what: permissions, roles, the viewer. Pure; tested as truth tables."""

from tuyendau.access.permissions import Permission
from tuyendau.access.privacy import Privacy, classified
from tuyendau.access.roles import ROLES, Role, ScopeKind
from tuyendau.access.viewer import Denied, Grant, Viewer

__all__ = ["ROLES", "Denied", "Grant", "Permission", "Privacy", "Role", "ScopeKind", "Viewer", "classified"]
