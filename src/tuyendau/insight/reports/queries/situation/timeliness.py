"""Whether cases were reported to the level above in time, as known at a moment."""

from __future__ import annotations

from django.db.models import Min

from tuyendau.insight.reports.models import Notification
from tuyendau.insight.reports.rules import notifying as rules
from tuyendau.insight.situation.queries import Scope
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus, CaseVersion


def timeliness(scope: Scope) -> dict[str, int]:
    """Of the cases known and not discarded: reported in time, reported late, overdue, still within their hours."""
    cases = {case.row: case for case in scope.known if case.status != CaseStatus.DISCARDED}
    known = CaseVersion.objects.filter(row__any_of=list(cases)).exclude(status=CaseStatus.DISCARDED)
    since = dict(known.order_by().values("row").annotate(first=Min("since")).values_list("row", "first"))
    sent = dict(
        Notification.objects.filter(
            version=1, recorded_at__lte=scope.at, case__id__any_of=list(cases)
        ).values_list("case_id", "sent_at")
    )
    found = {"in_time": 0, "late": 0, "overdue": 0, "due": 0}
    for row, case in cases.items():
        begun = min(since[row], clock.midnight(case.reported_on) + rules.DAY) if row in since else None
        begun = begun or clock.midnight(case.reported_on) + rules.DAY
        until = rules.deadline(case.disease, begun, clock.local_day(begun))
        if row in sent:
            found["in_time" if sent[row] <= until else "late"] += 1
        else:
            found["overdue" if scope.at > until else "due"] += 1
    return found
