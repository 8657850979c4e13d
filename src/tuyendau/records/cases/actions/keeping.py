"""What becomes of samples and their results that were kept long enough."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.lib import clock
from tuyendau.records.cases.models import Sample, TestResult

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[Sample]:
    return Sample.objects.filter(taken_at__lt=clock.midnight(before)).exclude(person__public_id__in=held)


def _found(before: date, held: Held) -> Found:
    old = _old(before, held)
    days = old.aggregate(oldest=Min("taken_at"), newest=Max("taken_at"))
    rows = {
        "cases_sample": old.count(),
        "cases_testresult": TestResult.objects.filter(sample__in=old).count(),
    }
    return Found(
        {table: n for table, n in rows.items() if n},
        clock.local_day(days["oldest"]) if days["oldest"] else None,
        clock.local_day(days["newest"]) if days["newest"] else None,
    )


@as_program()
def remove_samples(before: date, held: Held) -> Found:
    """Delete the samples that were taken before a day, with their results; the days of the case stay on the case."""
    found = _found(before, held)
    TestResult.objects.filter(sample__in=_old(before, held)).delete()
    _old(before, held).delete()
    return found


KEEPING = Keeping("samples", _("Samples and their results"), Act.DELETE, _found, remove_samples)
