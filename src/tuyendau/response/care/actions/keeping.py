"""Removing stays that were kept long enough."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.lib import clock
from tuyendau.response.care.models import Assessment, Stay, StayVersion, Transfer

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[Stay]:
    return Stay.objects.filter(ended_at__lt=clock.midnight(before)).exclude(person__public_id__in=held)


def _found(before: date, held: Held) -> Found:
    old = _old(before, held)
    days = old.aggregate(oldest=Min("began_at"), newest=Max("ended_at"))
    rows = {
        "care_stay": old.count(),
        "care_assessment": Assessment.objects.filter(stay__in=old).count(),
        "care_transfer": Transfer.objects.filter(stay__in=old).count(),
    }
    return Found(
        {table: n for table, n in rows.items() if n},
        clock.local_day(days["oldest"]) if days["oldest"] else None,
        clock.local_day(days["newest"]) if days["newest"] else None,
    )


@as_program()
def remove_stays(before: date, held: Held) -> Found:
    """Delete the stays that ended before a day, with all that hangs on them and what was known of them when."""
    found = _found(before, held)
    numbers = list(_old(before, held).values_list("pk", flat=True))
    Stay.objects.filter(pk__any_of=numbers).delete()
    StayVersion.objects.filter(row__any_of=numbers).delete()
    return found


KEEPING = Keeping(
    "stays", _("Stays in hospitals and quarantine facilities"), Act.DELETE, _found, remove_stays
)
