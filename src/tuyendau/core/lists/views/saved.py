"""Keeping, opening, renaming, deleting views."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.lists import actions, queries
from tuyendau.core.lists.forms import ChangeForm, SaveForm
from tuyendau.core.lists.models import SavedView
from tuyendau.core.lists.views.page import address
from tuyendau.lib import clock


@require_POST
def save(request: SignedRequest) -> HttpResponse:
    """Keep what is looked at under a name, for oneself or a team."""
    form = SaveForm(request.POST)
    try:
        of = queries.list_named(request.POST.get("list", ""))
    except KeyError:
        raise Http404 from None
    request.viewer.require(of.permission)
    given = form.cleaned_data if form.is_valid() else {}
    try:
        view = actions.save_view(
            of.name, given.get("name", ""), given.get("query", ""), team=given.get("team", ""),
            viewer=request.viewer, by=request.user, at=clock.now(),
        )  # fmt: skip
    except actions.ViewRefused as error:
        messages.error(request, str(error))
        return redirect(f"{reverse(of.url)}?{queries.cleaned(request.POST.get('query', '')) or 'view=none'}")
    if given.get("first"):
        actions.open_first(view.public_id, True, viewer=request.viewer, by=request.user)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(address(of, view))


@require_GET
def open_view(request: SignedRequest, public_id: str) -> HttpResponse:
    """A view by its own address."""
    view = _view(request, public_id)
    return redirect(address(queries.list_named(view.list_name), view))


@require_POST
def change(request: SignedRequest, public_id: str) -> HttpResponse:
    """Another name, or what is looked at now in place of what it showed."""
    view = _view(request, public_id)
    form = ChangeForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    try:
        view = actions.change_view(
            public_id,
            name=given.get("name", "") if "name" in request.POST else None,
            query=given.get("query", "") if "query" in request.POST else None,
            viewer=request.viewer, by=request.user, at=clock.now(),
        )  # fmt: skip
    except actions.ViewRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(address(queries.list_named(view.list_name), view))


@require_POST
def delete(request: SignedRequest, public_id: str) -> HttpResponse:
    """Delete a view; what it showed stays on the page."""
    view = _view(request, public_id)
    actions.delete_view(public_id, viewer=request.viewer, by=request.user, at=clock.now())
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(f"{reverse(queries.list_named(view.list_name).url)}?{view.query or 'view=none'}")


@require_POST
def first(request: SignedRequest, public_id: str) -> HttpResponse:
    """Have the list open with this view, or no longer (`on` empty)."""
    view = _view(request, public_id)
    on = bool(request.POST.get("on"))
    actions.open_first(public_id, on, viewer=request.viewer, by=request.user)
    told = (
        _("The list opens with “%(name)s” from now on.") if on else _("The list opens without a view again.")
    )
    messages.success(request, told % {"name": view.name})
    return redirect(address(queries.list_named(view.list_name), view))


def _view(request: SignedRequest, public_id: str) -> SavedView:
    try:
        view = queries.view_by_public_id(request.viewer, public_id)
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    request.viewer.require(queries.list_named(view.list_name).permission)
    return view
