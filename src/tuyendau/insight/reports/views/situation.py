"""Situation reports: those that were kept, making one, taking it away, what is known now of its days, every day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.insight.reports import actions
from tuyendau.insight.reports.actions import LANGUAGES
from tuyendau.insight.reports.forms import MakeForm, ScheduleForm
from tuyendau.insight.reports.models import Report, ReportState, Schedule
from tuyendau.insight.reports.queries import situation as queries
from tuyendau.insight.reports.queries.paper import paper_of
from tuyendau.insight.reports.rules.paper import Column, Heading, Line, Table, shown
from tuyendau.insight.reports.tasks import ask_to_make
from tuyendau.insight.situation.rules import Basis
from tuyendau.lib import clock
from tuyendau.lib.text import fold

PAGE = 30
FILES = ("pdf", "docx", "xlsx")


def _units(request: SignedRequest) -> list[Unit]:
    return list(queries.units_to_report(request.viewer, clock.local_day(clock.now())))


def _forms(request: SignedRequest, **filled: Any) -> dict[str, Any]:
    units = _units(request)
    first = {"language": (get_language() or "vi")[:2]}
    return {
        "make_form": MakeForm(units=units, initial=first),
        "schedule_form": ScheduleForm(units=units, initial=first | {"time": "18:00"}, auto_id="schedule_%s"),
    } | filled


@require_GET
def reports(request: SignedRequest) -> HttpResponse:
    """The reports that were kept, the latest first, and making one."""
    return render(request, "reports/reports.html", _listed(request))


def _listed(request: SignedRequest, **filled: Any) -> dict[str, Any]:
    with as_program():
        page = Paginator(queries.kept_reports(request.viewer), PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        scheduled = list(queries.schedules(request.viewer))
    return _forms(request, **filled) | {"page": page, "schedules": scheduled, "files": FILES}


@require_POST
def make(request: SignedRequest) -> HttpResponse:
    """Have a report made; the form comes back filled where it is refused."""
    form = MakeForm(request.POST, units=_units(request))
    if form.is_valid():
        at = clock.now()
        data = form.cleaned_data
        try:
            report = actions.ask_for_report(
                data["unit"], form.moment(at), disease=data["disease"], basis=form.basis_chosen,
                language=data["language"], viewer=request.viewer, by=request.user, at=at,
            )  # fmt: skip
        except actions.ReportRefused as error:
            form.add_error("day", str(error))
        except Unit.DoesNotExist:
            form.add_error("unit", _("This unit did not exist on that day, or is not in your reach."))
        else:
            if report.state == ReportState.WAITING:
                ask_to_make(report.public_id)
            return redirect("reports:report", report.public_id)
    return render(request, "reports/reports.html", _listed(request, make_form=form), status=422)


def _report(request: SignedRequest, public_id: str) -> Report:
    """The report. Raises Http404, `Denied`."""
    try:
        with as_program():
            return queries.report_by_public_id(request.viewer, public_id)
    except Report.DoesNotExist as error:
        raise Http404 from error


@require_GET
def report(request: SignedRequest, public_id: str) -> HttpResponse:
    """One report: how far it is, then what it says and the files to take away."""
    found = _report(request, public_id)
    context: dict[str, Any] = {"report": found, "files": FILES, "languages": LANGUAGES}
    if found.state == ReportState.READY:
        with as_program():
            context |= _read(found)
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "reports/report.html#state" if part else "reports/report.html", context)


def _read(found: Report) -> dict[str, Any]:
    """What the report says, in the reader's language."""
    paper = paper_of(found.content, "en" if (get_language() or "vi").startswith("en") else "vi")
    blocks: list[dict[str, Any]] = []
    for block in (*paper.blocks, *paper.annex):
        if isinstance(block, Heading):
            blocks.append({"kind": "heading", "text": block.text})
        elif isinstance(block, Line):
            blocks.append({"kind": "line", "text": block.text, "small": block.small})
        elif isinstance(block, Table):
            blocks.append({"kind": "table", "table": block, "rows": _rows(block, paper.language)})
        else:
            blocks.append({"kind": "line", "text": block.alt, "small": True})
    return {"paper": paper, "blocks": blocks}


def _rows(table: Table, language: str) -> list[list[tuple[str, Column]]]:
    return [
        [
            (shown(cell, column.shown, language), column)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]


@require_GET
def report_file(request: SignedRequest, public_id: str, format: str, language: str) -> HttpResponse:
    """A report as a file."""
    try:
        found, kept = actions.take_file(public_id, format, language, viewer=request.viewer, at=clock.now())
    except (KeyError, Report.DoesNotExist) as error:
        raise Http404 from error
    except actions.ReportRefused as error:
        messages.error(request, str(error))
        return redirect("reports:report", public_id)
    media_type = actions.FORMATS[format].media_type
    response = HttpResponse(bytes(kept.content), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(found, language)}.{format}"'
    return response


def _name(found: Report, language: str) -> str:
    """A file's name without marks: bao-cao-bac-giang-20210528-1800."""
    unit = slugify(fold(found.unit.name))
    return f"{'report' if language == 'en' else 'bao-cao'}-{unit}-{localtime(found.at):%Y%m%d-%H%M}"


@require_GET
def report_comparison(request: SignedRequest, public_id: str) -> HttpResponse:
    """What the report told of its days, beside what is known of them now."""
    found = _report(request, public_id)
    now: datetime = clock.now()
    with as_program():
        comparison = queries.compared(found.unit, found.at, now, found.disease, Basis(found.basis))
    return render(request, "reports/comparison.html", {"report": found, "comparison": comparison})


@require_http_methods(["POST"])
def schedule(request: SignedRequest) -> HttpResponse:
    """Have a report made every day."""
    form = ScheduleForm(request.POST, units=_units(request), auto_id="schedule_%s")
    if not form.is_valid():
        return render(request, "reports/reports.html", _listed(request, schedule_form=form), status=422)
    data = form.cleaned_data
    made = actions.set_schedule(
        data["unit"], data["time"], disease=data["disease"], basis=form.basis_chosen, language=data["language"],
        viewer=request.viewer, by=request.user, at=clock.now(),
    )  # fmt: skip
    told = {"unit": made.unit.name, "time": f"{made.time:%H:%M}"}
    messages.success(request, _("A report of %(unit)s is made every day at %(time)s.") % told)
    return redirect("reports:reports")


@require_POST
def schedule_end(request: SignedRequest, public_id: str) -> HttpResponse:
    """Make no further reports by a schedule."""
    request.viewer.require(Permission.REPORT_MAKE)
    try:
        ended = actions.end_schedule(public_id, viewer=request.viewer, by=request.user, at=clock.now())
    except Schedule.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("No daily report of %(unit)s is made any more.") % {"unit": ended.unit.name})
    return redirect("reports:reports")
