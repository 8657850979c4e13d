"""Reporting cases to the level above, and what that level answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.rules import ground_of
from tuyendau.insight.reports.models import Notification, NotificationState
from tuyendau.insight.reports.queries.authorities import Sender, sender_of
from tuyendau.insight.reports.queries.duties import Duty, answerable, notifiable, with_duties
from tuyendau.insight.reports.queries.form import digest_of, document_of
from tuyendau.insight.reports.rules import notifying as rules
from tuyendau.records.cases.models import Case, CaseStatus

MOST = 200
"""Of so many cases the reports are sent in one act."""


class NotificationRefused(Exception):
    """What was asked of a report cannot be done; the text says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That a case was reported outside the program: when, and under which number or in which system."""

    at: datetime
    reference: str


@as_program()
def notify(
    public_id: str,
    *,
    viewer: Viewer,
    by: User,
    at: datetime,
    reason: str = "",
    elsewhere: Elsewhere | None = None,
) -> Notification:
    """Report a case to the level above: the first time, or anew with a reason.

    The case's row is locked: of two who send at once the second is told who was first. Raises `NotificationRefused`,
    Case.DoesNotExist where the case is out of reach, `Denied`.
    """
    case = notifiable(viewer).select_for_update(of=("self",), no_key=True).get(public_id=public_id)
    duty = with_duties([case], at)[0]
    _refuse(duty, reason, elsewhere, at)
    return _sent(
        duty, sender_of(viewer, case), viewer=viewer, by=by, at=at, reason=reason.strip(), elsewhere=elsewhere
    )


@as_program()
def notify_many(
    public_ids: Sequence[str], *, viewer: Viewer, by: User, at: datetime
) -> tuple[list[Notification], list[str]]:
    """Report cases that were never reported; what was sent, and of the others each with the reason why not."""
    sent, refused = [], []
    for public_id in list(dict.fromkeys(public_ids))[:MOST]:
        try:
            with transaction.atomic():
                sent.append(notify(public_id, viewer=viewer, by=by, at=at))
        except NotificationRefused as error:
            refused.append(str(error))
        except Case.DoesNotExist:
            refused.append(_("A case is no longer there, or not in your reach."))
    return sent, refused


def _refuse(duty: Duty, reason: str, elsewhere: Elsewhere | None, at: datetime) -> None:
    latest = duty.notification
    if latest is None and duty.case.status == CaseStatus.DISCARDED:
        raise NotificationRefused(
            _("This case was discarded before it was reported. There is nothing to report.")
        )
    if latest is not None and duty.standing not in rules.MAY_SEND and not reason.strip():
        raise NotificationRefused(
            _("%(case)s has been reported already: %(who)s, %(when)s. To correct it, say what is corrected.")
            % {
                "case": duty.case.code or duty.case.person,
                "who": latest.sent_by.get_full_name() if latest.sent_by else "Tuyến Đầu",
                "when": date_format(localtime(latest.sent_at), "DATETIME_FORMAT"),
            }
        )
    if latest is not None and not reason.strip():
        raise NotificationRefused(_("Say what is corrected or added since the last report."))
    if elsewhere is not None and elsewhere.at > at:
        raise NotificationRefused(_("The time of the report lies in the future."))
    if elsewhere is not None and latest is not None and elsewhere.at < latest.sent_at:
        raise NotificationRefused(_("An earlier report is on record already. This one cannot be older."))


def _sent(
    duty: Duty,
    sender: Sender,
    *,
    viewer: Viewer,
    by: User,
    at: datetime,
    reason: str,
    elsewhere: Elsewhere | None,
) -> Notification:
    case, latest = duty.case, duty.notification
    number = latest.version + 1 if latest else 1
    sent_at = elsewhere.at if elsewhere else at
    if latest is not None:
        Notification.objects.filter(pk=latest.pk).update(current=False)
    document = document_of(
        case, sender, version=number, begun_at=duty.begun_at, deadline=duty.deadline, by=by.get_full_name(),
        email=by.email, at=sent_at,
    )  # fmt: skip
    made = Notification.objects.create(
        case=case, version=number, case_version=case.version, begun_at=duty.begun_at, deadline=duty.deadline,
        first_at=latest.first_at if latest else sent_at, sent_at=sent_at, recorded_at=at, sent_by=by,
        from_unit=sender.unit, from_site=sender.site, to_unit=sender.to, elsewhere=elsewhere is not None,
        reference=elsewhere.reference[:120] if elsewhere else "", reason=reason[:300], document=document,
        digest=digest_of(document),
    )  # fmt: skip
    audit.record(
        "case.notified", by=by, at=at, subject=case.public_id,
        ground=ground_of(viewer.grants, Permission.CASE_NOTIFY),
        data={
            "version": number, "to": document["to"], "late": made.late, "digest": made.digest,
            "elsewhere": made.elsewhere, "ground": reason[:300],
        },
    )  # fmt: skip
    return made


@as_program()
def answer(
    public_ids: Sequence[str],
    state: NotificationState,
    *,
    viewer: Viewer,
    by: User,
    at: datetime,
    words: str = "",
) -> list[Notification]:
    """Acknowledge the latest reports of cases (public ids), or send them back with words for what is wrong.

    All or none. Raises `NotificationRefused` where one does not wait for the viewer's answer any more.
    """
    wanted = set(public_ids)
    if state is NotificationState.RETURNED and not words.strip():
        raise NotificationRefused(_("Say what is wrong or missing, so that it can be corrected."))
    found = list(
        answerable(viewer)
        .filter(case__public_id__in=wanted)
        .select_related("case")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not found or len(found) != len(wanted):
        raise NotificationRefused(
            _("Some of these reports were answered already, or are not yours to answer. Load the list again.")
        )
    for each in found:
        each.state, each.answered_at, each.answered_by, each.answer = state, at, by, words.strip()[:300]
        each.save(update_fields=["state", "answered_at", "answered_by", "answer"])
        kind = "acknowledged" if state is NotificationState.ACKNOWLEDGED else "returned"
        audit.record(
            f"case.notification_{kind}", by=by, at=at, subject=each.case.public_id,
            ground=ground_of(viewer.grants, Permission.CASE_NOTIFY),
            data={"version": each.version, "ground": each.answer},
        )  # fmt: skip
    return found
