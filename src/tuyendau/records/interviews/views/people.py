"""With whom: people found on record, people who are new, unknown ones by their number."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.lib.text import fold
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.forms import NamedForm
from tuyendau.records.interviews.models import Interview, InterviewState, Named
from tuyendau.records.interviews.rules import Step
from tuyendau.records.interviews.views.common import acting, interview_or_404, seen
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import find, household_of

FOUND = 8
LEAST_LETTERS = 2
REFUSED = 422


def people_context(
    request: SignedRequest, interview: Interview, *, source: bool, form: NamedForm | None = None
) -> dict[str, Any]:
    """Whom the case named, and the form that adds one; `source`: of those who could have infected it."""
    named = Named.objects.filter(interview=interview, source=source).select_related(
        "person", "site", "stay", "by", "unit"
    )
    unit = interview.case.person.unit
    initial = {
        "way": "other" if source else "household",
        "source": source,
        "commune": unit.code if unit else "",
        "commune_name": unit.name if unit else "",
        "place": request.GET.get("place", ""),
    }
    if initial["place"]:
        initial["way"] = "place"
    return {
        "interview": interview,
        "case": interview.case,
        "open": interview.state == InterviewState.BEGUN,
        "source": source,
        "named": list(named.order_by("pk")),
        "named_form": form or NamedForm(initial=initial, places=_places(request, interview)),
        "household": _household(request, interview) if not source else [],
    }


def _household(request: SignedRequest, interview: Interview) -> list[Person]:
    """Those who live with the case as far as the records know, and were not named yet."""
    named = Named.objects.filter(interview=interview, person__isnull=False).values("person")
    return list(household_of(request.viewer, interview.case.person).exclude(pk__in=named)[:FOUND])


def _places(request: SignedRequest, interview: Interview) -> list[tuple[str, str]]:
    """The stays of the calendar to choose from, the latest day first."""
    days = queries.calendar(interview, viewer=request.viewer, at=clock.now())
    return [
        (
            item.key,
            f"{localtime(item.start):%d/%m %H:%M} · {item.site or (item.stay.words if item.stay else '')}",
        )
        for day in reversed(days)
        for item in day.items
        if item.stay is None or item.stay.verdict != "denied"
    ]


@require_GET
def found_people(request: SignedRequest, public_id: str) -> HttpResponse:
    """People in the viewer's reach whom the written words mean, to choose from."""
    interview = interview_or_404(request, public_id)
    written = request.GET.get("who", "").strip()
    found: list[Person] = []
    if len(fold(written)) >= LEAST_LETTERS:
        seen(request, "people.searched", "people", {"words": fold(written)})
        ids = find(request.viewer, written, Permission.PERSON_VIEW, most=FOUND + 1)
        rows = Person.objects.select_related("unit").in_bulk(ids)
        found = [rows[pk] for pk in ids if pk in rows and pk != interview.case.person_id][:FOUND]
    return render(request, "interviews/found_people.html", {"found": found, "written": written})


@require_POST
def name_person(request: SignedRequest, public_id: str) -> HttpResponse:
    """Note somebody whom the case named."""
    interview = interview_or_404(request, public_id)
    form = NamedForm(request.POST, places=_places(request, interview))
    source = bool(request.POST.get("source"))
    if form.is_valid():
        try:
            actions.name_person(public_id, form.told(), **acting(request))
        except actions.InterviewRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _part(request, interview, source)
    return _part(request, interview, source, form)


@require_POST
def unname(request: SignedRequest, public_id: str, named_id: str) -> HttpResponse:
    """Take somebody off again who was named."""
    interview = interview_or_404(request, public_id)
    source = bool(request.POST.get("source"))
    try:
        actions.unname(public_id, named_id, **acting(request))
    except Named.DoesNotExist as error:
        raise Http404 from error
    except actions.InterviewRefused:
        # The part that comes back shows that they are in the contact list.
        return _part(request, interview, source)
    return _part(request, interview, source)


def _part(
    request: SignedRequest, interview: Interview, source: bool, form: NamedForm | None = None
) -> HttpResponse:
    if not request.htmx and form is None:
        return redirect("interviews:step", interview.public_id, Step.SOURCE if source else Step.PEOPLE)
    context = people_context(request, interview, source=source, form=form)
    return render(request, "interviews/named.html", context, status=200 if form is None else REFUSED)
