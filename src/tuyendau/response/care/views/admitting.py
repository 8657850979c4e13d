"""Admitting: finding who stands at the door, and recording where they stay from now on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person
from tuyendau.response.care import actions, queries
from tuyendau.response.care.actions.admitting import open_case_of
from tuyendau.response.care.forms import AdmitForm, FindForm
from tuyendau.response.care.views.common import act_of_form, person_of

SALT, LASTS = "care.proof", 30 * 60
"""What was found by a number may be admitted for so many seconds, by whoever found it."""


@require_http_methods(["GET", "POST"])
def find(request: SignedRequest) -> HttpResponse:
    """Whom to admit, by a number that they give and their year of birth. Every look-up is on record."""
    request.viewer.require(Permission.STAY_RECORD)
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = queries.person_by_number(request.viewer, given["number"], given["birth_year"])
        audit.record_export(
            "person.looked_up", viewer=request.viewer, permission=Permission.STAY_RECORD,
            subject=person.public_id if person else "people", at=clock.now(), data={"found": person is not None},
        )  # fmt: skip
        if person is not None:
            proof = signing.dumps({"person": person.public_id, "user": request.user.pk}, salt=SALT)
            return redirect(f"{reverse('care:admit', args=[person.public_id])}?{urlencode({'proof': proof})}")
        form.add_error(
            None, _("Nobody is recorded with this number and year of birth. Check both with the patient.")
        )
    return render(request, "care/find.html", {"form": form})


@require_http_methods(["GET", "POST"])
def admit(request: SignedRequest, person_id: str) -> HttpResponse:
    """Admit a person of the viewer's reach, or whom they found by a number, to one of their facilities."""
    request.viewer.require(Permission.STAY_RECORD)
    person = _found(request, person_id)
    known = person is not None
    person = person or person_of(request, person_id, Permission.STAY_RECORD)
    sites = list(queries.facilities(request.viewer, Permission.STAY_RECORD))
    site = _chosen(request, sites)
    context: dict[str, Any] = {"person": person, "site": site, "several": len(sites) > 1}
    if site is None:
        return render(request, "care/choose.html", context | {"rooms": queries.occupancy(sites)})
    initial = {"began_at": clock.now()}
    form = AdmitForm(request.POST or None, initial=initial, rooms=queries.rooms_of(site))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        admission = actions.Admission(
            site, given["began_at"], form.chosen(), given["bed"], given["level"], given["conditions"], given["note"],
            given["beyond"],
        )  # fmt: skip
        stay = act_of_form(request, form, actions.admit, person, admission, known=known)
        if stay is not None:
            messages.success(
                request, _("%(person)s is admitted to %(site)s.") % {"person": person, "site": site}
            )
            return redirect("care:detail", stay.public_id)
    return render(request, "care/admit.html", context | {"form": form, "case": _case(person)})


def _chosen(request: SignedRequest, sites: list[Site]) -> Site | None:
    wanted = request.GET.get("site", "")
    if len(sites) == 1 and not wanted:
        return sites[0]
    found = next((site for site in sites if site.public_id == wanted), None)
    if wanted and found is None:
        raise Http404
    return found


def _found(request: SignedRequest, person_id: str) -> Person | None:
    """The person whom who asks found by a number just now."""
    try:
        said = signing.loads(request.GET.get("proof", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    if said != {"person": person_id, "user": request.user.pk}:
        return None
    return queries.proven(request.viewer, person_id)


@as_program()
def _case(person: Person) -> Case | None:
    """The case that the stay will be of: the person is in front of who admits them."""
    return open_case_of(person)
