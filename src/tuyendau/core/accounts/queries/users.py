"""What an administrator is shown of users, and over which places they may give which roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Lower

from tuyendau.access import ROLES, Permission, ScopeKind, Viewer
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.accounts.queries.asking import in_force
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event, events_of
from tuyendau.core.places.models import ACCENTED, PLAIN, Site, Unit, UnitLevel
from tuyendau.core.places.queries import units_in_reach, units_on, visible_sites
from tuyendau.lib import text

MANAGES = Permission.USER_MANAGE
PLACES_SHOWN = 30
HISTORY_SHOWN = 50


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What the list of users is narrowed to. `state` is open, closed or awaiting; `factor` yes or no."""

    q: str = ""
    role: str = ""
    place: str = ""
    state: str = ""
    factor: str = ""


def in_reach(viewer: Viewer) -> Q:
    """The condition on memberships that their place lies where the viewer manages users. Raises `Denied`."""
    viewer.require(MANAGES)
    units = units_in_reach(viewer, MANAGES).values("pk")
    return Q(unit__in=units) | Q(site__in=visible_sites(viewer, MANAGES).values("pk"))


def visible_users(viewer: Viewer) -> QuerySet[User]:
    """The users who hold, held or are to hold a role in the viewer's reach. Raises `Denied`."""
    return User.objects.filter(Exists(Membership.objects.filter(in_reach(viewer), user=OuterRef("pk"))))


def user_by_public_id(viewer: Viewer, public_id: str) -> User:
    """One user in the viewer's reach. Raises `User.DoesNotExist`, `Denied`."""
    return visible_users(viewer).get(public_id=public_id)


def is_wholly_in_reach(viewer: Viewer, user: User, *, on: date) -> bool:
    """Whether every role that the user holds on the day `on` is one that the viewer manages.

    Else another province's people would lose an account of theirs.
    """
    held = in_force(on).filter(user=user)
    return held.filter(in_reach(viewer)).count() == held.count()


def user_list(viewer: Viewer, chosen: UserFilter, *, on: date) -> QuerySet[User]:
    """The users in reach that the filter keeps, by name; `held` are their memberships now, `factor` says of a second.

    Words match the name typed with or without marks, or the user name.
    """
    second = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=("totp", "webauthn"))
    users = visible_users(viewer).annotate(factor=Exists(second))
    plain = Lower(Func(F("full_name"), Value(ACCENTED), Value(PLAIN), function="TRANSLATE"))
    users = users.annotate(folded=plain)
    for word in text.fold(chosen.q).split():
        users = users.filter(Q(folded__contains=word) | Q(username__icontains=word))
    current = in_force(on).filter(user=OuterRef("pk"))
    if chosen.role:
        users = users.filter(Exists(current.filter(role=chosen.role)))
    if chosen.place:
        users = users.filter(Exists(current.filter(_at(chosen.place))))
    if chosen.state == "awaiting":
        users = users.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), awaiting=True)))
    elif chosen.state:
        users = users.filter(is_active=chosen.state == "open")
    if chosen.factor:
        users = users.filter(factor=chosen.factor == "yes")
    held = in_force(on).select_related("unit", "site").order_by("pk")
    return users.prefetch_related(Prefetch("memberships", held, to_attr="held")).order_by("folded", "pk")


def _at(words: str) -> Q:
    plain = text.fold(words)
    return (
        Q(unit__folded__contains=plain)
        | Q(site__folded__contains=plain)
        | Q(unit__code=words.strip())
        | Q(site__code__iexact=words.strip())
    )


def memberships_of(viewer: Viewer, user: User) -> list[Membership]:
    """Everything the user held, holds or is to hold, latest first; `manageable` says whether the viewer may end it."""
    found = Membership.objects.filter(user=user).select_related(
        "unit", "site", "site__unit", "given_by", "approved_by"
    )
    mine = set(Membership.objects.filter(in_reach(viewer), user=user).values_list("pk", flat=True))
    rows = list(found.order_by("-valid_from", "-pk"))
    for each in rows:
        each.manageable = each.pk in mine  # type: ignore[attr-defined]
    return rows


@as_program()
def history_of(viewer: Viewer, user: User) -> list[Event]:
    """What was done to an account in reach, latest first.

    Read as the program: the record of events is the auditor's, but for what was done to the accounts that one manages.
    """
    if not visible_users(viewer).filter(pk=user.pk).exists():
        return []
    return list(events_of(f"user:{user.pk}").select_related("by").order_by("-at", "-pk")[:HISTORY_SHOWN])


def awaiting_approval(viewer: Viewer) -> QuerySet[Membership]:
    """Roles in the viewer's reach that a second administrator has yet to approve, oldest first."""
    waiting = Membership.objects.filter(in_reach(viewer), awaiting=True)
    return waiting.select_related("user", "unit", "site", "given_by").order_by("pk")


def places_for(viewer: Viewer, role: str, words: str, *, on: date) -> list[dict[str, Any]]:
    """The first places in the viewer's reach over which that role can be given and that `words` name."""
    viewer.require(MANAGES)
    known = ROLES.get(role)
    if known is None:
        return []
    plain, code = text.fold(words), words.strip()
    if known.scope is ScopeKind.UNIT:
        units = units_on(on).filter(pk__in=units_in_reach(viewer, MANAGES).values("pk"))
        if known.places:
            units = units.filter(
                level__in=[level for level in UnitLevel if level.name.lower() in known.places]
            )
        units = units.filter(Q(folded__contains=plain) | Q(code__startswith=code)).select_related("parent")
        return [_told("unit", unit, unit.parent) for unit in units.order_by("level", "folded")[:PLACES_SHOWN]]
    sites = visible_sites(viewer, MANAGES).filter(Q(folded__contains=plain) | Q(code__istartswith=code))
    if known.places:
        sites = sites.filter(kind__in=known.places)
    found = sites.select_related("unit").order_by("folded")[:PLACES_SHOWN]
    return [_told("site", site, site.unit) for site in found]


def _told(kind: str, place: Unit | Site, above: Unit | None) -> dict[str, Any]:
    sort = place.get_level_display() if isinstance(place, Unit) else place.get_kind_display()
    return {
        "value": f"{kind}:{place.pk}",
        "name": place.name,
        "code": place.code,
        "sort": sort,
        "above": above.name if above else "",
    }


def place_in_reach(viewer: Viewer, value: str) -> Unit | Site | None:
    """The place that `places_for` told as `value`, where the viewer manages users; else None."""
    kind, _, number = value.partition(":")
    if not number.isdecimal() or len(number) > 9:
        return None
    if kind == "unit":
        return units_in_reach(viewer, MANAGES).filter(pk=int(number)).first()
    return visible_sites(viewer, MANAGES).filter(pk=int(number)).first() if kind == "site" else None
