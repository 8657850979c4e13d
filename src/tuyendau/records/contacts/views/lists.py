"""The graded, ranked contact list of a case: the page that everything else serves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission, Privacy
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import SiteKind
from tuyendau.lib import clock
from tuyendau.lib.spreadsheet import Column, workbook
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import decides, visible_cases
from tuyendau.records.contacts import actions, queries
from tuyendau.records.contacts.forms import FilterForm
from tuyendau.records.contacts.models import NEARNESS, Contact, Grade
from tuyendau.records.contacts.queries.columns import place_of
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id
from tuyendau.science.tracing import minutes_shown

PAGE = 100
PRINTED = 5_000
SUMMARY = 8

# Sites whose own name says little without that of what they are in.
INNER_KINDS = {SiteKind.ROOM, SiteKind.CANTEEN_ZONE, SiteKind.WARD, SiteKind.QUARANTINE_ROOM}


@require_GET
def list_of_case(request: SignedRequest, public_id: str) -> HttpResponse:
    """The contact list of a case, narrowed by grade, site and words from the URL."""
    request.viewer.require(Permission.CONTACT_VIEW)
    case = _case(request, public_id)
    audit.record_read(
        "case.contacts_read",
        viewer=request.viewer,
        permission=Permission.CONTACT_VIEW,
        subject=case.public_id,
        at=clock.now(),
        data={"person": case.person.public_id},
    )
    form = FilterForm(request.GET)
    wanted = form.wanted()
    printing = "print" in request.GET
    seen = queries.visible_contacts(request.viewer, case)
    contacts = queries.contact_list(request.viewer, case, wanted, seen=seen)
    page = ReachPaginator(contacts, PRINTED if printing else PAGE).get_page(request.GET.get("page"))
    context = {
        "case": case, "tab": "contacts", "form": form, "wanted": wanted, "page": page, "inner_kinds": INNER_KINDS,
        "printing": printing,
    }  # fmt: skip
    if request.htmx and request.htmx.target == "rows":
        return render(request, "contacts/list_of_case.html#rows", context)
    overview = _overview(request, case, seen)
    overview["since"] = queries.changes_since(request.viewer, case, request.user)
    overview["may_name"] = request.viewer.may(Permission.CONTACT_EDIT) and case.status != CaseStatus.DISCARDED
    overview["sites"] = [site for site in overview["sites"] if site.of_grade(wanted.grade)]
    return render(request, "contacts/list_of_case.html", context | overview)


@require_GET
def summary_of_case(request: SignedRequest, public_id: str) -> HttpResponse:
    """Counts and the first of the list, as a part of the case's page."""
    request.viewer.require(Permission.CONTACT_VIEW)
    case = _case(request, public_id)
    seen = queries.visible_contacts(request.viewer, case)
    contacts = queries.contact_list(request.viewer, case, queries.ContactFilter(), seen=seen)
    first = ReachPaginator(contacts, SUMMARY).get_page(1)
    return render(
        request,
        "contacts/summary_of_case.html",
        {"case": case, "first": first} | _overview(request, case, seen),
    )


@require_GET
def changes(request: SignedRequest, public_id: str) -> HttpResponse:
    """Whether presence recorded since the last tracing would change the list, as a part of its page.

    The numbers are of the whole case: they are for whoever decides on it, and the part is empty for others.
    """
    request.viewer.require(Permission.CONTACT_VIEW)
    case = _case(request, public_id)
    may_trace = decides(request.viewer, case)
    stale = queries.staleness(case, at=clock.now()) if may_trace else None
    return render(request, "contacts/changes.html", {"case": case, "stale": stale, "decides": may_trace})


@require_POST
def trace_again(request: SignedRequest, public_id: str) -> HttpResponse:
    """Trace a case anew by what is recorded now."""
    try:
        difference = actions.trace_again(public_id, viewer=request.viewer, by=request.user, at=clock.now())
    except Case.DoesNotExist as error:
        raise Http404 from error
    messages.success(
        request,
        _("Traced anew: %(total)d contacts, %(added)d new, %(removed)d gone.")
        % {"total": difference.total, "added": difference.added, "removed": difference.removed},
    )
    return redirect("contacts:list_of_case", public_id)


@require_POST
def seen(request: SignedRequest, public_id: str) -> HttpResponse:
    """Note that the reader has seen what changed in a case's list."""
    try:
        actions.note_seen(public_id, viewer=request.viewer, by=request.user, at=clock.now())
    except Case.DoesNotExist as error:
        raise Http404 from error
    return redirect("contacts:list_of_case", public_id)


