"""What follows from what is known of people. No Django."""

from tuyendau.records.people.rules.roles import ROLES_BY_KIND, role_at

__all__ = ["ROLES_BY_KIND", "role_at"]
