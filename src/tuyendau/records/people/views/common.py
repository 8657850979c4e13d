"""What the pages of people share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.people import queries
from tuyendau.records.people.models import Person


def seen(request: HttpRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    audit.record_read(
        kind, viewer=viewer, permission=Permission.PERSON_VIEW, subject=subject, at=clock.now(), data=data
    )


def person_or_404(request: HttpRequest, public_id: str, permission: Permission) -> Person:
    """The person over whom the viewer holds `permission`. Raises Http404, and `Denied` for who holds it nowhere."""
    try:
        return queries.person_by_public_id(request.viewer, public_id, permission)  # type: ignore[attr-defined]
    except Person.DoesNotExist:
        raise Http404(_("There is no such person.")) from None
