"""The page where files are brought in, and what came of those before."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tuyendau.access import Denied, Permission, Viewer
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.exchange import queries
from tuyendau.insight.exchange.actions import import_file, staging
from tuyendau.insight.exchange.forms.problems import SHOWN, AlreadyImported, FileRefused
from tuyendau.insight.exchange.forms.specs import SPECS, Spec
from tuyendau.insight.exchange.forms.upload import ImportForm
from tuyendau.insight.exchange.forms.words import told
from tuyendau.insight.exchange.queries.staged import STAGED, recent
from tuyendau.insight.exchange.views.staged import checked
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import Column, workbook

PAGE = 25
RECENT = 12


@require_http_methods(["GET", "POST"])
def imports(request: SignedRequest) -> HttpResponse:
    """The form and past imports; after a file was sent, also what it changed or everything that is wrong with it."""
    specs = _specs(request.viewer)
    today = clock.local_day(clock.now())
    if request.method != "POST":
        first = {"kind": request.GET["kind"]} if request.GET.get("kind") in SPECS else None
        return _page(request, specs, ImportForm(specs=specs, today=today, initial=first))
    form = ImportForm(request.POST, request.FILES, specs=specs, today=today)
    if not form.is_valid():
        too_large = form.has_error("file", "too_large")
        return _page(request, specs, form, status=413 if too_large else 422)
    file = form.cleaned_data["file"]
    if form.cleaned_data["kind"] in STAGED:
        return _staged(request, specs, form)
    try:
        done = import_file(
            form.cleaned_data["kind"], file.name, file.read(), viewer=request.viewer, by=request.user, at=clock.now(),
            options=form.options(),
        )  # fmt: skip
    except FileRefused as error:
        return _page(request, specs, form, status=422, refusal=error, name=file.name, csv=_csv_link(error))
    except AlreadyImported as error:
        return _page(request, specs, form, status=409, already=error, name=file.name)
    return _page(request, specs, form, done=done, counts=told(done.kind, done.counts), name=done.name)


def _staged(request: SignedRequest, specs: list[Spec], form: ImportForm) -> HttpResponse:
    """Keep the file, find out how it is to be read, and lead to what is next."""
    data, today = form.cleaned_data, clock.local_day(clock.now())
    file = data["file"]
    try:
        staged = staging.stage(
            data["kind"], file.name, file.read(), label=data["label"], valid_on=data["valid_on"] or today,
            viewer=request.viewer, by=request.user, at=clock.now(),
        )  # fmt: skip
    except FileRefused as error:
        return _page(request, specs, form, status=422, refusal=error, name=file.name, csv=_csv_link(error))
    except AlreadyImported as error:
        return _page(request, specs, form, status=409, already=error, name=file.name)
    return checked(request, staged)


@require_GET
def template(request: SignedRequest, kind: str) -> FileResponse:
    """An empty workbook with the headings of a kind of file."""
    spec = SPECS.get(kind)
    _specs(request.viewer)
    if spec is None:
        raise Http404
    request.viewer.require(spec.permission)
    columns = [Column(f.heading, 18) for f in spec.fields]
    return FileResponse(workbook(str(spec.title), columns, []), as_attachment=True, filename=f"{kind}.xlsx")


def _specs(viewer: Viewer) -> list[Spec]:
    """The kinds of file that the viewer may bring. Raises `Denied` where there is none."""
    specs = [spec for spec in SPECS.values() if viewer.may(spec.permission)]
    if not specs:
        raise Denied(Permission.IMPORT_VISITS)
    return specs


def _page(
    request: SignedRequest, specs: list[Spec], form: ImportForm, *, status: int = 200, **result: Any
) -> HttpResponse:
    page = Paginator(queries.imports(request.viewer), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "specs": specs,
        "page": page,
        "staged_imports": [(each, SPECS[each.kind].title) for each in recent(request.viewer, RECENT)],
        "titles": {s.kind: s.title for s in specs},
        **result,
    }
    refusal = result.get("refusal")
    if refusal is not None:
        context["shown"] = refusal.problems[:SHOWN]
        context["more"] = refusal.total - len(context["shown"])
    return render(request, "exchange/imports.html", context, status=status)


def _csv_link(refusal: FileRefused) -> str:
    """The problems as a CSV file inside a link, so that nothing of a refused file stays on the server."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Row"), _("Column"), _("What stands there"), _("What to do")])
    for problem in refusal.problems:
        writer.writerow(
            [problem.row or "", *(_unrun(text) for text in (problem.column, problem.value, problem.message))]
        )
    return (
        "data:text/csv;charset=utf-8;base64," + base64.b64encode(out.getvalue().encode("utf-8-sig")).decode()
    )


def _unrun(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in tuple("=+-@\t\r") else text
