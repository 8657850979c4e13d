"""Self-declaration forms of F1: printed, and what came back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.forms import DeclarationForm, LineForm, line_forms
from tuyendau.records.interviews.models import Declaration
from tuyendau.records.interviews.views.common import RECORD, acting, case_or_404, seen
from tuyendau.records.people.models import Person

BLANK_ROWS = range(1, 13)
REFUSED = 422


@require_GET
def forms_of_case(request: SignedRequest, case_id: str) -> HttpResponse:
    """The F1 of a case in the viewer's reach, each with what came back."""
    case = case_or_404(request, case_id)
    seen(request, "declaration.read", case.public_id, {"person": case.person.public_id})
    found = queries.f1_of_case(request.viewer, case)
    context = {
        "case": case,
        "tab": "interview",
        "found": found,
        "returned": sum(bool(f.declarations) for f in found),
    }
    return render(request, "interviews/forms_of_case.html", context)


@require_GET
def print_forms(request: SignedRequest, case_id: str) -> HttpResponse:
    """The forms of all F1 of a case, a page each."""
    case = case_or_404(request, case_id)
    found = [
        f for f in queries.f1_of_case(request.viewer, case) if not f.declarations or "all" in request.GET
    ]
    _printed(request, case.public_id, len(found))
    return _sheets(request, found)


@require_GET
def print_form(request: SignedRequest, person_id: str) -> HttpResponse:
    """The form of one F1."""
    found = _f1(request, person_id)
    _printed(request, person_id, 1)
    return _sheets(request, [found])


@require_http_methods(["GET", "POST"])
def declare(request: SignedRequest, person_id: str) -> HttpResponse:
    """What an F1 declared before, and the lines of a form that came back."""
    found = _f1(request, person_id)
    posted = request.POST if request.method == "POST" else None
    form = DeclarationForm(posted, initial={"returned_on": clock.local_day(clock.now())})
    lines = line_forms(posted)
    if posted is not None and "more" in posted:
        lines += _more(posted, len(lines))
    elif posted is not None and _taken(request, person_id, form, lines):
        messages.success(request, _("The form is on record."))
        return _leave(request)
    seen(request, "declaration.read", person_id)
    context = {
        "f1": found, "person": found.person, "form": form, "lines": lines, "case_id": request.GET.get("case", ""),
        "nobody": posted is not None and "nobody" in posted,
    }  # fmt: skip
    status = REFUSED if posted is not None and request.htmx else 200
    return render(request, "interviews/declare.html", context, status=status)


def _leave(request: SignedRequest) -> HttpResponse:
    """To the same page anew; htmx is told to load it whole."""
    if not request.htmx:
        return redirect(request.get_full_path())
    return HttpResponse(headers={"HX-Redirect": request.get_full_path()})


def _taken(request: SignedRequest, person_id: str, form: DeclarationForm, lines: list[LineForm]) -> bool:
    """Whether the form could be recorded; else what is wrong stands where it was written, of all lines at once."""
    written = [line for line in lines if not line.empty]
    understood = all([form.is_valid(), *(line.is_valid() for line in written)])
    nobody = "nobody" in request.POST
    if understood and not written and not nobody:
        form.add_error(None, _("Write whom they met, or say that they met nobody."))
    elif understood and written and nobody:
        form.add_error(None, _("They met nobody, and people are written below. Which is right?"))
    elif understood:
        try:
            actions.take_declaration(
                person_id, [line.declared() for line in written], returned_on=form.cleaned_data["returned_on"],
                case_id=request.GET.get("case", ""), **acting(request),
            )  # fmt: skip
        except actions.InterviewRefused as error:
            form.add_error(None, str(error))
        else:
            return True
    return False


def _more(posted: Any, there: int) -> list[LineForm]:
    data = posted.copy()
    data["lines"] = str(there + 5)
    return line_forms(data)[there:]


@require_POST
def remove_declaration(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take out a form that was entered by mistake."""
    shown = queries.visible_declarations(request.viewer).select_related("person")
    declaration: Declaration = get_object_or_404(shown, public_id=public_id)
    try:
        actions.remove_declaration(public_id, ground=request.POST.get("ground", ""), **acting(request))
    except actions.InterviewRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The form is taken out."))
    return redirect("interviews:declare", declaration.person.public_id)


def _f1(request: SignedRequest, person_id: str) -> queries.F1:
    try:
        return queries.f1(request.viewer, person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error


def _printed(request: SignedRequest, subject: str, forms: int) -> None:
    audit.record_export(
        "declaration.printed", viewer=request.viewer, permission=RECORD, subject=subject, at=clock.now(),
        data={"forms": forms},
    )  # fmt: skip


def _sheets(request: SignedRequest, found: list[queries.F1]) -> HttpResponse:
    context = {"found": found, "rows": BLANK_ROWS, "today": clock.local_day(clock.now())}
    return render(request, "interviews/form4.html", context)
