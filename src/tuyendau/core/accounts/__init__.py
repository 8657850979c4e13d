"""Users and their memberships: a role at a place over a period."""
