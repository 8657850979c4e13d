"""The calendar: a day at a time, each recorded stay answered with one tap, and what is added."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.forms import JudgeForm, StayForm
from tuyendau.records.interviews.models import Interview, InterviewState, Stay, Verdict
from tuyendau.records.interviews.rules import Step
from tuyendau.records.interviews.views.common import acting, interview_or_404
from tuyendau.records.visits.models import VisitSource

REFUSED = 422


def places_context(
    request: SignedRequest, interview: Interview, wanted: str, stay_form: StayForm | None = None
) -> dict[str, Any]:
    """The days, the one that is open, and the form that adds a stay to it."""
    days = queries.calendar(interview, viewer=request.viewer, at=clock.now())
    day = next((each for each in days if each.day.isoformat() == wanted), None) or queries.open_day(days)
    gap = request.GET.get("gap", "")
    first = next((each for each in day.gaps if f"{each.start.timestamp():.0f}" == gap), None) if day else None
    initial: dict[str, Any] = {"day": day.day if day else None}
    if first is not None:
        initial |= {"begins": clock_time(first.start), "ends": clock_time(first.end)}
    return {
        "days": days,
        "day": day,
        "sources": dict(VisitSource.choices),
        "stay_form": stay_form or StayForm(initial=initial, auto_id="s_%s"),
        "adding": first is not None or stay_form is not None,
        "open": interview.state == InterviewState.BEGUN,
        "interview": interview,
        "case": interview.case,
        "reasons": reasons(),
        "told_error": "",
        "told_key": "",
    }


def reasons() -> list[str]:
    """Why somebody was not where the records have them, each for one tap."""
    return [
        _("was at home"),
        _("off work that day"),
        _("worked another shift"),
        _("somebody else’s code was scanned"),
        _("has never been there"),
    ]


def clock_time(moment: Any) -> str:
    """A moment as hours and minutes of the province."""
    return f"{moment.astimezone(clock.ZONE):%H:%M}"


@require_POST
def judge(request: SignedRequest, public_id: str) -> HttpResponse:
    """Note what was told of a recorded visit."""
    interview = interview_or_404(request, public_id)
    form = JudgeForm(request.POST)
    understood = form.is_valid()
    if "site" not in form.cleaned_data or "span" not in form.cleaned_data:
        raise Http404
    start, end = form.known()
    day = clock.local_day(start)
    if not understood:
        why = next(iter(form.errors.values()))[0]
        return _card(request, interview, day, error=str(why), key=_key(form))
    told_start, told_end = form.times(day)
    try:
        actions.judge(
            public_id,
            actions.Known(form.cleaned_data["site"], start, end),
            Verdict(form.cleaned_data["verdict"]),
            start=told_start,
            end=told_end,
            note=form.cleaned_data["note"],
            **acting(request),
        )
    except actions.InterviewRefused as error:
        return _card(request, interview, day, error=str(error), key=_key(form))
    return _card(request, interview, day)


@require_POST
def confirm_day(request: SignedRequest, public_id: str) -> HttpResponse:
    """Note that everything recorded of a day was so."""
    interview, day = interview_or_404(request, public_id), _day(request)
    try:
        actions.confirm_day(public_id, day, **acting(request))
    except actions.InterviewRefused as error:
        return _card(request, interview, day, error=str(error))
    return _card(request, interview, day)


@require_POST
def add_stay(request: SignedRequest, public_id: str) -> HttpResponse:
    """Note a stay that the records do not know."""
    interview = interview_or_404(request, public_id)
    form = StayForm(request.POST, auto_id="s_%s")
    if form.is_valid():
        data = form.cleaned_data
        start, end = form.times()
        try:
            actions.add_stay(
                public_id, start, end, site_code=data["site"], words=data["words"], unit=data["unit"],
                note=data["note"],
                **acting(request),
            )  # fmt: skip
        except actions.InterviewRefused as error:
            field = {"start": "begins", "end": "ends"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, str(error))
        else:
            return _card(request, interview, data["day"])
    return _card(request, interview, _day(request), form=form)


@require_POST
def drop_stay(request: SignedRequest, public_id: str, stay_id: str) -> HttpResponse:
    """Take back what was told of a stay."""
    interview, day = interview_or_404(request, public_id), _day(request)
    try:
        actions.drop_stay(public_id, stay_id, **acting(request))
    except Stay.DoesNotExist:
        return _card(request, interview, day, error=_("This was taken back already."))
    except actions.InterviewRefused as error:
        return _card(request, interview, day, error=str(error))
    return _card(request, interview, day)


def _card(
    request: SignedRequest, interview: Interview, day: date, *, error: str = "", key: str = "",
    form: StayForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The calendar with that day open: the part for htmx, else the page; what was refused stands where it was typed."""
    if not request.htmx and form is None:
        if error:
            messages.error(request, error)
        where = reverse("interviews:step", args=[interview.public_id, Step.PLACES])
        return redirect(f"{where}?day={day.isoformat()}")
    context = places_context(request, interview, day.isoformat(), form) | {
        "told_error": error,
        "told_key": key,
    }
    refused = REFUSED if error or form is not None else 200
    return render(request, "interviews/calendar.html", context, status=refused)


def _key(form: JudgeForm) -> str:
    return f"{form.cleaned_data['site']}-{form.cleaned_data['span']}"


def _day(request: SignedRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        pass
    form = StayForm(request.POST)
    form.is_valid()
    found = form.cleaned_data.get("day")
    if not isinstance(found, date):
        raise Http404
    return found
