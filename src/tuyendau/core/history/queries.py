"""Reads of what was known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tuyendau.core.history.models import Version


def as_known(versions: type[Version], at: datetime) -> QuerySet[Any]:
    """The versions of a table's rows that stood at `at`, for the program: whoever asks narrows them to a reach.

    Of a table of which changes alone are kept, these are the rows that were different; the others
    were as they are.
    """
    if versions.changes_only:
        return versions.objects.filter(Q(since__isnull=True) | Q(since__lte=at), until__gt=at)
    return versions.objects.known(at)
