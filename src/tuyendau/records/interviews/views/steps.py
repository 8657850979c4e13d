"""The steps of an interview: each saved as it is typed and again as one leaves it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.forms import AnswersForm, as_answers
from tuyendau.records.interviews.forms.answers import in_words
from tuyendau.records.interviews.models import Interview, InterviewState, Named, Stay
from tuyendau.records.interviews.rules import QUESTIONS, Kind, Step
from tuyendau.records.interviews.views.calendar import places_context
from tuyendau.records.interviews.views.common import (
    acting,
    interview_or_404,
    next_step,
    seen,
    step_or_404,
    titles,
)
from tuyendau.records.interviews.views.people import people_context
from tuyendau.records.people.queries import household_of


@require_http_methods(["GET", "POST"])
def step(request: SignedRequest, public_id: str, step: str) -> HttpResponse:
    """One step; posting saves its answers and leads to the next, or back with what cannot be understood."""
    interview, here = interview_or_404(request, public_id), step_or_404(step)
    standing = queries.answers_of(interview)
    posted = request.POST if request.method == "POST" else None
    form = AnswersForm(posted, here, interview.case, queries.values_of(standing))
    if posted is not None:
        try:
            understood = form.is_valid()
            saved = actions.save_answers(public_id, as_answers(form), base=_base(request), **acting(request))
        except actions.InterviewRefused as error:
            form.add_error(None, str(error))
        else:
            if saved.beside:
                messages.warning(request, _("Somebody else answered meanwhile. Choose which answer stands."))
                return redirect("interviews:step", public_id, here)
            if understood:
                return redirect("interviews:step", public_id, next_step(here))
    seen(request, "interview.read", interview.case.public_id, {"person": interview.case.person.public_id})
    interview.refresh_from_db(fields=["saves"])
    return render(request, f"interviews/{here}.html", _context(request, interview, here, form, standing))


def _context(
    request: SignedRequest, interview: Interview, here: Step, form: AnswersForm, standing: dict[str, Any]
) -> dict[str, Any]:
    context: dict[str, Any] = {
        "interview": interview,
        "case": interview.case,
        "open": interview.state == InterviewState.BEGUN,
        "here": here,
        "steps": list(titles().items()),
        "number": list(Step).index(here) + 1,
        "form": form,
        "rows": _rows(interview, form, standing),
        "now": clock.now(),
    }
    if here is Step.PLACES:
        context |= places_context(request, interview, request.GET.get("day", ""))
    elif here in (Step.PEOPLE, Step.SOURCE):
        context |= people_context(request, interview, source=here is Step.SOURCE)
    elif here is Step.FINISH:
        context |= _ending(request, interview)
    return context


def _rows(interview: Interview, form: AnswersForm, standing: dict[str, Any]) -> list[dict[str, Any]]:
    """Each question with what was answered before and beside, in words."""

    def worded(name: str, given: Any) -> dict[str, Any]:
        shown = in_words(name, given.value, interview.case) or _("nothing")
        return {"number": given.number, "shown": shown, "by": given.by, "at": given.at}

    rows = []
    for field in form:
        of = standing.get(field.name)
        rows.append(
            {
                "field": field,
                "kind": QUESTIONS[field.name].kind,
                "many": QUESTIONS[field.name].kind in (Kind.CHOICE, Kind.MANY),
                "now": of.now if of else None,
                "earlier": [worded(field.name, each) for each in of.earlier] if of else [],
                "beside": [worded(field.name, each) for each in of.beside] if of else [],
            }
        )
    return rows


def _ending(request: SignedRequest, interview: Interview) -> dict[str, Any]:
    days = queries.calendar(interview, viewer=request.viewer, at=clock.now())
    stays = Stay.objects.filter(interview=interview, taken_at__isnull=True)
    return {
        "unanswered": sum(day.unanswered for day in days),
        "gap_days": [day for day in days if day.gaps],
        "stays": stays.select_related("site", "unit").order_by("start", "pk"),
        "named": Named.objects.filter(interview=interview, taken_at__isnull=True).order_by("pk"),
        "onset_differs": _onset_differs(interview),
        "household_people": household_of(request.viewer, interview.case.person)[:12],
    }


def _onset_differs(interview: Interview) -> str:
    """The day of onset that was told, where the case has another."""
    told = queries.values_of(queries.answers_of(interview)).get("onset_on", "")
    return told if told and told != str(interview.case.onset_on or "") else ""


@require_POST
def save(request: SignedRequest, public_id: str) -> HttpResponse:
    """Save some answers while they are typed. The answer is JSON: what was saved, what is wrong, the new number."""
    interview = interview_or_404(request, public_id)
    here = step_or_404(request.POST.get("step", ""))
    form = AnswersForm(request.POST, here, interview.case, {})
    form.is_valid()
    asked = set(request.POST.getlist("field"))
    values = {name: value for name, value in as_answers(form).items() if name in asked}
    errors = {
        name: " ".join(str(error) for error in form.errors[name]) for name in asked & form.errors.keys()
    }
    try:
        saved = actions.save_answers(public_id, values, base=_base(request), **acting(request))
    except actions.InterviewRefused as error:
        return JsonResponse({"refused": str(error)}, status=409)
    told = {"number": saved.number, "saved": sorted(values), "beside": saved.beside, "errors": errors}
    return JsonResponse(told | {"at": date_format(localtime(clock.now()), "TIME_FORMAT")})


@require_POST
def choose(request: SignedRequest, public_id: str) -> HttpResponse:
    """Let another of the given answers stand."""
    interview_or_404(request, public_id)
    name, number = request.POST.get("name", ""), request.POST.get("number", "")
    if name not in QUESTIONS or not number.isdecimal():
        raise Http404
    try:
        actions.choose_answer(public_id, name, int(number), **acting(request))
    except actions.InterviewRefused as error:
        messages.error(request, str(error))
    return redirect("interviews:step", public_id, QUESTIONS[name].step)


@require_POST
def finish(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take what was told into the records, trace, and lead to the list with what changed."""
    interview = interview_or_404(request, public_id)
    try:
        outcome = actions.finish(public_id, **acting(request))
    except actions.InterviewRefused as error:
        messages.error(request, str(error))
        return redirect("interviews:step", public_id, Step.FINISH)
    messages.success(
        request,
        _(
            "The interview is finished: %(confirmed)d stays confirmed, %(denied)d taken out, %(corrected)d corrected, "
            "%(added)d added; %(linked)d people named, %(new)d of them new on record."
        )
        % {
            "confirmed": outcome.confirmed,
            "denied": outcome.denied,
            "corrected": outcome.corrected,
            "added": outcome.added,
            "linked": outcome.linked,
            "new": outcome.new_people,
        },
    )
    if outcome.difference is None:
        return redirect("interviews:of_case", interview.case.public_id)
    messages.info(
        request,
        _("Traced anew: %(total)d contacts, %(added)d new, %(removed)d gone.")
        % {
            "total": outcome.difference.total,
            "added": outcome.difference.added,
            "removed": outcome.difference.removed,
        },
    )
    return redirect("contacts:list_of_case", interview.case.public_id)


@require_POST
def take_up(request: SignedRequest, public_id: str) -> HttpResponse:
    """Go on with an interview that was finished."""
    interview = interview_or_404(request, public_id)
    try:
        actions.take_up(public_id, **acting(request))
    except actions.InterviewRefused as error:
        messages.error(request, str(error))
        return redirect("interviews:of_case", interview.case.public_id)
    return redirect("interviews:step", public_id, Step.IDENTITY)


def _base(request: SignedRequest) -> int:
    base = request.POST.get("base", "")
    return int(base) if base.isdecimal() and len(base) < 9 else 0
