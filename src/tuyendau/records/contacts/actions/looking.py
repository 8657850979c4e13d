"""Somebody says that they have seen what changed in a case's list."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.contacts.models import Look


@as_program()
def note_seen(case_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> None:
    """Keep that `by` has seen all changes of a case (a public id) up to `at`. Raises `Denied`, Case.DoesNotExist."""
    viewer.require(Permission.CONTACT_VIEW)
    case = visible_cases(viewer).get(public_id=case_id)
    Look.objects.update_or_create(user_id=by.pk, case=case, defaults={"at": at})
