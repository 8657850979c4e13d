"""Emptying reports of cases that were kept long enough: that a case was reported, and when, stays."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.insight.reports.models import Notification
from tuyendau.lib import clock

Held = frozenset[str]


EMPTIED = {"document": {}, "reference": "", "reason": "", "answer": ""}
"""What tells of the person. The digest stays, so that a paper kept elsewhere can still be checked."""


def _old(before: date, held: Held) -> QuerySet[Notification]:
    """Versions sent before a day that still say something."""
    old = Notification.objects.filter(sent_at__lt=clock.midnight(before)).exclude(document={})
    return old.exclude(case__person__public_id__in=held)


def _found(before: date, held: Held) -> Found:
    days = _old(before, held).aggregate(n_oldest=Min("sent_at"), n_newest=Max("sent_at"))
    count = _old(before, held).count()
    return Found(
        {"reports_notification": count} if count else {},
        clock.local_day(days["n_oldest"]) if days["n_oldest"] else None,
        clock.local_day(days["n_newest"]) if days["n_newest"] else None,
    )


@as_program()
def remove_notifications(before: date, held: Held) -> Found:
    """Empty the reports of cases that were sent before a day."""
    found = _found(before, held)
    _old(before, held).update(**EMPTIED)
    return found


KEEPING = Keeping(
    "notifications", _("Reports of cases to the level above"), Act.EMPTY, _found, remove_notifications
)
