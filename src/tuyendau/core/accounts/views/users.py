"""The administrator's pages: who may sign in, with which roles over which places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import ROLES, Permission
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.actions import UserRefused
from tuyendau.core.accounts.forms.users import NewUserForm, RoleForm, UserFilterForm
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import users as queries
from tuyendau.core.accounts.queries.locks import locked_until
from tuyendau.core.accounts.rules import giving
from tuyendau.core.accounts.views.proof import proved
from tuyendau.core.audit.queries import kind_in_words
from tuyendau.lib import clock

PAGE = 50


@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """The users of the viewer's province; its rows alone for htmx."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = UserFilterForm(request.GET)
    found = queries.user_list(viewer, form.chosen(), on=_today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "locked": locked_until(page.object_list)}
    if getattr(request, "htmx", False) and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, "accounts/users.html#rows", context)
    return render(request, "accounts/users.html", context | {"awaiting": queries.awaiting_approval(viewer)})


@require_GET
def user(request: HttpRequest, public_id: str) -> HttpResponse:
    """One user: roles, what guards the account, what was done to it."""
    return _page(request, _found(request, public_id), RoleForm())


def _page(request: HttpRequest, found: User, form: RoleForm, **more: Any) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "person": found,
        "form": form,
        "today": _today(),
        "roles_held": [(each, _stands(each)) for each in queries.memberships_of(viewer, found)],
        "own": found.pk == viewer.user_id,
        "whole": queries.is_wholly_in_reach(viewer, found, on=_today()),
        "locked": locked_until([found]).get(found.pk),
        "factors": Authenticator.objects.filter(user_id=found.pk),
        "session_count": UserSession.objects.filter(user=found).count(),
        "history": [(event, kind_in_words(event.kind)) for event in queries.history_of(viewer, found)],
        **more,
    }
    return render(request, "accounts/user.html", context)


def _stands(membership: Any) -> str:
    """How a membership stands today: awaiting, coming, now or over."""
    today = _today()
    if membership.awaiting:
        return "awaiting"
    if membership.valid_to is not None and membership.valid_to <= today:
        return "over"
    return "coming" if membership.valid_from > today else "now"


@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """Make a user; the one-time password is shown once."""
    request.viewer.require(Permission.USER_MANAGE)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _make(request)
    return render(request, "accounts/new.html", {"form": NewUserForm()})


@proved
def _make(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST)
    if form.is_valid():
        try:
            made, password = actions.make_user(
                **form.cleaned_data,
                viewer=request.viewer,  # type: ignore[attr-defined]
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except UserRefused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "accounts/password.html", {"person": made, "password": password})
    return render(request, "accounts/new.html", {"form": form}, status=422)


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The places that match what is typed, to choose one for a role."""
    viewer = request.viewer  # type: ignore[attr-defined]
    role = request.GET.get("role", "")
    found = queries.places_for(viewer, role, request.GET.get("words", ""), on=_today())
    context = {"places": found, "role": role, "two": role in ROLES and giving.needs_two(role)}
    return render(request, "accounts/places.html", context)


@require_POST
@proved
def give_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """A further role for a user."""
    found = _found(request, public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            given = actions.add_role(
                found,
                **form.cleaned_data,
                viewer=request.viewer,  # type: ignore[attr-defined]
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except UserRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The role was given and awaits a second administrator.")
                if given.awaiting
                else _("The role was given."),
            )
            return redirect("accounts:user", public_id)
    response = _page(request, found, form)
    response.status_code = 422
    return response


@require_POST
@proved
def change_role(request: HttpRequest, public_id: str, number: int, act: str) -> HttpResponse:
    """End, refuse or approve one role."""
    found = _found(request, public_id)
    doing = {"end": actions.end_role, "approve": actions.approve_role}.get(act)
    if doing is None:
        raise Http404
    return _do(request, found, lambda **who: doing(found, number, **who), _("The roles were changed."))


@require_POST
@proved
def change(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Close, open, unlock, sign out, reset the second factor, or give a one-time password."""
    found = _found(request, public_id)
    if act == "password":
        try:
            password = actions.give_one_time_password(found, **_who(request))
        except UserRefused as refused:
            messages.error(request, str(refused))
            return redirect("accounts:user", public_id)
        return render(request, "accounts/password.html", {"person": found, "password": password})
    known: dict[str, tuple[Callable[..., Any], str]] = {
        "close": (actions.close, _("The account is closed.")),
        "open": (actions.open_again, _("The account is open again.")),
        "unlock": (actions.unlock, _("The account is unlocked.")),
        "sign-out": (actions.sign_out, _("The user is signed out everywhere.")),
        "reset-factor": (actions.reset_second_factor, _("The second factor was reset.")),
    }
    if act not in known:
        raise Http404
    doing, said = known[act]
    return _do(request, found, lambda **who: doing(found, **who), said)


def _do(request: HttpRequest, found: User, doing: Callable[..., Any], said: str) -> HttpResponse:
    try:
        doing(**_who(request))
    except UserRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("accounts:user", found.public_id)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"viewer": request.viewer, "by": request.user, "at": clock.now()}  # type: ignore[attr-defined]


def _found(request: HttpRequest, public_id: str) -> User:
    try:
        return queries.user_by_public_id(request.viewer, public_id)  # type: ignore[attr-defined]
    except User.DoesNotExist:
        raise Http404(_("There is no such user.")) from None


def _today() -> Any:
    return clock.local_day(clock.now())
