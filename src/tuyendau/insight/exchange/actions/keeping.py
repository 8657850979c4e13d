"""What becomes of files that were brought: they go once it is some time since anybody worked on them."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.insight.exchange.models import StagedFile, StagedImport, StagedRow
from tuyendau.lib import clock

Held = frozenset[str]


def _old(before: date) -> QuerySet[StagedImport]:
    """Imports that were brought before a day and of which the file or rows are still here.

    Whoever is on hold keeps what is on record of them; a file is a copy of what somebody else has.
    """
    return StagedImport.objects.filter(at__lt=clock.midnight(before), file__isnull=False)


@as_program()
def _found(before: date, held: Held) -> Found:
    old = _old(before)
    days = old.aggregate(oldest=Min("at"), newest=Max("at"))
    rows = {
        "exchange_stagedfile": old.count(),
        "exchange_stagedrow": StagedRow.objects.filter(staged__in=old).count(),
    }
    return Found(
        {table: n for table, n in rows.items() if n},
        *(clock.local_day(day) if day else None for day in (days["oldest"], days["newest"])),
    )


@as_program()
def remove_files(before: date, held: Held) -> Found:
    """Delete the files and rows of imports that were brought before a day; that they were brought stays known."""
    found = _found(before, held)
    old = list(_old(before).values_list("pk", flat=True))
    StagedRow.objects.filter(staged__in=old).delete()
    StagedFile.objects.filter(staged__in=old).delete()
    StagedImport.objects.filter(pk__in=old).update(questions=[], stage="")
    return found


KEEPING = Keeping(
    "imports", _("Files that were brought for import, with their rows"), Act.DELETE, _found, remove_files
)
