"""What becomes of chains that were kept long enough: they go with the contacts that they rest on."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.records.cases.models import Case
from tuyendau.records.chains.models import Decision, Link, Standing

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[Case]:
    """Cases that were reported before a day and stand in a chain, but those of people on hold."""
    old = Case.objects.filter(reported_on__lt=before).exclude(person__public_id__in=held)
    return old.filter(Q(standing__isnull=False) | Q(chain_decisions__isnull=False)).distinct()


def _tables(cases: QuerySet[Case]) -> dict[str, QuerySet[Link] | QuerySet[Standing] | QuerySet[Decision]]:
    return {
        "chains_link": Link.objects.filter(infectee__in=cases),
        "chains_decision": Decision.objects.filter(infectee__in=cases),
        "chains_standing": Standing.objects.filter(case__in=cases),
    }


@as_program()
def found(before: date, held: Held) -> Found:
    """What removing the chains of cases reported before a day would take."""
    old = _old(before, held)
    days = old.aggregate(oldest=Min("reported_on"), newest=Max("reported_on"))
    rows = {table: rows.count() for table, rows in _tables(old).items()}
    return Found({table: n for table, n in rows.items() if n}, days["oldest"], days["newest"])


@as_program()
def remove(before: date, held: Held) -> Found:
    """Delete who infected the cases that were reported before a day, what was decided of it, and where they stood."""
    what = found(before, held)
    old = Case.objects.filter(pk__in=list(_old(before, held).values_list("pk", flat=True)))
    for rows in _tables(old).values():
        rows.delete()
    return what


KEEPING = Keeping(
    "chains", _("Chains: who infected whom, and what was decided of it"), Act.DELETE, found, remove
)
