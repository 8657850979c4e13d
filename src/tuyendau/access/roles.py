"""Roles in code: each a set of permissions and the kind of place that it is held over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tuyendau.access.permissions import Permission as P


class ScopeKind(StrEnum):
    """What kind of place a role is held over."""

    UNIT = "unit"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: stable `code`, the kind of place it is held over, what it permits there."""

    code: str
    scope: ScopeKind
    permissions: frozenset[P]


EPIDEMIOLOGIST = Role("epidemiologist", ScopeKind.UNIT, frozenset(P))
COMMUNE_OFFICER = Role(
    "commune_officer",
    ScopeKind.UNIT,
    frozenset(
        {P.CASE_VIEW, P.CASE_CREATE, P.CONTACT_VIEW, P.PERSON_VIEW, P.VISIT_VIEW, P.MAP_VIEW, P.EXPORT}
    ),
)
COMPANY_OFFICER = Role(
    "company_officer",
    ScopeKind.SITE,
    frozenset(
        {P.CASE_VIEW, P.CONTACT_VIEW, P.PERSON_VIEW, P.VISIT_VIEW, P.VISIT_RECORD, P.IMPORT_VISITS, P.EXPORT}
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in (EPIDEMIOLOGIST, COMMUNE_OFFICER, COMPANY_OFFICER)}
