"""That somebody looked at the situation."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.insight.situation.models import Look
from tuyendau.insight.situation.rules import told_since


@as_program()
def note_look(place: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> datetime:
    """Keep that `by` looks at a place (a unit's path, "" their whole area); since when changes are told to them.

    Raises `Denied`.

    Reading leaves this mark of the reader alone: it tells nobody of anybody else, and is no event.
    """
    viewer.require(Permission.SITUATION_VIEW)
    look = Look.objects.select_for_update().filter(user_id=by.pk, place=place).first()
    since = told_since(look.at if look else None, look.since if look else None, at)
    Look.objects.update_or_create(user_id=by.pk, place=place, defaults={"at": at, "since": since})
    return since
