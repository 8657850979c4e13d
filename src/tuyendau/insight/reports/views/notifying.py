"""Reports of cases to the level above: the list, one case, its paper, sending and answering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator, as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.reports import actions, queries
from tuyendau.insight.reports.forms import AnswerForm, DutyForm, ElsewhereForm, ReasonForm
from tuyendau.insight.reports.models import Notification, NotificationState
from tuyendau.insight.reports.queries import Duty
from tuyendau.insight.reports.queries.authorities import sender_of
from tuyendau.insight.reports.queries.form import document_of
from tuyendau.insight.reports.rules.notifying import text_on
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case

PAGE = 50


def _seen(request: SignedRequest, kind: str, subject: str) -> None:
    audit.record_read(
        kind, viewer=request.viewer, permission=Permission.CASE_NOTIFY, subject=subject, at=clock.now()
    )


def _case(request: SignedRequest, public_id: str) -> Case:
    """The case, if the viewer may report it. Raises Http404, `Denied`."""
    try:
        return queries.notifiable(request.viewer).get(public_id=public_id)
    except Case.DoesNotExist as error:
        raise Http404 from error


@require_GET
def notifications(request: SignedRequest) -> HttpResponse:
    """The cases to be reported and the reports that were sent, narrowed by the URL, what presses most first."""
    request.viewer.require(Permission.CASE_NOTIFY)
    at = clock.now()
    form = DutyForm(request.GET)
    wanted = form.wanted()
    # What the list is narrowed by only the program may read: the rows of a page are read by their numbers alone.
    paginator = ReachPaginator(
        queries.duties(request.viewer, wanted, at), PAGE, lambda numbers: _as_viewer(request, numbers)
    )
    page = paginator.get_page(request.GET.get("page"))
    rows = queries.with_duties(list(page.object_list), at)
    _seen(request, "notifications.read", "notifications")
    context = {
        "form": form, "wanted": wanted, "page": page, "rows": rows, "due": queries.due_reports(request.viewer, at),
        "text": text_on(clock.local_day(at)), "may_answer": _answerable(request, rows),
    }  # fmt: skip
    template = "reports/notifications.html#rows" if request.htmx else "reports/notifications.html"
    return render(request, template, context)


def _as_viewer(request: SignedRequest, numbers: list[int]) -> list[Case]:
    found = {case.pk: case for case in queries.notifiable(request.viewer).filter(pk__any_of=numbers)}
    return [found[number] for number in numbers if number in found]


def _answerable(request: SignedRequest, rows: list[Duty]) -> set[int]:
    """The row numbers of the cases of which the viewer may answer the report."""
    sent = [
        row.case.pk for row in rows if row.notification and row.notification.state == NotificationState.SENT
    ]
    if not sent:
        return set()
    with as_program():
        found = queries.answerable(request.viewer).filter(case__id__any_of=sent)
        return set(found.values_list("case_id", flat=True))


@require_GET
def notification(request: SignedRequest, case_id: str) -> HttpResponse:
    """The report of one case: what would be sent now, what was sent, and what can be done."""
    case = _case(request, case_id)
    _seen(request, "notification.read", case_id)
    return render(request, "reports/notification.html", _context(request, case))


def _context(request: SignedRequest, case: Case, **more: Any) -> dict[str, Any]:
    at = clock.now()
    duty = queries.with_duties([case], at)[0]
    versions = queries.versions_of(case)
    chosen = next((each for each in versions if str(each.version) == request.GET.get("version", "")), None)
    document = chosen.document if chosen else _draft(request, duty) if duty.waits else versions[0].document
    return {
        "case": case, "duty": duty, "versions": versions, "chosen": chosen, "document": document,
        "shown": chosen or (None if duty.waits else versions[0]),
        "may_answer": case.pk in _answerable(request, [duty]),
        "to": sender_of(request.viewer, case).to, "text": text_on(clock.local_day(at)),
        "reason_form": ReasonForm(), "elsewhere_form": ElsewhereForm(auto_id="elsewhere_%s"),
        "answer_form": AnswerForm(auto_id="answer_%s"),
    } | more  # fmt: skip


def _draft(request: SignedRequest, duty: Duty) -> dict[str, Any]:
    """What would be sent now."""
    with as_program():
        return document_of(
            duty.case,
            sender_of(request.viewer, duty.case),
            version=duty.notification.version + 1 if duty.notification else 1,
            begun_at=duty.begun_at,
            deadline=duty.deadline,
            by=request.user.get_full_name(),
            email=request.user.email,
            at=duty.at,
        )


@require_GET
def notification_paper(request: SignedRequest, case_id: str) -> HttpResponse:
    """The report on paper: a version as it was sent, or what would be sent now."""
    case = _case(request, case_id)
    _seen(request, "notification.printed", case_id)
    context = _context(request, case)
    return render(request, "reports/notification_paper.html", context | {"printing": "print" in request.GET})


@require_http_methods(["POST"])
def notify(request: SignedRequest, case_id: str) -> HttpResponse:
    """Send the report of a case, or note that it was reported elsewhere; the form comes back filled where refused."""
    case = _case(request, case_id)
    outside = "sent_at" in request.POST
    form = ElsewhereForm(request.POST, auto_id="elsewhere_%s") if outside else ReasonForm(request.POST)
    if form.is_valid():
        try:
            made = actions.notify(
                case_id,
                viewer=request.viewer,
                by=request.user,
                at=clock.now(),
                reason=form.cleaned_data["reason"],
                elsewhere=form.elsewhere() if isinstance(form, ElsewhereForm) else None,
            )
        except actions.NotificationRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _told(made))
            return redirect("notifications:detail", case_id)
    filled = {"elsewhere_form": form} if outside else {"reason_form": form}
    return render(request, "reports/notification.html", _context(request, case, **filled), status=422)


def _told(made: Notification) -> str:
    words = (
        _("It is on record that the case was reported: %(to)s.")
        if made.elsewhere
        else _("The report was sent: %(to)s.")
    )
    return words % {"to": made.document["to"]}


@require_POST
def notify_many(request: SignedRequest) -> HttpResponse:
    """Send the reports of the chosen cases."""
    request.viewer.require(Permission.CASE_NOTIFY)
    chosen = request.POST.getlist("cases")
    if not chosen:
        messages.error(request, _("Choose at least one case."))
        return _back(request)
    sent, refused = actions.notify_many(chosen, viewer=request.viewer, by=request.user, at=clock.now())
    if sent:
        n = len(sent)
        messages.success(
            request, ngettext("%(n)d report was sent.", "%(n)d reports were sent.", n) % {"n": n}
        )
    for why in list(dict.fromkeys(refused))[:5]:
        messages.error(request, why)
    return _back(request)


def _back(request: SignedRequest) -> HttpResponse:
    """To the list as it was narrowed."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()})
    return redirect(to if safe and to else "notifications:list")


