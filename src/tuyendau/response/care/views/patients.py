"""The page of a patient: how ill they are, where they lie, what the text in force says of discharge."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.response.care import actions, queries, rules
from tuyendau.response.care.forms import ChangeForm, CorrectForm, GroundForm
from tuyendau.response.care.models import Assessment, Condition, Severity, Stay, StayState
from tuyendau.response.care.queries import clinical, patients, transfers
from tuyendau.response.care.views.common import act, act_of_form, seen, stay_of


@require_GET
def detail(request: SignedRequest, public_id: str) -> HttpResponse:
    """One stay: what is known of the patient here, and what can be done now."""
    stay = stay_of(request, public_id)
    seen(request, "stay.read", public_id, {"person": stay.person.public_id})
    now = clock.now()
    records = (
        request.viewer.may(Permission.STAY_RECORD)
        and queries.stays_in_reach(request.viewer, Permission.STAY_RECORD).filter(pk=stay.pk).exists()
    )
    course = clinical.courses([stay]).get(stay.pk)
    beside = patients.lines(request.viewer, [stay.pk], ["latest", "infected"])
    assessments = stay.assessments.select_related("by", "corrected_by").order_by("-at", "-pk")
    others = queries.stays_in_reach(request.viewer).filter(person=stay.person_id).exclude(pk=stay.pk)
    context = {
        "stay": stay,
        "day": patients.day_of(stay, clock.local_day(now)),
        "beside": beside[0].beside if beside else {},
        "conditions": [Condition(code).label for code in stay.conditions],
        "records": records,
        "present": stay.state == StayState.PRESENT,
        "guided": clinical.guided(stay, course, now) if course is not None else None,
        "assessments": assessments,
        "late": stay.case is not None
        and stay.state == StayState.PRESENT
        and rules.assessed_late(
            rules.Severity(stay.severity) if stay.severity else None, stay.assessed_at or stay.began_at, now
        ),
        "levels": list(reversed(Severity.choices)),
        "transfers": transfers.of_stay(request.viewer, stay.pk),
        "others": others.exclude(state=StayState.CANCELLED).select_related("site").order_by("-began_at"),
        "reopens": records and rules.may_become(rules.StayState(stay.state), rules.StayState.PRESENT),
        "ground_form": GroundForm(auto_id="ground_%s"),
    }
    return render(request, "care/detail.html", context)


@require_POST
def assess(request: SignedRequest, public_id: str, level: str) -> HttpResponse:
    """Record how ill a patient is now, by one tap; a list that asked has its row again."""
    request.viewer.require(Permission.STAY_RECORD)
    if level not in Severity.values:
        raise Http404
    made = act(request, actions.assess, public_id, level)
    if made is not None:
        messages.success(request, f"{made.stay.person}: {made.get_level_display()}.")
    if "back" in request.POST:
        return redirect(f"{reverse('care:list')}?{request.POST['back'] or 'view=none'}")
    return redirect("care:detail", public_id)


@require_http_methods(["GET", "POST"])
def correct(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put another assessment in the place of a wrong one."""
    stays = queries.stays_in_reach(request.viewer, Permission.STAY_RECORD)
    wrong = (
        Assessment.objects.filter(public_id=public_id, corrected_by=None, stay__in=stays.values("pk"))
        .select_related("stay__person")
        .first()
    )
    if wrong is None:
        raise Http404
    form = CorrectForm(request.POST or None, initial={"level": wrong.level})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = act_of_form(
            request, form, actions.correct_assessment, public_id, given["level"], given["note"]
        )
        if made is not None:
            messages.success(request, _("The assessment is corrected; the wrong one stays on record."))
            return redirect("care:detail", wrong.stay.public_id)
    return render(request, "care/correct.html", {"form": form, "wrong": wrong, "stay": wrong.stay})


@require_http_methods(["GET", "POST"])
def change(request: SignedRequest, public_id: str) -> HttpResponse:
    """Ward, bed, conditions and note of a stay."""
    stay = stay_of(request, public_id, Permission.STAY_RECORD)
    form = ChangeForm(request.POST or None, initial=_known(stay), rooms=queries.rooms_of(stay.site))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = act_of_form(
            request, form, actions.change_stay, public_id, ward=form.chosen(), bed=given["bed"],
            conditions=given["conditions"], note=given["note"], beyond=given["beyond"],
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Recorded."))
            return redirect("care:detail", public_id)
    return render(request, "care/change.html", {"form": form, "stay": stay, "ground_form": GroundForm()})


def _known(stay: Stay) -> dict[str, object]:
    return {
        "ward": stay.ward.public_id if stay.ward else "", "bed": stay.bed, "conditions": stay.conditions,
        "note": stay.note,
    }  # fmt: skip
