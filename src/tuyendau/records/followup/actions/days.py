"""The passing of days: who is through, whose last day is put off, who is lost, who answers for them, which text holds.

All in single statements, so that it may run every quarter of an hour over everybody in follow-up.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.science.epi.regimes import Regime, Transition, regime, regime_on, regimes


@as_program()
def pass_days(*, at: datetime) -> dict[str, int]:
    """Bring every follow-up in force to `at`; how many of each kind changed. Running it again changes nothing.

    As `rules.last_day` and `rules.may_close` say of one, here of all.
    """
    today = clock.local_day(at)
    done = {"regime": _take_over(today)}
    limits = {of.id: of.extend_at_most for of in regimes()}
    past = FollowUp.objects.filter(ended_at__isnull=True, planned_day__lt=today)
    done["completed"] = past.exclude(_question_open()).update(
        state=State.COMPLETED, why=Why.OVER, ended_at=at, last_day=F("planned_day")
    )
    done["unanswered"] = done["extended"] = 0
    for regime_id, limit in limits.items():
        mine = past.filter(regime=regime_id)
        too_long = mine.filter(planned_day__lt=today - timedelta(days=limit))
        done["unanswered"] += too_long.update(state=State.LOST, why=Why.UNANSWERED, ended_at=at)
        done["extended"] += mine.filter(last_day__lt=today).update(last_day=today)
    done["escalated"] = _escalate(at)
    if any(done.values()):
        audit.record("followups.days_passed", by=None, at=at, subject="followups", data=dict(done))
    return done


def _question_open() -> Q:
    """`rules.open_question` of the planned day, in SQL."""
    untested = Q(tested_on__isnull=True) | Q(tested_on__lt=F("symptomatic_on"))
    return (
        Q(reached_on__isnull=True)
        | Q(reached_on__lt=F("planned_day"))
        | Q(symptomatic_on__isnull=False) & untested
    )


def _escalate(at: datetime) -> int:
    """Let the next level up answer for who is lost, or whose alarm nobody answered."""
    raised = 0
    waiting = FollowUp.objects.filter(ended_at__isnull=True).filter(
        Q(state=State.LOST) | Q(alarm_at__isnull=False, alarm_answered_at__isnull=True)
    )
    for hours, ids in _by_hours().items():
        mine = waiting.filter(regime__in=ids)
        for level, limit in enumerate(hours, start=1):
            since = at - timedelta(hours=limit)
            late = Q(state=State.LOST, lost_at__lte=since) | Q(
                alarm_at__lte=since, alarm_answered_at__isnull=True
            )
            raised += mine.filter(late, level__lt=level).update(level=level)
    return raised


def _by_hours() -> dict[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for of in regimes():
        found.setdefault(of.escalate_hours, []).append(of.id)
    return found


def _take_over(today: date) -> int:
    """Put those in follow-up under the text that has come into force since, where it says so itself."""
    changed = 0
    held = FollowUp.objects.filter(ended_at__isnull=True)
    for regime_id, disease, degree in held.values_list("regime", "disease", "degree").distinct():
        begun = regime(regime_id)
        new = regime_on(disease, degree, today, vaccinated=begun.vaccinated)
        if begun.optional or new is None or new.id == regime_id or new.transition is not Transition.ADOPT:
            continue
        if new.effective_from <= begun.effective_from:
            continue
        changed += adopt(held.filter(regime=regime_id, disease=disease, degree=degree), new)
    return changed


_ADOPT = """
UPDATE followup_followup f SET regime = %(regime)s, days = %(days)s, tests = %(tests)s, checks_a_day = %(checks)s,
    planned_day = f.last_exposure + %(days)s, last_day = f.last_exposure + %(days)s,
    next_test_on = (SELECT min(f.last_exposure + day) FROM unnest(%(tests)s::int[]) AS day
                    WHERE f.tested_on IS NULL OR f.last_exposure + day > f.tested_on)
WHERE f.id = ANY(%(followups)s)
"""


def adopt(followups: QuerySet[FollowUp, Any], new: Regime) -> int:
    """Put follow-ups under another regime, each by its own day 0; how many."""
    numbers = list(followups.values_list("pk", flat=True))
    values: dict[str, Any] = {
        "regime": new.id,
        "days": new.days,
        "tests": list(new.tests),
        "checks": new.checks_a_day,
        "followups": numbers,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, values)
    return len(numbers)
