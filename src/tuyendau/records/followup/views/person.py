"""One follow-up in full, those of a person, and what an officer decides of them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.forms import AlarmForm, GroundForm, OpenForm
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.followup.views.common import act, say_errors, seen, today
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach, person_by_public_id
from tuyendau.science.epi.diseases import diseases
from tuyendau.science.epi.regimes import choices_on


@require_GET
def detail(request: SignedRequest, public_id: str) -> HttpResponse:
    """Day by day what was found, by which text somebody is followed, and because of whom."""
    request.viewer.require(Permission.CONTACT_VIEW)
    try:
        followup = queries.followup_by_public_id(request.viewer, public_id)
    except FollowUp.DoesNotExist as error:
        raise Http404 from error
    person = {"person": followup.person.public_id}
    seen(request, "followup.read", public_id, Permission.CONTACT_VIEW, person)
    on = today()
    records = in_reach(request.viewer, followup.person, Permission.FOLLOWUP_RECORD)
    assigns = in_reach(request.viewer, followup.person, Permission.FOLLOWUP_ASSIGN)
    context = {
        "full": queries.in_full(request.viewer, followup, on),
        "followup": followup,
        "today": on,
        "language": "en" if get_language() == "en" else "vi",
        "records": records and followup.ended_at is None,
        "assigns": assigns and followup.ended_at is None,
        "alarm_form": AlarmForm(auto_id="alarm_%s"),
        "end_form": GroundForm(auto_id="end_%s"),
        "choices": _choices(followup, on) if assigns else [],
    }
    return render(request, "followup/detail.html", context)


def _choices(followup: FollowUp, on: date) -> list[object]:
    known = {
        r.id: r
        for vaccinated in (False, True)
        for r in choices_on(followup.disease, followup.degree, on, vaccinated=vaccinated)
    }
    return [r for r in known.values() if r.id != followup.regime]


@require_POST
def alarm(request: SignedRequest, public_id: str) -> HttpResponse:
    """Say what was done about somebody's symptoms."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    form = AlarmForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
    elif act(request, actions.answer_alarm, public_id, form.cleaned_data["answer"]) is not None:
        messages.success(request, _("The alarm is answered."))
    return redirect("followup:detail", public_id)


@require_POST
def end(request: SignedRequest, public_id: str) -> HttpResponse:
    """End a follow-up before its time."""
    request.viewer.require(Permission.FOLLOWUP_ASSIGN)
    form = GroundForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
    elif act(request, actions.end_by_hand, public_id, form.cleaned_data["ground"]) is not None:
        messages.success(request, _("The follow-up has ended."))
    return redirect("followup:detail", public_id)


@require_POST
def regime(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put somebody under another regime."""
    request.viewer.require(Permission.FOLLOWUP_ASSIGN)
    form = GroundForm(request.POST)
    chosen = request.POST.get("regime", "")
    if not form.is_valid():
        say_errors(request, form)
    elif act(request, actions.choose_regime, public_id, chosen, form.cleaned_data["ground"]) is not None:
        messages.success(request, _("The regime was changed; the days are counted from the same day 0."))
    return redirect("followup:detail", public_id)


@require_GET
def of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The follow-ups of a person, as a part of their page."""
    request.viewer.require(Permission.CONTACT_VIEW)
    person = _person(request, person_id, Permission.PERSON_VIEW)
    context = {
        "person": person,
        "followups": queries.of_person(request.viewer, person),
        "may_open": in_reach(request.viewer, person, Permission.FOLLOWUP_ASSIGN),
        "today": today(),
    }
    return render(request, "followup/of_person.html", context)


@require_http_methods(["GET", "POST"])
def open_one(request: SignedRequest, person_id: str) -> HttpResponse:
    """Put somebody into follow-up whom no list shows."""
    person = _person(request, person_id, Permission.FOLLOWUP_ASSIGN)
    form = OpenForm(request.POST or None, initial={"degree": "1", "source": request.GET.get("source", "")})
    language = "en" if get_language() == "en" else "vi"
    form.fields["disease"].choices = [(d.code, d.name[language]) for d in diseases()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            followup = actions.open_by_hand(
                person, viewer=request.viewer, by=request.user, at=clock.now(),
                **form.cleaned_data | {"degree": int(form.cleaned_data["degree"])},
            )  # fmt: skip
        except actions.FollowUpRefused as error:
            form.add_error(None, str(error))
        except Person.DoesNotExist:
            form.add_error("source", _("There is no such person in your reach."))
        else:
            return redirect("followup:detail", followup.public_id)
    return render(request, "followup/open.html", {"form": form, "person": person})


def _person(request: SignedRequest, person_id: str, permission: Permission) -> Person:
    try:
        return person_by_public_id(request.viewer, person_id, permission)
    except Person.DoesNotExist as error:
        raise Http404 from error
