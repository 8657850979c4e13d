"""Keys with which QGIS and other tools read the map as their user."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts import actions, queries
from tuyendau.core.accounts.actions import KeyRefused
from tuyendau.core.accounts.forms.toolkeys import ToolKeyForm
from tuyendau.core.accounts.views.proof import proved
from tuyendau.lib import clock


@require_GET
def tool_keys(request: HttpRequest) -> HttpResponse:
    """One's own keys, and how a tool is told to use one."""
    return _page(request, ToolKeyForm(), 200)


@require_POST
def new_tool_key(request: HttpRequest) -> HttpResponse:
    """Make a key; it is shown once."""
    request.viewer.require(Permission.MAP_VIEW)  # type: ignore[attr-defined]
    return _make(request)


@proved
def _make(request: HttpRequest) -> HttpResponse:
    form = ToolKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    user: Any = request.user
    try:
        made, key = actions.make_tool_key(
            form.cleaned_data["name"],
            days=form.cleaned_data["days"],
            viewer=request.viewer,  # type: ignore[attr-defined]
            by=user,
            at=clock.now(),
        )
    except KeyRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, 422)
    return _page(request, ToolKeyForm(), 200, made=made, key=str(key))


@require_POST
def revoke_tool_key(request: HttpRequest, key_id: str) -> HttpResponse:
    """Take one of one's own keys out of force at once."""
    user: Any = request.user
    try:
        actions.revoke_tool_key(key_id, by=user, at=clock.now())
    except KeyRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The key is revoked; it opens nothing any more."))
    return redirect("toolkeys:list")


def _page(request: HttpRequest, form: ToolKeyForm, status: int, **more: Any) -> HttpResponse:
    request.viewer.require(Permission.MAP_VIEW)  # type: ignore[attr-defined]
    user: Any = request.user
    context = {
        "form": form,
        "keys": queries.tool_keys_of(user),
        "now": clock.real_now(),
        "address": request.build_absolute_uri(reverse("features:landing")),
    }
    return render(request, "accounts/tool_keys.html", context | more, status=status)
