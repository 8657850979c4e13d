"""The page of a person, and the forms that add and correct one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.people import queries
from tuyendau.records.people.actions import PersonRefused, add_person, assign_one, edit_person, end_assignment
from tuyendau.records.people.forms import AssignForm, EndForm, PersonForm, reasons
from tuyendau.records.people.models import Assignment, Identifier, Person
from tuyendau.records.people.views.common import person_or_404, seen

EDIT = Permission.PERSON_EDIT


@require_GET
def person(request: SignedRequest, public_id: str) -> HttpResponse:
    """One person: who they are, where they belong; cases, contacts and visits load from their own addresses.

    The address of somebody who was merged leads to the survivor.
    """
    try:
        found = queries.person_by_public_id(request.viewer, public_id)
    except Person.DoesNotExist:
        return _survivor(request, public_id)
    seen(request, "person.read", found.public_id)
    return render(request, "people/detail.html", _context(request, found))


def _survivor(request: SignedRequest, public_id: str) -> HttpResponse:
    try:
        return redirect("people:detail", queries.survivor_by_public_id(request.viewer, public_id).public_id)
    except Person.DoesNotExist:
        raise Http404(_("There is no such person.")) from None


def _context(request: SignedRequest, found: Person, **more: Any) -> dict[str, Any]:
    may_edit = request.viewer.may(EDIT) and queries.in_reach(request.viewer, found, EDIT)
    return {
        "person": found,
        "assignments": queries.assignments_of(request.viewer, found),
        "numbers": Identifier.objects.filter(person=found).order_by("kind", "value"),
        "household": queries.household_of(request.viewer, found),
        "merged": queries.merged_into(request.viewer, found.pk),
        "may_edit": may_edit,
        "assign_form": AssignForm(initial={"since": clock.local_day(clock.now())}) if may_edit else None,
        "today": clock.local_day(clock.now()),
        **more,
    }


@require_http_methods(["GET", "POST"])
def new(request: SignedRequest) -> HttpResponse:
    """Add a person. Who looks alike is shown first: it is one of them, or a new one all the same, with a reason."""
    request.viewer.require(EDIT)
    communes = queries.communes_in_reach(request.viewer, EDIT)
    form = PersonForm(request.POST or None, communes=communes)
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        alike = queries.look_alikes(form.traits(), viewer=request.viewer)
        sure = "anyway" in request.POST
        if sure and alike and not form.cleaned_data["ground"]:
            form.add_error("ground", _("Write why it is none of them."))
        elif not alike or sure:
            try:
                made = add_person(
                    form.person(), viewer=request.viewer, by=request.user, at=clock.now(),
                    ground=form.cleaned_data["ground"],
                )  # fmt: skip
            except PersonRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("%(name)s is on record now.") % {"name": made})
                return redirect("people:detail", made.public_id)
    context = {"form": form, "alike": [(each, reasons(each.likeness.parts)) for each in alike]}
    return render(request, "people/form.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """Correct a person; what stood there before is on record."""
    found = person_or_404(request, public_id, EDIT)
    communes = queries.communes_in_reach(request.viewer, EDIT)
    form = PersonForm(request.POST or None, communes=communes, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(
                public_id, form.person(), viewer=request.viewer, by=request.user, at=clock.now(),
                ground=form.cleaned_data["ground"],
            )  # fmt: skip
        except PersonRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("people:detail", public_id)
    return render(request, "people/form.html", {"form": form, "person": found})


@require_POST
def assign(request: SignedRequest, public_id: str) -> HttpResponse:
    """Record that the person belongs at a site from a day on."""
    found = person_or_404(request, public_id, EDIT)
    form = AssignForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            assign_one(
                public_id, given["site"], given["since"], role=given["role"], shift_code=given["shift"],
                viewer=request.viewer, by=request.user, at=clock.now(),
            )  # fmt: skip
        except PersonRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("It is on record where they belong."))
            return redirect("people:detail", public_id)
    return render(request, "people/detail.html", _context(request, found, assign_form=form))


@require_POST
def end(request: SignedRequest, public_id: str) -> HttpResponse:
    """Record the last day on which the person belonged at a site."""
    person_or_404(request, public_id, EDIT)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the last day as dd/mm/yyyy."))
        return redirect("people:detail", public_id)
    given = form.cleaned_data
    try:
        end_assignment(
            public_id, given["site"], given["since"], given["last"],
            viewer=request.viewer, by=request.user, at=clock.now(),
        )  # fmt: skip
    except PersonRefused as error:
        messages.error(request, str(error))
    except Assignment.DoesNotExist:
        messages.error(request, _("They do not belong there any more. Load the page again."))
    return redirect("people:detail", public_id)