@require_POST
def answer(request: SignedRequest, case_id: str) -> HttpResponse:
    """Acknowledge the report of a case, or send it back."""
    case = _case(request, case_id)
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if form.is_valid():
        state = NotificationState(form.cleaned_data["state"])
        try:
            actions.answer(
                [case_id],
                state,
                viewer=request.viewer,
                by=request.user,
                at=clock.now(),
                words=form.cleaned_data["words"],
            )
        except actions.NotificationRefused as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("The answer is on record."))
            return redirect("notifications:detail", case_id)
    return render(request, "reports/notification.html", _context(request, case, answer_form=form), status=422)


@require_POST
def answer_many(request: SignedRequest) -> HttpResponse:
    """Acknowledge the reports of the chosen cases."""
    request.viewer.require(Permission.CASE_NOTIFY)
    chosen = request.POST.getlist("cases")
    if not chosen:
        messages.error(request, _("Choose at least one case."))
        return _back(request)
    try:
        done = actions.answer(
            chosen, NotificationState.ACKNOWLEDGED, viewer=request.viewer, by=request.user, at=clock.now()
        )
    except actions.NotificationRefused as error:
        messages.error(request, str(error))
    else:
        n = len(done)
        said = ngettext("%(n)d report was acknowledged.", "%(n)d reports were acknowledged.", n)
        messages.success(request, said % {"n": n})
    return _back(request)


@require_GET
def of_case(request: SignedRequest, case_id: str) -> HttpResponse:
    """Where the report of a case stands, as a part of its page."""
    case = _case(request, case_id)
    duty = queries.with_duties([case], clock.now())[0]
    return render(request, "reports/of_case.html", {"duty": duty, "case": case})
