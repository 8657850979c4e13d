"""The pages of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases import actions, queries, rules
from tuyendau.records.cases.forms import ConfirmForm, GroundForm, ReportForm
from tuyendau.records.cases.forms.details import sections_of
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach, person_by_public_id
from tuyendau.records.visits.queries import visits_of_person
from tuyendau.science.epi.diseases import diseases

PRESENCE_DAYS = 21


@require_GET
def detail(request: SignedRequest, public_id: str) -> HttpResponse:
    """What is known of a case, what was decided, and what can be decided now."""
    case = _case(request, public_id)
    _seen(request, "case.read", case.public_id, {"person": case.person.public_id})
    return render(request, "cases/detail.html", _context(request, case, "overview"))


@require_GET
def presence(request: SignedRequest, public_id: str) -> HttpResponse:
    """Where the case was: its visits around its infectious window."""
    request.viewer.require(Permission.VISIT_VIEW)
    case = _case(request, public_id)
    _seen(request, "case.presence_read", case.public_id, {"person": case.person.public_id})
    end = clock.now()
    reference = rules.reference_day(_dates(case))
    start = clock.midnight(reference - timedelta(days=PRESENCE_DAYS))
    visits = visits_of_person(case.person, start, end, viewer=request.viewer)
    return render(
        request,
        "cases/presence.html",
        _context(request, case, "presence") | {"visits": visits, "start": start},
    )


@require_POST
def classify(request: SignedRequest, public_id: str, status: str) -> HttpResponse:
    """Classify a case; confirming it leads straight to its contact list."""
    request.viewer.require(Permission.CASE_DECIDE)
    case = _case(request, public_id)
    try:
        wanted = rules.Status(status)
    except ValueError as error:
        raise Http404 from error
    form = ConfirmForm(request.POST) if wanted is rules.Status.CONFIRMED else GroundForm(request.POST)
    if not form.is_valid():
        _say_errors(request, form)
        return redirect("cases:detail", public_id)
    try:
        actions.classify(
            case.public_id,
            wanted,
            viewer=request.viewer,
            by=request.user,
            at=clock.now(),
            **form.cleaned_data,
        )
    except Case.DoesNotExist as error:
        raise Http404 from error
    except actions.CaseRefused as error:
        messages.error(request, str(error))
        return redirect("cases:detail", public_id)
    if wanted is rules.Status.CONFIRMED:
        return redirect("contacts:list_of_case", public_id)
    messages.success(
        request,
        _("The case is now %(status)s.") % {"status": case.__class__(status=wanted).get_status_display()},
    )
    return redirect("cases:detail", public_id)


@require_http_methods(["GET", "POST"])
def report(request: SignedRequest, person_id: str) -> HttpResponse:
    """Report a person as a suspected case."""
    person = _person(request, person_id, Permission.CASE_CREATE)
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, code=request.GET.get("disease", "covid19"))
    if data is not None and "choose" not in data and form.is_valid():
        try:
            case = actions.report_case(
                person, viewer=request.viewer, by=request.user, at=clock.now(), **form.given()
            )
        except actions.CaseRefused as error:
            for name, text in error.fields.items():
                field = name.replace("symptom_", "day_", 1)
                form.add_error(field if field in form.fields else None, text)
            if not error.fields:
                form.add_error(None, str(error))
        else:
            return redirect("cases:detail", case.public_id)
    context = {
        "form": form,
        "person": person,
        "main": [form[name] for name in ("disease", "onset_on", "sampled_on", "result_on")],
        "sections": sections_of(form, form.of),
    }
    return render(request, "cases/report.html", context)


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The cases of a person, as a part of their page."""
    person = _person(request, person_id)
    cases = list(queries.visible_cases(request.viewer).filter(person=person).order_by("-reported_on"))
    open_of = {case.disease for case in cases if case.status != rules.Status.DISCARDED}
    may_report = len(open_of) < len(diseases()) and in_reach(request.viewer, person, Permission.CASE_CREATE)
    return render(
        request, "cases/of_person.html", {"person": person, "cases": cases, "may_report": may_report}
    )


def _seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind,
        viewer=request.viewer,
        permission=Permission.CASE_VIEW,
        subject=subject,
        at=clock.now(),
        data=data,
    )


def _case(request: SignedRequest, public_id: str) -> Case:
    return get_object_or_404(queries.visible_cases(request.viewer), public_id=public_id)


def _person(
    request: SignedRequest, person_id: str, permission: Permission = Permission.PERSON_VIEW
) -> Person:
    try:
        return person_by_public_id(request.viewer, person_id, permission)
    except Person.DoesNotExist as error:
        raise Http404 from error


def _dates(case: Case) -> rules.Dates:
    return rules.Dates(case.onset_on, case.sampled_on, case.result_on, case.reported_on, case.outcome_on)


def _context(request: SignedRequest, case: Any, tab: str) -> dict[str, Any]:
    """What every page of a case (from `queries.visible_cases`) shows: its head, and what this viewer may decide."""
    decides = queries.decides(request.viewer, case)
    events = queries.timeline(case, counts=decides, grounds=case.in_full) if tab == "overview" else []
    return {
        "case": case,
        "tab": tab,
        "decides": decides,
        "next_states": sorted(rules.TRANSITIONS[rules.Status(case.status)]) if decides else [],
        "events": events,
        "reported_here": any(event.kind == "case.reported" for event in events),
        "confirm_form": ConfirmForm(auto_id="confirm_%s"),
    }


def _say_errors(request: SignedRequest, form: Any) -> None:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else error)
