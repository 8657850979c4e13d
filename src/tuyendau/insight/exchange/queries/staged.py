"""Staged imports: those that the viewer may work on, their rows, and how far one is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, Q, QuerySet

from tuyendau.access import Denied, Permission, Viewer
from tuyendau.core.acting import as_owner, as_program
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.models import KnownSource, StagedImport, StagedRow, State, Verdict
from tuyendau.insight.exchange.queries.imports import everywhere

STAGED = ("cases", "people", "contacts", "results")
"""The kinds of file that are staged: taken in row by row, and to be taken back."""

UNDER_WAY = (State.COLUMNS, State.CHECKING, State.READY, State.APPLYING)
_FAR = re.compile(r"^import_\w+ (\d+)%$")


def staged_imports(viewer: Viewer) -> QuerySet[StagedImport]:
    """The viewer's own, latest first; and of kinds that they may import over a whole province, everybody's."""
    kinds = [kind for kind in STAGED if viewer.may(SPECS[kind].permission)]
    wide = [kind for kind in kinds if everywhere(viewer, SPECS[kind].permission)]
    mine = Q(kind__in=kinds, by_id=viewer.user_id) if viewer.user_id is not None else Q(pk=None)
    return (
        StagedImport.objects.filter(mine | Q(kind__in=wide))
        .select_related("by", "continues")
        .order_by("-at", "-pk")
    )


@as_program()
def staged_import(viewer: Viewer, public_id: str) -> StagedImport:
    """One of them. Raises `Denied` for who may import nothing, StagedImport.DoesNotExist for others."""
    if not any(viewer.may(SPECS[kind].permission) for kind in STAGED):
        raise Denied(Permission.IMPORT_CASES)
    return staged_imports(viewer).get(public_id=public_id)


@as_program()
def recent(viewer: Viewer, most: int) -> list[StagedImport]:
    """The latest of them, those under way first."""
    imports = staged_imports(viewer)
    open_ones = list(imports.filter(state__in=UNDER_WAY)[:most])
    return open_ones + list(imports.exclude(state__in=UNDER_WAY)[: most - len(open_ones)])


@as_program()
def rows(staged: StagedImport, verdicts: Sequence[str], first: int = 0, most: int = 100) -> list[StagedRow]:
    """Rows with one of these verdicts, in the order of the file."""
    return list(staged.rows.filter(verdict__in=verdicts).order_by("number")[first : first + most])


@as_program()
def verdicts(staged: StagedImport) -> dict[str, int]:
    """How many rows have each verdict."""
    counted = staged.rows.order_by().values_list("verdict").annotate(n=Count("pk"))
    return dict.fromkeys(Verdict.values, 0) | dict(counted)


@as_program()
def known_source(kind: str, fingerprint: str, label: str) -> KnownSource | None:
    """How files with these headings were read the last time: from this source, else from any."""
    among = KnownSource.objects.filter(kind=kind, fingerprint=fingerprint)
    return among.filter(label=label).first() or among.order_by("-at").first()


def tell(public_id: str, percent: int) -> None:
    """Let others know how far an import is, out of a transaction that is still open: as the name of this session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"{public_id} {percent}%"])


def progress(public_id: str) -> int | None:
    """How far an import is that another process works on, in percent; None where nobody does."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, %s)",
            [f"{public_id} "],
        )
        found = cursor.fetchone()
    told = _FAR.match(found[0]) if found else None
    return int(told[1]) if told else None
