"""Removing follow-ups that were kept long enough."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.lib import clock
from tuyendau.records.followup.models import Check, FollowUp, FollowUpVersion

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[FollowUp]:
    old = FollowUp.objects.filter(ended_at__lt=clock.midnight(before))
    return old.exclude(person__public_id__in=held).exclude(case__person__public_id__in=held)


def _found(before: date, held: Held) -> Found:
    old = _old(before, held)
    days = old.aggregate(oldest=Min("last_exposure"), newest=Max("last_exposure"))
    rows = {
        "followup_followup": old.count(),
        "followup_check": Check.objects.filter(followup__in=old).count(),
    }
    return Found({table: n for table, n in rows.items() if n}, days["oldest"], days["newest"])


@as_program()
def remove_followups(before: date, held: Held) -> Found:
    """Delete follow-ups that ended before a day, with their checks and what was known of them when."""
    found = _found(before, held)
    old = list(_old(before, held).values_list("pk", flat=True))
    # A correction points at what it replaces.
    Check.objects.filter(followup__in=old).update(replaces=None)
    FollowUp.objects.filter(pk__in=old).delete()
    FollowUpVersion.objects.filter(row__in=old).delete()
    return found


KEEPING = Keeping(
    "followups", _("Follow-up of cases and contacts, with each check"), Act.DELETE, _found, remove_followups
)