@require_GET
def export(request: SignedRequest, public_id: str) -> FileResponse:
    """Every contact of the list as filtered, as XLSX; that it was taken is on record."""
    request.viewer.require(Permission.EXPORT, Permission.CONTACT_VIEW)
    case = _case(request, public_id)
    wanted = FilterForm(request.GET).wanted()
    contacts = queries.contact_list(request.viewer, case, wanted)
    audit.record_export(
        "contacts.exported",
        viewer=request.viewer,
        permission=Permission.EXPORT,
        subject=case.public_id,
        at=clock.now(),
        data={"filter": request.GET.urlencode()},
    )
    book = workbook(
        _("Contacts"), columns(), (_row(contact) for contact in contacts.iterator(chunk_size=1_000))
    )
    part = "" if wanted == queries.ContactFilter() else "-part"
    name = fold(case.code or case.person.full_name or case.public_id).replace(" ", "-")
    traced = f"{localtime(case.trace.at):-%Y%m%d-%H%M}" if hasattr(case, "trace") else ""
    return FileResponse(book, as_attachment=True, filename=f"contacts-{name}{traced}{part}.xlsx")


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The cases that a person is a contact of, as a part of their page."""
    request.viewer.require(Permission.CONTACT_VIEW)
    try:
        person = person_by_public_id(request.viewer, person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error
    contacts = list(queries.contacts_of_person(request.viewer, person))
    visible = visible_cases(request.viewer).in_bulk({contact.case_id for contact in contacts})
    for contact in contacts:
        contact.shown_case = visible.get(contact.case_id)  # type: ignore[attr-defined]
    return render(request, "contacts/of_person.html", {"contacts": contacts, "person": person})


def _case(request: SignedRequest, public_id: str) -> Case:
    return get_object_or_404(visible_cases(request.viewer).select_related("trace"), public_id=public_id)


def _overview(request: SignedRequest, case: Case, seen: QuerySet[Contact]) -> dict[str, Any]:
    """The counts beside a list: by grade, by site, and by what window and policy they came about.

    F2 are counted for the whole case, which only whoever `decides` on it is told. `unseen`: nobody is in the list, but
    there may be contacts whom the viewer does not see.
    """
    counts = queries.grade_counts(request.viewer, case, seen=seen)
    total = sum(counts.values())
    excluded = counts.pop(Grade.EXCLUDED, 0)
    may_decide = decides(request.viewer, case)
    return {
        "trace": getattr(case, "trace", None),
        "grades": [(grade, counts[grade]) for grade in NEARNESS],
        "excluded": excluded,
        "total": total,
        "sites": queries.site_counts(request.viewer, case, seen=seen),
        "site_kinds": dict(SiteKind.choices),
        "decides": may_decide,
        "unseen": not total and (not may_decide or queries.has_contacts(case)),
    }


def columns() -> list[Column]:
    """The columns of the export, with the class of what each tells."""
    personal, sensitive = Privacy.PERSONAL, Privacy.SENSITIVE
    return [
        Column(str(title), width, privacy)
        for title, width, privacy in (
            (_("Rank"), 7, sensitive), (_("Grade"), 12, sensitive), (_("Name"), 26, personal),
            (_("Number"), 16, personal), (_("Sex"), 8, personal), (_("Birth year"), 10, personal),
            (_("Phone"), 14, personal), (_("Commune"), 24, personal), (_("Address"), 30, personal),
            (_("Sites"), 44, sensitive), (_("Minutes"), 10, sensitive), (_("of them assumed"), 10, sensitive),
            (_("First together"), 18, sensitive), (_("Last together"), 18, sensitive),
            (_("Probability of transmission"), 14, sensitive), (_("Case status"), 14, sensitive),
        )
    ]  # fmt: skip


def _row(contact: Any) -> list[object]:
    """A row of the export, of a contact as `queries.contact_list` annotates it."""
    person = contact.person
    sites = "; ".join(place_of(exposure) for exposure in contact.exposures.all())
    return [
        contact.rank, str(Grade(contact.grade).label), person.full_name, person.code,
        person.get_sex_display() if person.sex else None, person.birth_year, person.phone,
        person.unit.name if person.unit else None, person.address, sites, minutes_shown(contact.seconds),
        minutes_shown(contact.assumed_seconds), contact.first, contact.last,
        round(contact.probability, 4) if contact.seconds else None,
        str(CaseStatus(contact.case_status).label) if contact.case_status else None,
    ]  # fmt: skip
