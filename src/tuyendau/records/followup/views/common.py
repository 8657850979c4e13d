"""What the pages of follow-up have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.models import Check, FollowUp


def today() -> date:
    """The province's day now."""
    return clock.local_day(clock.now())


def seen(
    request: SignedRequest, kind: str, subject: str, permission: Permission, data: dict[str, Any]
) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind, viewer=request.viewer, permission=permission, subject=subject, at=clock.now(), data=data
    )


def act(request: SignedRequest, do: Callable[..., Any], *arguments: object, **named: object) -> Any:
    """Carry out an action for who asks; what it refuses is said on the page, and None comes back.

    Raises Http404 where what it is about is out of reach.
    """
    try:
        return do(*arguments, viewer=request.viewer, by=request.user, at=clock.now(), **named)
    except (FollowUp.DoesNotExist, Check.DoesNotExist) as error:
        raise Http404 from error
    except actions.FollowUpRefused as error:
        messages.error(request, str(error))
        return None


def say_errors(request: SignedRequest, form: Any) -> None:
    """Say on the page what a form that was sent lacks."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else error)


def line(
    request: SignedRequest, public_id: str, *, check: Check | None = None, told: str = ""
) -> HttpResponse:
    """One line of the day's list, as htmx puts it in place of what it was."""
    on = today()
    context = {
        "followup": queries.row(request.viewer, public_id, on),
        "today": on,
        "yesterday": on - timedelta(days=1),
        "check": check,
        "told": told,
    }
    return render(request, "followup/worklist.html#line", context)
