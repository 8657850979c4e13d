"""Receiving a file: what it is, whether it came before, and how such files were read the last time."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.forms.layout import BETWEEN, ERROR_HEADING, Layout, guesses, lay_out
from tuyendau.insight.exchange.forms.limits import WEB
from tuyendau.insight.exchange.forms.planned import missing
from tuyendau.insight.exchange.forms.problems import AlreadyImported, Earlier
from tuyendau.insight.exchange.forms.specs import SPECS, key
from tuyendau.insight.exchange.models import StagedFile, StagedImport, State
from tuyendau.insight.exchange.queries.staged import known_source, staged_imports
from tuyendau.insight.exchange.rules.plans import OPEN, Plan

_SIGN = re.compile(rb"import_[0-9a-hj-km-np-tv-z]{12}")


@as_program()
def stage(
    kind: str,
    name: str,
    data: bytes,
    *,
    label: str,
    valid_on: date,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> StagedImport:
    """Keep a file and find out how it is to be read; nothing of it is on record.

    The same file that is still being worked on is that one. Raises `Denied`, `FileRefused` where there is no table in
    it, `AlreadyImported` where it was applied.
    """
    spec = SPECS[kind]
    viewer.require(spec.permission)
    digest = hashlib.sha256(data).hexdigest()
    earlier = _earlier(kind, digest, viewer)
    if earlier is not None:
        return earlier
    layout = lay_out(spec, data, WEB, Plan())
    mark = fingerprint(kind, layout)
    continues = _continued(kind, data, mark, layout, viewer)
    # What was asked of the first file is settled for its bad rows as well.
    label = label or (continues.label if continues else "")
    known = known_source(kind, mark, label)
    found = guesses(spec, layout, known.columns if known else {})
    columns = tuple(guess.name if guess.sure else OPEN for guess in found)
    plan = Plan(layout.sheet, layout.header, columns)
    if known:
        plan = plan.answered(known.values, known.orders)
    settled = not plan.undecided and not missing(spec, plan)
    staged = StagedImport.objects.create(
        kind=kind, name=name[:200], label=label or (known.label if known else ""), sha256=digest, fingerprint=mark,
        valid_on=valid_on, by_id=by.pk if by else None, at=at, plan=plan.as_data(),
        state=State.CHECKING if settled else State.COLUMNS, continues=continues, counts={"rows": layout.body.height},
    )  # fmt: skip
    StagedFile.objects.create(staged=staged, data=data)
    audit.record(
        "import.staged", by=by, at=at, subject=staged.public_id,
        data={"kind": kind, "name": staged.name, "rows": layout.body.height},
    )  # fmt: skip
    return staged


def _earlier(kind: str, digest: str, viewer: Viewer) -> StagedImport | None:
    """The same file, if the viewer is at work on it. Raises `AlreadyImported` where it is on record already."""
    same = StagedImport.objects.filter(kind=kind, sha256=digest)
    applied = same.filter(state=State.APPLIED).select_related("by").first()
    if applied is not None:
        if not staged_imports(viewer).filter(pk=applied.pk).exists():
            raise AlreadyImported
        who = applied.by.get_full_name() if applied.by else "Tuyến Đầu"
        raise AlreadyImported(Earlier(applied.name, applied.applied_at or applied.at, who))
    mine = same.filter(state__in=(State.COLUMNS, State.CHECKING, State.READY), by_id=viewer.user_id)
    return mine.first() if viewer.user_id is not None else None


def fingerprint(kind: str, layout: Layout) -> str:
    """What the headings of a file are known by: folded, whatever their case and marks, without the column of errors."""
    heads = [key(head) for head in layout.heads if key(head) not in ("", key(ERROR_HEADING))]
    return hashlib.sha256("\n".join([kind, *heads]).encode()).hexdigest()


def _continued(kind: str, data: bytes, mark: str, layout: Layout, viewer: Viewer) -> StagedImport | None:
    """The import whose bad rows the file brings again: named inside the workbook, or the last with these headings."""
    if not any(key(head.rpartition(BETWEEN)[2]) == key(ERROR_HEADING) for head in layout.heads):
        return None
    among = staged_imports(viewer).filter(kind=kind)
    named = _sign_of(data)
    return among.filter(public_id=named).first() if named else among.filter(fingerprint=mark).first()


def _sign_of(data: bytes) -> str | None:
    """The public id that an error file carries among its properties, which a spreadsheet keeps when it saves."""
    if not data.startswith(b"PK"):
        return None
    try:
        found = _SIGN.search(zipfile.ZipFile(io.BytesIO(data)).read("docProps/custom.xml"))
    except (KeyError, zipfile.BadZipFile):
        return None
    return found[0].decode() if found else None
