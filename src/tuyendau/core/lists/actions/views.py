"""Keeping, renaming, deleting views of a list, and choosing with which one it opens."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.models import FirstView, SavedView
from tuyendau.core.lists.queries.addresses import cleaned
from tuyendau.core.lists.queries.known import list_named
from tuyendau.core.lists.queries.views import reachable, teams_of
from tuyendau.lib.text import clean

LONGEST_QUERY = 4_000


class ViewRefused(Exception):
    """The view cannot be kept so; the text says why."""


@as_program()
def save_view(
    list_name: str,
    name: str,
    query: str,
    *,
    team: str = "",
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> SavedView:
    """Keep what is looked at, for oneself or for a team (the code of one of `teams_of`).

    Raises `ViewRefused`, `Denied` for whoever may not open the list, KeyError for a list that there is none of.
    """
    of = list_named(list_name)
    viewer.require(of.permission)
    view = SavedView(
        list_name=list_name, name=_name(name), query=_query(query, of.filters), made_at=at, changed_at=at
    )
    view.made_by_id = by.pk
    if team:
        held = next((each for each in teams_of(viewer) if each.code == team), None)
        if held is None:
            raise ViewRefused(_("You hold no role there: choose one of your own teams."))
        view.unit_id, view.site_id = held.unit_id, held.site_id
    else:
        view.user_id = by.pk
    _keep(view)
    audit.record(
        "view.saved", by=by, at=at, subject=view.public_id, data={"list": list_name, "team": bool(team)}
    )
    return view


@as_program()
def change_view(
    public_id: str,
    *,
    name: str | None = None,
    query: str | None = None,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> SavedView:
    """Give a view another name or have it show something else; a team's by anybody of the team.

    Raises `ViewRefused`, and SavedView.DoesNotExist where it is neither the viewer's nor a team's of theirs.
    """
    view = reachable(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    if name is not None:
        view.name = _name(name)
    if query is not None:
        view.query = _query(query, list_named(view.list_name).filters)
    view.changed_at = at
    _keep(view)
    audit.record("view.changed", by=by, at=at, subject=view.public_id, data={"list": view.list_name})
    return view


@as_program()
def delete_view(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> SavedView:
    """Delete a view; lists that opened with it open without one. Raises SavedView.DoesNotExist."""
    view = reachable(viewer).get(public_id=public_id)
    SavedView.objects.filter(pk=view.pk).delete()
    audit.record("view.deleted", by=by, at=at, subject=public_id, data={"list": view.list_name})
    return view


@as_program()
def open_first(public_id: str, on: bool, *, viewer: Viewer, by: AbstractBaseUser) -> SavedView:
    """Have the list open with this view for oneself, or no longer. Raises SavedView.DoesNotExist."""
    view = reachable(viewer).get(public_id=public_id)
    mine = FirstView.objects.filter(user_id=by.pk, list_name=view.list_name)
    if on:
        FirstView.objects.update_or_create(user_id=by.pk, list_name=view.list_name, defaults={"view": view})
    else:
        mine.filter(view=view).delete()
    return view


def _name(name: str) -> str:
    name = clean(name)[:80]
    if not name:
        raise ViewRefused(_("Give the view a name."))
    return name


def _query(query: str, names: frozenset[str]) -> str:
    query = cleaned(query, names)
    if len(query) > LONGEST_QUERY:
        raise ViewRefused(_("This view says too much to be kept. Take a few filters or columns away."))
    return query


def _keep(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ViewRefused(
            _("There is a view “%(name)s” already. Choose another name.") % {"name": view.name}
        ) from error
