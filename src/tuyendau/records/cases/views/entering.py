"""A new case on one page, by keyboard alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.cases.actions import CaseRefused
from tuyendau.records.cases.actions.entering import enter_case
from tuyendau.records.cases.forms.entering import KEPT, EntryForm
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.people.actions import PersonRefused
from tuyendau.records.people.forms import reasons
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import communes_in_reach, look_alikes
from tuyendau.science.epi.diseases import diseases

NEW = "new"


@require_http_methods(["GET", "POST"])
def enter(request: SignedRequest) -> HttpResponse:
    """Type a case. Who looks alike is shown before somebody new is made: one of them, or new, with a reason."""
    viewer = request.viewer
    viewer.require(Permission.CASE_CREATE, Permission.PERSON_EDIT)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    communes = list(communes_in_reach(viewer, Permission.PERSON_EDIT))
    form = EntryForm(request.POST or None, communes=communes, viewer=viewer, initial=kept)
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        chosen = request.POST.get("person", "")
        alike = [] if chosen and chosen != NEW else look_alikes(form.traits(), viewer=viewer)
        if chosen == NEW and alike and not form.cleaned_data["ground"]:
            form.add_error("ground", _("Write why it is none of them."))
        elif chosen or not alike:
            case = _entered(request, form, "" if chosen == NEW else chosen)
            if case is not None:
                return _onward(request, form, case)
            alike = alike or []
    if request.method == "POST":
        form.mark()
    return render(request, "cases/enter.html", _context(form, alike, request))


def _entered(request: SignedRequest, form: EntryForm, person: str) -> Case | None:
    """The case, recorded; None where it is refused, and the form says why."""
    try:
        return enter_case(form.entered(person), viewer=request.viewer, by=request.user, at=clock.now())
    except CaseRefused as error:
        for name, text in (error.fields or {"": str(error)}).items():
            form.add_error(name if name in form.fields else None, text)
        form.open_case = _open_case(request, person)  # type: ignore[attr-defined]
    except PersonRefused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except Person.DoesNotExist:
        form.add_error(None, _("Whoever was chosen is not within your area any more. Choose again."))
    return None


def _open_case(request: SignedRequest, person: str) -> Case | None:
    cases = visible_cases(request.viewer).filter(person__public_id=person)
    return cases.exclude(status=CaseStatus.DISCARDED).first() if person else None


def _onward(request: SignedRequest, form: EntryForm, case: Case) -> HttpResponse:
    """To the case, or on to the next one, which keeps commune, site, disease and status."""
    if "next" not in request.POST:
        return redirect("cases:detail", case.public_id)
    link = format_html('<a href="{}">{}</a>', reverse("cases:detail", args=[case.public_id]), case.person)
    messages.success(request, format_html(_("Recorded: {}. Here is the next one."), link))
    kept = [(name, form.data[name]) for name in KEPT if form.data.get(name)]
    return redirect(f"{reverse('cases:enter')}?{urlencode(kept)}")


def _context(form: EntryForm, alike: list[Any], request: SignedRequest) -> dict[str, Any]:
    language = get_language() or "vi"
    symptoms = {each.name.get(language) or each.name["vi"] for of in diseases() for each in of.symptoms}
    return {
        "form": form, "alike": [(each, reasons(each.likeness.parts)) for each in alike],
        "communes": sorted(form.named().values()), "symptoms": sorted(symptoms),
        "chosen": request.POST.get("person", ""), "open_case": getattr(form, "open_case", None),
        "wide": {"full_name", "address", "note"},
    }  # fmt: skip
