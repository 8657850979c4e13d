"""Roles in code: each a set of permissions and the kind of place that it is held over.

Whoever gives rights does not see people, whoever sees people gives no rights, and whoever reads the audit does
neither: see `docs/adr/0008-duties-apart.md`.
"""

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
    """A role: stable `code`, the kind of place it is held over, what it permits there.

    `places` are the kinds of site, or the levels of unit, over which it can be given, as the codes of
    `core.places`; empty where any will do. `guarded` roles see people beyond one commune or site, manage rights, or
    read who did what: whoever holds one signs in with a second factor, and two administrators give it.
    """

    code: str
    scope: ScopeKind
    permissions: frozenset[P]
    places: frozenset[str] = frozenset()
    guarded: bool = False


_LOOKS = {P.CASE_VIEW, P.CONTACT_VIEW, P.PERSON_VIEW, P.VISIT_VIEW, P.EXPORT}
_FIELD_WORK = _LOOKS | {
    P.MAP_VIEW, P.SITUATION_VIEW, P.CASE_NOTIFY, P.STAY_VIEW,
    P.CASE_CREATE, P.PERSON_EDIT, P.VISIT_RECORD, P.VISIT_CORRECT, P.SAMPLE_TAKE, P.CONTACT_EDIT,
    P.INTERVIEW_RECORD, P.FOLLOWUP_RECORD, P.FOLLOWUP_ASSIGN, P.ORDER_VIEW, P.ORDER_DRAFT,
}  # fmt: skip
_DECIDES = _FIELD_WORK | {
    P.CASE_DECIDE, P.RESULT_RECORD, P.ORDER_SIGN, P.CHAIN_EDIT, P.PERSON_MERGE, P.PSEUDONYM_VIEW, P.IMPORT_CASES,
    P.IMPORT_PEOPLE, P.IMPORT_VISITS, P.REPORT_MAKE, P.STAY_RECORD,
}  # fmt: skip


def _unit(code: str, permissions: set[P], *places: str, guarded: bool = False) -> Role:
    return Role(code, ScopeKind.UNIT, frozenset(permissions), frozenset(places), guarded)


def _site(code: str, permissions: set[P], *places: str) -> Role:
    return Role(code, ScopeKind.SITE, frozenset(permissions), frozenset(places))


PROVINCE_ADMINISTRATOR = _unit(
    "province_administrator",
    {P.USER_MANAGE, P.DEVICE_MANAGE, P.RETENTION_MANAGE, P.IMPORT_PLACES, P.PSEUDONYM_VIEW, P.MAP_VIEW},
    "province",
    guarded=True,
)
EPIDEMIOLOGIST = _unit("epidemiologist", _DECIDES | {P.IMPORT_PLACES}, "province", guarded=True)
DISTRICT_OFFICER = _unit("district_officer", _DECIDES, "province", "district", "commune", guarded=True)
COMMUNE_OFFICER = _unit("commune_officer", _FIELD_WORK, "district", "commune")
LEADER = _unit("leader", {P.MAP_VIEW, P.SITUATION_VIEW, P.REPORT_MAKE}, "province", "district", "commune")
CHANNEL_OPERATOR = _unit("channel_operator", {P.MAP_VIEW})
AUDITOR = _unit("auditor", {P.AUDIT_VIEW, P.PSEUDONYM_VIEW}, "province", guarded=True)
COMPANY_OFFICER = _site(
    "company_officer",
    _LOOKS | {P.VISIT_RECORD, P.VISIT_CORRECT, P.IMPORT_VISITS, P.DEVICE_MANAGE},
    "company",
)
PARK_MANAGER = _site("park_manager", {P.PSEUDONYM_VIEW, P.DEVICE_MANAGE, P.VISIT_RECORD}, "park")
CLINICIAN = _site(
    "clinician",
    {P.CASE_VIEW, P.PERSON_VIEW, P.CONTACT_VIEW, P.SAMPLE_TAKE, P.STAY_VIEW, P.STAY_RECORD, P.CASE_NOTIFY},
    "hospital",
    "quarantine",
)
QUARANTINE_MANAGER = _site(
    "quarantine_manager",
    {
        P.CASE_VIEW,
        P.PERSON_VIEW,
        P.CONTACT_VIEW,
        P.VISIT_VIEW,
        P.VISIT_RECORD,
        P.VISIT_CORRECT,
        P.EXPORT,
        P.SAMPLE_TAKE,
        P.FOLLOWUP_RECORD,
        P.ORDER_VIEW,
        P.STAY_VIEW,
        P.STAY_RECORD,
    },
    "quarantine",
)
LABORATORY = _site(
    "laboratory",
    {P.PERSON_VIEW, P.CASE_VIEW, P.CASE_CREATE, P.SAMPLE_TAKE, P.RESULT_RECORD, P.CASE_NOTIFY},
    "hospital",
    "laboratory",
)
GATE_DEVICE = _site("gate_device", {P.VISIT_RECORD})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        PROVINCE_ADMINISTRATOR,
        EPIDEMIOLOGIST,
        DISTRICT_OFFICER,
        COMMUNE_OFFICER,
        COMPANY_OFFICER,
        PARK_MANAGER,
        CLINICIAN,
        QUARANTINE_MANAGER,
        LABORATORY,
        LEADER,
        CHANNEL_OPERATOR,
        AUDITOR,
        GATE_DEVICE,
    )
}
