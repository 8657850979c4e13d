"""Which cases are isolated, for what supposes where people are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import F, Q

from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus


def isolated_since(day: date) -> Mapping[int, datetime]:
    """From when on people (row ids) are isolated as cases, of those who are on `day`; not the recovered."""
    _begins, ends = clock.day_span(day, day)
    over = Q(outcome_on__isnull=False, outcome_on__lte=day, outcome="recovered")
    isolated = Case.objects.filter(isolated_at__lt=ends).exclude(status=CaseStatus.DISCARDED).exclude(over)
    latest_first = isolated.order_by(F("isolated_at").desc()).values_list("person", "isolated_at")
    return {person: since for person, since in latest_first if since is not None}
