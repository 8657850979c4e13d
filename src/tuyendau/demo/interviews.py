"""Interviews of the scenario's cases: most within a day of their report, some late, a few never.

Those of the days before the scenario's own are laid at once, without tracing each case anew: what they tell is in the
lists already. When and by whom follows from the person's number, so that every load tells the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit import actions as audit
from tuyendau.demo.plan import Plan
from tuyendau.demo.stories import CLOSES, OPENS, Story
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.rules import Status
from tuyendau.records.interviews import actions
from tuyendau.records.interviews.models import Answer, Interview, InterviewState

NEVER, LATE = 0.08, 0.22
"""Shares of cases that nobody interviews, and with those the ones that are interviewed late: assumed."""
SOON_HOURS, LATE_HOURS = (1, 13), (26, 60)
LASTS_MINUTES = (25, 80)
TOLD = {
    "told_by": "person",
    "way": "phone",
    "identity": "right",
    "travelled": "no",
    "source_known": "unknown",
    "people_words": "Người nhà và người làm cùng chuyền đã có trong danh sách.",
}


def held_between(story: Story, plan: Plan) -> tuple[datetime, datetime] | None:
    """From when to when the case of a story is interviewed; None where nobody does or it is not confirmed."""
    if story.decided is None or story.status is not Status.CONFIRMED:
        return None
    rng = np.random.default_rng([plan.seed, 5, story.person])
    chance = rng.random()
    if chance < NEVER:
        return None
    hours = LATE_HOURS if chance < LATE else SOON_HOURS
    begun = _at_work(story.decided + timedelta(minutes=int(rng.integers(hours[0] * 60, hours[1] * 60))), rng)
    return begun, begun + timedelta(minutes=int(rng.integers(*LASTS_MINUTES)))


def answers_to(case: Case) -> dict[str, str]:
    """What the person of a case tells, as answers are kept."""
    ill = {"ill": "yes", "onset_on": case.onset_on.isoformat()} if case.onset_on else {"ill": "no"}
    return TOLD | ill | {"household": str(2 + case.person_id % 4)}


def hold(told: Iterable[Story], plan: Plan, first: datetime, last: datetime) -> None:
    """Hold the interviews that end in [`first`, `last`), as officers do: finishing one traces its case anew.

    Whoever tries the program may have been there before: a case that was interviewed is left.
    """
    users = {user.username: user for user in User.objects.filter(username__in=("dichte", "vietyen"))}
    for story in told:
        held = held_between(story, plan)
        if held is not None and first <= held[1] < last:
            _hold_one(story.person, users[story.officer], *held)


def _hold_one(person: int, officer: User, begun: datetime, finished: datetime) -> None:
    case = Case.objects.filter(person_id=person, status=CaseStatus.CONFIRMED).first()
    if case is None or case.interviews.filter(state=InterviewState.FINISHED).exists():
        return
    viewer = viewer_of(officer, on=clock.local_day(begun))
    interview = actions.begin(case.public_id, viewer=viewer, by=officer, at=begun)
    with suppress(actions.InterviewRefused):
        actions.save_answers(
            interview.public_id, answers_to(case), base=interview.saves, viewer=viewer, by=officer, at=begun
        )
        actions.finish(interview.public_id, viewer=viewer, by=officer, at=finished)


@transaction.atomic
def lay(told: Iterable[Story], plan: Plan) -> None:
    """Lay the interviews that were begun by the scenario's moment. Where a case has one, nothing is added."""
    waiting = Case.objects.filter(status=CaseStatus.CONFIRMED, interviews__isnull=True)
    cases = {case.person_id: case for case in waiting}
    users = {user.username: user for user in User.objects.filter(username__in=("dichte", "vietyen"))}
    for story in told:
        held = held_between(story, plan)
        if held is not None and held[0] < plan.moment and story.person in cases:
            _lay_one(cases.pop(story.person), users[story.officer], *held, until=plan.moment)


def _lay_one(case: Case, officer: User, begun: datetime, finished: datetime, *, until: datetime) -> None:
    done = finished < until
    interview = Interview.objects.create(
        case=case,
        state=InterviewState.FINISHED if done else InterviewState.BEGUN,
        saves=1,
        begun_at=begun,
        begun_by=officer,
        finished_at=finished if done else None,
        finished_by=officer if done else None,
    )
    values = answers_to(case)
    said_at = begun + (finished - begun) / 2 if done else begun
    Answer.objects.bulk_create(
        Answer(interview=interview, number=1, name=name, value=value, by=officer, at=said_at)
        for name, value in values.items()
    )
    told = {"interview": interview.public_id}
    audit.record("interview.begun", by=officer, at=begun, subject=case.public_id, data=told)
    if done:
        counts = dict.fromkeys(("confirmed", "denied", "corrected", "added", "linked", "new_people"), 0)
        audit.record(
            "interview.finished", by=officer, at=finished, subject=case.public_id, data=told | counts
        )


def _at_work(moment: datetime, rng: np.random.Generator) -> datetime:
    """The moment itself, or the next morning where it is night."""
    begins = clock.midnight(clock.local_day(moment))
    if moment < begins + OPENS:
        return begins + OPENS + timedelta(minutes=int(rng.integers(0, 120)))
    if moment > begins + CLOSES:
        return begins + timedelta(days=1) + OPENS + timedelta(minutes=int(rng.integers(0, 120)))
    return moment
