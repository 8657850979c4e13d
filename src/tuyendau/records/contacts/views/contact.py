"""One contact: what its grade rests on, what people said and decided, and naming, ending, deciding, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import CaseFilter, line_list, visible_cases
from tuyendau.records.contacts import actions, queries
from tuyendau.records.contacts.forms import JudgeForm, LinkForm, WhyForm
from tuyendau.records.contacts.models import Contact, Judgement, Link
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach, lives_in_reach, people_page

OFFERED = 12
"""People or cases that a search offers for a link."""


@require_GET
def contact(request: SignedRequest, public_id: str) -> HttpResponse:
    """What a person is to one case, and why."""
    request.viewer.require(Permission.CONTACT_VIEW)
    found = get_object_or_404(queries.contacts_in_reach(request.viewer), public_id=public_id)
    audit.record_read(
        "contact.read",
        viewer=request.viewer,
        permission=Permission.CONTACT_VIEW,
        subject=found.person.public_id,
        at=clock.now(),
        data={"contact": found.public_id},
    )
    return render(request, "contacts/contact.html", _context(request, found, JudgeForm()))


def _context(request: SignedRequest, found: Contact, form: JudgeForm) -> dict[str, Any]:
    viewer = request.viewer
    worded = not queries.sees_by_site(viewer) or lives_in_reach(viewer, Permission.CONTACT_VIEW, found.person)
    decisions = queries.judgements_in_reach(viewer).filter(case=found.case_id, person=found.person_id)
    return {
        "contact": found,
        "case": visible_cases(viewer).filter(pk=found.case_id).first(),
        "exposures": queries.shown_exposures(queries.told(viewer).filter(contact=found)),
        "links": queries.links_in_reach(viewer)
        .filter(case=found.case_id, person=found.person_id)
        .order_by("ended_at", "-at"),
        "decisions": decisions.order_by("-at", "-id"),
        "standing": decisions.filter(withdrawn_at=None).first(),
        "history": queries.history_of(viewer, found),
        "worded": worded,
        "edits": viewer.may(Permission.CONTACT_EDIT)
        and in_reach(viewer, found.person, Permission.CONTACT_EDIT),
        "opens": in_reach(viewer, found.person, Permission.PERSON_VIEW),
        "form": form,
        "why": WhyForm(),
    }


@require_POST
def judge(request: SignedRequest, public_id: str) -> HttpResponse:
    """Decide what a person is to a case, with a reason."""
    request.viewer.require(Permission.CONTACT_EDIT)
    among = queries.contacts_in_reach(request.viewer, Permission.CONTACT_EDIT)
    found = get_object_or_404(among, public_id=public_id)
    form = JudgeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.judge(
                public_id, data["grade"], reason=data["reason"], viewer=request.viewer, by=request.user,
                at=clock.now(),
            )  # fmt: skip
        except Contact.DoesNotExist as error:
            raise Http404 from error
        except actions.ContactRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Decided. It stands through every tracing until it is taken back."))
            return _after(request, found)
    return render(request, "contacts/contact.html", _context(request, found, form))


@require_POST
def withdraw(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take a decision back, with a reason."""
    among = queries.judgements_in_reach(request.viewer, Permission.CONTACT_EDIT)
    said = _("Taken back. What tracing and people say counts again.")
    return _with_a_reason(request, among, public_id, actions.withdraw, said)


@require_POST
def unlink(request: SignedRequest, public_id: str) -> HttpResponse:
    """End a link, with a reason."""
    among = queries.links_in_reach(request.viewer, Permission.CONTACT_EDIT)
    said = _("Ended. It stays on record and counts no more.")
    return _with_a_reason(request, among, public_id, actions.unlink, said)


def _with_a_reason(
    request: SignedRequest, among: QuerySet[Any], public_id: str, act: Callable[..., object], said: str
) -> HttpResponse:
    """Let `act` end one of `among` (both raise `Denied` for whoever may not), where the reason is given."""
    form = WhyForm(request.POST)
    found = get_object_or_404(among, public_id=public_id)
    if not form.is_valid():
        messages.error(request, _("Say why: whoever reads this later will ask."))
        return _after(request, found)
    try:
        act(
            public_id, why=form.cleaned_data["reason"], viewer=request.viewer, by=request.user, at=clock.now()
        )
    except type(found).DoesNotExist as error:
        raise Http404 from error
    messages.success(request, said)
    return _after(request, found)


@require_http_methods(["GET", "POST"])
def link(request: SignedRequest) -> HttpResponse:
    """Name a contact of a case: choose the case, choose the person, say who told it.

    `case` and `person` in the address are public ids; what is missing is searched for by `q`.
    """
    request.viewer.require(Permission.CONTACT_EDIT)
    case = _chosen(queries.linkable_cases(request.viewer), request.GET.get("case"))
    person = _chosen(queries.linkable_people(request.viewer), request.GET.get("person"))
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and case and person and form.is_valid():
        try:
            made = actions.link(
                case.public_id, person.public_id, form.data_of_link(), viewer=request.viewer, by=request.user,
                at=clock.now(),
            )  # fmt: skip
        except (Case.DoesNotExist, Person.DoesNotExist) as error:
            raise Http404 from error
        except actions.ContactRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Named as a contact. It counts at once."))
            return _after(request, made)
    context = {"case": case, "person": person, "form": form, "q": request.GET.get("q", "").strip()[:100]}
    return render(request, "contacts/link.html", context | _offers(request, case, person, context["q"]))


def _offers(request: SignedRequest, case: Any, person: Any, q: str) -> dict[str, Any]:
    """What a search for the missing end offers."""
    if case is None:
        cases = line_list(request.viewer, CaseFilter(q=q))
        reach = queries.linkable_cases(request.viewer).values("pk")
        cases = cases.filter(pk__in=reach)
        return {"cases": (cases.exclude(person=person) if person else cases)[:OFFERED]}
    if person is None and q:
        found = people_page(request.viewer, q, size=OFFERED)
        own = case.person_id
        return {"people": [each for each in found.people if each.pk != own], "more": found.next_id}
    return {}


def _chosen(among: Any, public_id: str | None) -> Any:
    return get_object_or_404(among, public_id=public_id) if public_id else None


def _after(request: SignedRequest, of: Contact | Link | Judgement) -> HttpResponse:
    """On to the contact where it is still listed and in reach, else to where the viewer may look."""
    listed = queries.contacts_in_reach(request.viewer).filter(case=of.case_id, person=of.person_id).first()
    if listed is not None:
        return redirect("contacts:contact", listed.public_id)
    case = visible_cases(request.viewer).filter(pk=of.case_id).first()
    if case is not None:
        return redirect("contacts:list_of_case", case.public_id)
    return redirect("contacts:list")
