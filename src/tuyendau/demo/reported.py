"""Reports of the scenario's cases to the level above: most in time, some late, a few that are still owed.

When each was sent follows from the number of the person, so that every load tells the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from tuyendau.access import Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit import actions as audit
from tuyendau.demo.plan import DISTRICT, Plan
from tuyendau.demo.signins import COMMUNE
from tuyendau.insight.reports.models import Notification, NotificationState
from tuyendau.insight.reports.queries import Duty, with_duties
from tuyendau.insight.reports.queries.authorities import sender_of
from tuyendau.insight.reports.queries.form import digest_of, document_of
from tuyendau.records.cases.models import Case, CaseStatus

NEVER, LATE = 0.03, 0.12
"""Shares of cases that nobody reported, and with those the ones that were reported late: assumed."""
IN_TIME_HOURS, LATE_HOURS = (1, 20), (25, 44)
ANSWERED = timedelta(hours=3)
RETURNED_EVERY = 40
WRONG = "Chưa ghi rõ nơi làm việc và ngày tiếp xúc cuối."


@transaction.atomic
def lay(plan: Plan) -> None:
    """Report the cases and answer the reports, as officers did by the scenario's moment. What is reported is left."""
    users = {
        user.username: user for user in User.objects.filter(username__in=("dichte", "vietyen", "quangchau"))
    }
    owed = Case.objects.exclude(status=CaseStatus.DISCARDED).filter(notifications__isnull=True)
    cases = list(owed.select_related("person__unit__parent__parent", "unit__parent").order_by("pk"))
    senders = {name: (user, viewer_of(user, on=plan.day)) for name, user in users.items()}
    made = []
    for duty in with_duties(cases, plan.moment):
        sent_at = _sent_at(duty, plan)
        if sent_at is not None and sent_at < plan.moment:
            made.append(_reported(duty, senders, sent_at, plan.moment))
    Notification.objects.bulk_create(made)


def _sent_at(duty: Duty, plan: Plan) -> datetime | None:
    rng = np.random.default_rng([plan.seed, 6, duty.case.person_id])
    chance = rng.random()
    if chance < NEVER:
        return None
    hours = LATE_HOURS if chance < LATE else IN_TIME_HOURS
    return duty.begun_at + timedelta(minutes=int(rng.integers(hours[0] * 60, hours[1] * 60)))


def _between(case: Case) -> tuple[str, str]:
    """Who reports a case, by where it is counted, and who answers."""
    unit = case.unit
    if unit is not None and unit.code == COMMUNE:
        return "quangchau", "vietyen"
    if unit is not None and unit.parent is not None and unit.parent.code == DISTRICT:
        return "vietyen", "dichte"
    return "dichte", "dichte"


def _reported(
    duty: Duty, senders: dict[str, tuple[User, Viewer]], at: datetime, until: datetime
) -> Notification:
    """The report of a case, and what the level above answered some hours later."""
    case = duty.case
    names = _between(case)
    (by, viewer), (above, _viewer) = senders[names[0]], senders[names[1]]
    sender = sender_of(viewer, case)
    document = document_of(
        case, sender, version=1, begun_at=duty.begun_at, deadline=duty.deadline, by=by.get_full_name(),
        email=by.email, at=at,
    )  # fmt: skip
    made = Notification(
        case=case, version=1, case_version=case.version, begun_at=duty.begun_at, deadline=duty.deadline,
        first_at=at, sent_at=at, recorded_at=at, sent_by=by, from_unit=sender.unit, to_unit=sender.to,
        document=document, digest=digest_of(document),
    )  # fmt: skip
    told = {"version": 1, "to": document["to"], "late": made.late, "digest": made.digest, "elsewhere": False}
    audit.record("case.notified", by=by, at=at, subject=case.public_id, data=told)
    if at + ANSWERED < until:
        wrong = case.person_id % RETURNED_EVERY == 0 and above is not by
        made.state = NotificationState.RETURNED if wrong else NotificationState.ACKNOWLEDGED
        made.answered_at, made.answered_by, made.answer = at + ANSWERED, above, WRONG if wrong else ""
        kind = "case.notification_returned" if wrong else "case.notification_acknowledged"
        audit.record(kind, by=above, at=made.answered_at, subject=case.public_id, data={"version": 1})
    return made
