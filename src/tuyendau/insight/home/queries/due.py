"""What is due now for the viewer's role, asked of the rooms in which it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.queries.users import awaiting_approval
from tuyendau.core.acting import as_program
from tuyendau.insight.home.rules import Due, Urgency, in_order
from tuyendau.insight.reports.queries import due_reports
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import decidable_cases, due_samples
from tuyendau.records.followup import queries as followup
from tuyendau.records.interviews import queries as interviews
from tuyendau.records.orders import queries as orders
from tuyendau.records.people.queries import pairs_in_reach
from tuyendau.response.care import queries as care

PAIRS_COUNTED = 500


def due(viewer: Viewer, *, at: datetime) -> list[Due]:
    """What waits for the viewer at `at`, soonest first: of each kind how much, since when, and where it is done."""
    return in_order(found for ask, needed in _ASKED if viewer.may(needed) for found in ask(viewer, at))


def _suspected(viewer: Viewer, at: datetime) -> Iterator[Due]:
    waiting = decidable_cases(viewer).filter(status__in=[CaseStatus.SUSPECTED, CaseStatus.PROBABLE])
    with as_program():
        found = waiting.order_by().aggregate(n=Count("pk"), first=Min("reported_on"))
    yield Due(
        "suspected",
        _("Suspected cases that wait for a decision"),
        found["n"],
        f"{reverse('cases:list')}?status=suspected&status=probable",
        Urgency.TODAY,
        "virus-search",
        oldest=clock.midnight(found["first"]) if found["first"] else None,
    )


def _reports(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = due_reports(viewer, at)
    page = reverse("notifications:list")
    yield Due(
        "overdue_reports",
        _("Cases not reported to the level above in time"),
        found.overdue,
        f"{page}?show=overdue",
        Urgency.NOW,
        "alert-triangle",
        _("report them now"),
        oldest=found.oldest,
    )
    yield Due(
        "reports",
        _("Cases to report to the level above"),
        found.due,
        f"{page}?show=due",
        Urgency.TODAY,
        "file-text",
        _("the first by %(when)s")
        % {"when": date_format(localtime(found.first_deadline), "SHORT_DATETIME_FORMAT")}
        if found.first_deadline
        else "",
    )
    yield Due(
        "correct_reports",
        _("Reports of cases to correct"),
        found.to_correct,
        f"{page}?show=open",
        Urgency.TODAY,
        "edit",
        _("sent back, or the case was changed since"),
    )
    yield Due(
        "answer_reports",
        _("Reports of cases to acknowledge"),
        found.to_answer,
        f"{page}?to_me=on",
        Urgency.TODAY,
        "check",
    )


def _samples(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = due_samples(viewer, at)
    samples = reverse("samples:list")
    yield Due(
        "decide_results",
        _("Positive results of discarded cases"),
        found.waiting,
        f"{samples}?show=waits",
        Urgency.NOW,
        "alert-triangle",
        _("decide whether the case is opened again"),
    )
    yield Due(
        "results",
        _("Results awaited for over 24 hours"),
        found.late,
        f"{samples}?show=late",
        Urgency.TODAY,
        "flask",
        _("ask the laboratory"),
        oldest=found.oldest,
    )


def _interviews(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = interviews.due(viewer, clock.local_day(at), most=0)
    page = reverse("interviews:overview")
    late = found.late_count
    yield Due(
        "interviews",
        _("Confirmed cases to interview"),
        found.waiting_count,
        page,
        Urgency.NOW if late else Urgency.TODAY,
        "message",
        ngettext("%(n)d reported over 24 hours ago", "%(n)d reported over 24 hours ago", late) % {"n": late}
        if late
        else "",
    )
    yield Due("begun", _("Interviews under way"), found.begun_count, page, Urgency.TODAY, "message")
    yield Due(
        "milestones",
        _("Epidemiological milestones to send"),
        found.unsent_count,
        reverse("interviews:milestones"),
        Urgency.TODAY,
        "map-pin",
    )


def _followup(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = followup.due(viewer, clock.local_day(at))
    page = reverse("followup:worklist")
    yield Due(
        "alarms",
        _("People in follow-up who are symptomatic"),
        found.alarms,
        f"{page}?show=alarm",
        Urgency.NOW,
        "temperature",
        _("answer within the hour"),
    )
    yield Due(
        "checks",
        _("People to check today"),
        found.todo,
        page,
        Urgency.TODAY,
        "clipboard-check",
        _("%(own)d given to you, %(missed)d missed yesterday") % {"own": found.own, "missed": found.missed},
        done=found.done,
    )
    yield Due(
        "lost",
        _("People in follow-up who are lost"),
        found.lost,
        f"{page}?show=lost",
        Urgency.TODAY,
        "user-question",
    )


def _orders(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = orders.due(viewer, clock.local_day(at))
    yield Due(
        "to_sign",
        _("Orders to sign"),
        found.to_sign,
        reverse("orders:sign"),
        Urgency.TODAY,
        "edit",
        oldest=found.waiting_since,
    )
    yield Due(
        "ending",
        _("Orders that end today or tomorrow"),
        found.ending,
        f"{reverse('orders:list')}?state=ending",
        Urgency.SOON,
        "file-text",
    )


def _care(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = care.due(viewer, at)
    patients, transfers = reverse("care:list"), reverse("care:transfers")
    yield Due(
        "transfers",
        _("Patients whom you are asked to take"),
        found.transfers.to_answer,
        transfers,
        Urgency.NOW,
        "ambulance",
        _("accept or refuse"),
        oldest=found.transfers.since,
    )
    yield Due(
        "arrivals",
        _("Patients on the way to you"),
        found.transfers.coming,
        transfers,
        Urgency.TODAY,
        "ambulance",
    )
    severe = found.late_severe
    yield Due(
        "assess",
        _("Patients to assess again"),
        found.late,
        f"{patients}?wants=late",
        Urgency.NOW if severe else Urgency.TODAY,
        "heart-rate-monitor",
        ngettext("%(n)d of them severe or critical", "%(n)d of them severe or critical", severe)
        % {"n": severe}
        if severe
        else "",
    )
    yield Due(
        "discharge",
        _("Patients who meet the criteria of discharge"),
        found.ready,
        f"{patients}?wants=ready",
        Urgency.SOON,
        "door-exit",
    )


def _pairs(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = len(pairs_in_reach(viewer, most=PAIRS_COUNTED + 1))
    yield Due(
        "pairs",
        _("Records that may be one person"),
        min(found, PAIRS_COUNTED),
        reverse("people:pairs"),
        Urgency.SOON,
        "users",
        more=found > PAIRS_COUNTED,
    )


def _roles(viewer: Viewer, at: datetime) -> Iterator[Due]:
    yield Due(
        "roles",
        _("Roles that wait for a second administrator"),
        awaiting_approval(viewer).count(),
        reverse("accounts:users"),
        Urgency.TODAY,
        "users-group",
    )


_Ask = Callable[[Viewer, datetime], Iterator[Due]]
_ASKED: tuple[tuple[_Ask, Permission], ...] = (
    (_reports, Permission.CASE_NOTIFY),
    (_care, Permission.STAY_RECORD),
    (_samples, Permission.SAMPLE_TAKE),
    (_interviews, Permission.INTERVIEW_RECORD),
    (_followup, Permission.FOLLOWUP_RECORD),
    (_orders, Permission.ORDER_VIEW),
    (_suspected, Permission.CASE_DECIDE),
    (_pairs, Permission.PERSON_MERGE),
    (_roles, Permission.USER_MANAGE),
)
