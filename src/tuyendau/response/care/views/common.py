"""What the pages of care have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id
from tuyendau.response.care import actions
from tuyendau.response.care.models import Assessment, Stay, Transfer
from tuyendau.response.care.queries.patients import stay_by_public_id

MISSING = (Stay.DoesNotExist, Transfer.DoesNotExist, Assessment.DoesNotExist)


def seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind,
        viewer=request.viewer,
        permission=Permission.STAY_VIEW,
        subject=subject,
        at=clock.now(),
        data=data,
    )


def stay_of(request: SignedRequest, public_id: str, permission: Permission = Permission.STAY_VIEW) -> Stay:
    """The stay with all that its page shows. Raises Http404, `Denied`."""
    try:
        found: Stay = stay_by_public_id(request.viewer, public_id, permission)
    except Stay.DoesNotExist as error:
        raise Http404 from error
    return found


def person_of(request: SignedRequest, person_id: str, permission: Permission) -> Person:
    """The person. Raises Http404, `Denied`."""
    try:
        return person_by_public_id(request.viewer, person_id, permission)
    except Person.DoesNotExist as error:
        raise Http404 from error


def act(request: SignedRequest, do: Callable[..., Any], *arguments: object, **named: object) -> Any:
    """Carry out an action for who asks; what it refuses is said on the page, and None comes back. Raises Http404."""
    try:
        return do(*arguments, viewer=request.viewer, by=request.user, at=clock.now(), **named)
    except MISSING as error:
        raise Http404 from error
    except actions.CareRefused as error:
        messages.error(request, str(error))
        return None


def act_of_form(
    request: SignedRequest, form: forms.Form, do: Callable[..., Any], *arguments: object, **named: object
) -> Any:
    """The same, where what is refused is said beside the fields of the form."""
    try:
        return do(*arguments, viewer=request.viewer, by=request.user, at=clock.now(), **named)
    except MISSING as error:
        raise Http404 from error
    except actions.CareRefused as error:
        own = {name: text for name, text in error.fields.items() if name in form.fields}
        for name, text in own.items():
            form.add_error(name, text)
        if not own:
            form.add_error(None, str(error))
        return None
