"""One line of the permission tables: a route, what it is about, and who may open it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "province_administrator", "epidemiologist", "district_officer", "commune_officer", "company_officer",
    "park_manager", "clinician", "quarantine_manager", "laboratory", "leader",
    "channel_operator", "auditor", "gate_device",
)  # fmt: skip
OUTSIDER, NOBODY = "outsider", "nobody"
"""Somebody who signed in and holds no role, and somebody who has not signed in."""

EVERYONE = frozenset({*ROLES, OUTSIDER})
SEE_PEOPLE = frozenset({
    "epidemiologist", "district_officer", "commune_officer", "company_officer", "clinician", "quarantine_manager",
    "laboratory",
})  # fmt: skip
SEE_CONTACTS = SEE_PEOPLE - {"laboratory"}
SEE_PRESENCE = SEE_CONTACTS - {"clinician"}
DECIDE = frozenset({"epidemiologist", "district_officer"})


@dataclass(frozen=True)
class Route:
    """Who may open a route: `may` names the roles, whoever else is denied.

    `about` is the kind of thing that the address names: a key of the things in `world.Things`; "" where it names none.
    A thing out of reach is not found for those who may, and denied to those who may not. `then` are the arguments of
    the address behind the thing, or all of them; `post` is what is sent, None for reading. `answer` is what those who
    may are answered; `others` what the rest gets in place of a denial, as on a page that is there for everyone.
    """

    may: frozenset[str]
    about: str = ""
    then: tuple[str, ...] = ()
    post: dict[str, Any] | None = None
    answer: int = 200
    others: int = 403
    headers: dict[str, str] = field(default_factory=dict)
    everywhere: bool = False
    """Whether those who may, may wherever the thing is."""
    json: bool = False
    """Whether `post` is sent as JSON."""
