"""One staged import: what applying would do, what is wrong, the bad rows as a file, applying and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange import tasks
from tuyendau.insight.exchange.actions import staging
from tuyendau.insight.exchange.actions.staging.applying import LEFT
from tuyendau.insight.exchange.actions.staging.reading import opened
from tuyendau.insight.exchange.forms.errors import error_workbook
from tuyendau.insight.exchange.forms.problems import SHOWN, FileRefused
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.forms.words import told
from tuyendau.insight.exchange.models import StagedFile, StagedImport, StagedRow, State, Verdict
from tuyendau.insight.exchange.queries import staged as queries
from tuyendau.lib import clock

AT_ONCE = 300
"""Files of so many rows are checked and applied in the request; longer ones by the worker."""

_STAND = gettext_lazy("Whether this may be somebody on record is to be decided.")


def found(request: SignedRequest, public_id: str) -> StagedImport:
    """The import of the address. Raises `Denied`, Http404."""
    try:
        return queries.staged_import(request.viewer, public_id)
    except StagedImport.DoesNotExist as error:
        raise Http404 from error


def checked(request: SignedRequest, staged: StagedImport) -> HttpResponse:
    """Have an import checked, at once where it is short, and lead to its page."""
    if staged.state == State.CHECKING:
        if staged.counts.get("rows", 0) <= AT_ONCE:
            staging.check(staged, viewer=request.viewer, at=clock.now())
        else:
            with as_program():
                tasks.check.defer(public_id=staged.public_id, user=request.user.pk)
    return redirect(
        "exchange:columns" if staged.state == State.COLUMNS else "exchange:staged", staged.public_id
    )


@require_GET
def detail(request: SignedRequest, public_id: str) -> HttpResponse:
    """What the import would do, or did; what is next."""
    staged = found(request, public_id)
    bad = queries.rows(staged, [Verdict.REFUSED], most=SHOWN)
    at = clock.now()
    if bad:
        audit.record_read(
            "import.read", viewer=request.viewer, permission=SPECS[staged.kind].permission,
            subject=staged.public_id, at=at,
        )  # fmt: skip
    return render(request, "exchange/staged.html", _context(staged) | {"bad": bad})


def _context(staged: StagedImport) -> dict[str, Any]:
    verdicts = queries.verdicts(staged)
    working = staged.state in (State.CHECKING, State.APPLYING)
    counts = staged.counts
    return {
        "staged": staged,
        "spec": SPECS[staged.kind],
        "verdicts": verdicts,
        "left": sum(verdicts[verdict] for verdict in LEFT),
        "taken": sum(verdicts[v] for v in (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED)),
        "working": working,
        "progress": queries.progress(staged.public_id) if working else None,
        "shown_most": SHOWN,
        "done": told(staged.kind, _done(counts)) if staged.state == State.APPLIED else [],
        "hindrances": staging.hindrances(staged)[:20] if staged.state == State.APPLIED else [],
    }


def _done(counts: dict[str, int]) -> dict[str, int]:
    return {key.removeprefix("done_"): n for key, n in counts.items() if key.startswith("done_")}


@require_GET
def errors(request: SignedRequest, public_id: str) -> FileResponse:
    """The rows that cannot be taken in, as a workbook that says of each what to mend."""
    staged = found(request, public_id)
    with as_program():
        try:
            heads = opened(staged).layout.heads
        except (StagedFile.DoesNotExist, FileRefused) as error:
            raise Http404 from error
        rows = list(staged.rows.filter(verdict__in=LEFT).order_by("number"))
        if not rows:
            raise Http404
        audit.record_export(
            "import.rows_exported", viewer=request.viewer, permission=SPECS[staged.kind].permission,
            subject=staged.public_id, at=clock.now(), data={"rows": len(rows)},
        )  # fmt: skip
    book = error_workbook(staged.public_id, heads, ((row.cells, _messages(row)) for row in rows))
    return FileResponse(
        book, as_attachment=True, filename=f"loi-{staged.name.rpartition('.')[0] or staged.name}.xlsx"
    )


def _messages(row: StagedRow) -> list[str]:
    if row.verdict == Verdict.OPEN:
        return [str(_STAND)]
    return [
        _("%(column)s: %(message)s") % problem if problem["column"] else problem["message"]
        for problem in row.problems
    ]


@require_POST
def apply(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take the good rows in, at once where they are few."""
    staged = found(request, public_id)
    try:
        staged = staging.begin(staged, leave_out="leave_out" in request.POST, viewer=request.viewer)
        if staged.counts.get("rows", 0) <= AT_ONCE:
            staging.apply(staged, viewer=request.viewer, by=request.user, at=clock.now())
        else:
            with as_program():
                tasks.apply.defer(public_id=staged.public_id, user=request.user.pk)
    except staging.StagedRefused as error:
        messages.error(request, str(error))
    return redirect("exchange:staged", public_id)


@require_POST
def undo(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take an applied import back."""
    staged = found(request, public_id)
    try:
        staging.undo(staged, viewer=request.viewer, by=request.user, at=clock.now())
    except staging.StagedRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The import was taken back."))
    return redirect("exchange:staged", public_id)


@require_POST
def drop(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put an import aside."""
    staged = found(request, public_id)
    try:
        staging.drop(staged, viewer=request.viewer, by=request.user, at=clock.now())
    except FileRefused as error:
        messages.error(request, str(error))
        return redirect("exchange:staged", public_id)
    messages.success(request, _("“%(name)s” was put aside. Nothing of it is kept.") % {"name": staged.name})
    return redirect("exchange:imports")
