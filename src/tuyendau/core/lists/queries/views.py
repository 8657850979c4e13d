"""Saved views of a list: one's own, and those of one's teams."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from tuyendau.access import ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.models import FirstView, SavedView
from tuyendau.core.places.models import Site, Unit


@dataclass(frozen=True, slots=True)
class Team:
    """All who hold a role over one unit or site. `code` is what forms send: "unit-12", "site-7"."""

    code: str
    name: str
    unit_id: int | None = None
    site_id: int | None = None


def teams_of(viewer: Viewer) -> list[Team]:
    """The teams that the viewer belongs to, by name."""
    of_units = [grant.path for grant in viewer.grants if grant.kind is ScopeKind.UNIT]
    of_sites = [grant.path for grant in viewer.grants if grant.kind is ScopeKind.SITE]
    units = Unit.objects.filter(path__in=of_units).values_list("pk", "name") if of_units else []
    sites = Site.objects.filter(path__in=of_sites).values_list("pk", "name") if of_sites else []
    teams = [Team(f"unit-{pk}", name, unit_id=pk) for pk, name in units]
    teams += [Team(f"site-{pk}", name, site_id=pk) for pk, name in sites]
    return sorted(teams, key=lambda team: team.name)


def reachable(viewer: Viewer, teams: list[Team] | None = None) -> QuerySet[SavedView]:
    """The views that are the viewer's own or of their teams, whatever the list. Read it as the program."""
    teams = teams_of(viewer) if teams is None else teams
    own = Q(user=viewer.user_id) if viewer.user_id is not None else Q(pk__in=[])
    units, sites = [t.unit_id for t in teams if t.unit_id], [t.site_id for t in teams if t.site_id]
    return SavedView.objects.filter(own | Q(unit__in=units) | Q(site__in=sites)).select_related(
        "unit", "site", "made_by"
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What a viewer has of a list: their teams, the views (their own first, each by name), that which opens first."""

    teams: list[Team]
    views: list[SavedView]
    first: SavedView | None


@as_program()
def kept_of(viewer: Viewer, list_name: str) -> Kept:
    """The views of a list that the viewer has."""
    teams = teams_of(viewer)
    chosen = FirstView.objects.filter(user=viewer.user_id or 0, list_name=list_name, view=OuterRef("pk"))
    found = reachable(viewer, teams).filter(list_name=list_name).annotate(opens=Exists(chosen))
    views: list[SavedView] = sorted(found, key=lambda view: (view.user_id is None, view.name.casefold()))
    return Kept(teams, views, next((view for view in views if getattr(view, "opens", False)), None))


@as_program()
def view_by_public_id(viewer: Viewer, public_id: str) -> SavedView:
    """A view that is the viewer's own or of their teams. Raises SavedView.DoesNotExist."""
    return reachable(viewer).get(public_id=public_id)
