"""Recording what checks found; a check is corrected by another one, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.models import Sample
from tuyendau.records.followup import rules
from tuyendau.records.followup.models import Check, FollowUp, How, Result, State
from tuyendau.records.followup.queries.reach import in_reach
from tuyendau.science.epi.regimes import Regime, regime

UNDO_WITHIN = timedelta(hours=24)
"""So long whoever recorded a check may take it back; later it is corrected by another one."""
SAME_WITHIN = timedelta(minutes=1)
"""The very same check of the same person by the same officer within so long is one that was sent twice."""


class FollowUpRefused(Exception):
    """What was asked of a follow-up cannot be done; the text says why and what to do. Nothing was written.

    `field` names what of a check it is about, where it is about one thing.
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found. `day` None is today; `temperature` is in °C."""

    result: Result
    how: How = How.VISIT
    day: date | None = None
    symptoms: Sequence[str] = ()
    temperature: Decimal | None = None
    tested: bool = False
    note: str = ""
    at: datetime | None = field(default=None)


@as_program()
def record_check(
    public_id: str, found: Found, *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> Check:
    """Record a check. Symptoms raise an alarm for the officer in charge and their district in the same transaction.

    What was sent twice within a minute is recorded once: the first comes back.

    Raises `FollowUpRefused`, and FollowUp.DoesNotExist where the person is out of reach.
    """
    followup = _locked(viewer, public_id)
    if followup.ended_at is not None:
        raise FollowUpRefused(_("This follow-up has ended. Open the person to see why."))
    if (sent := _sent_before(followup, found, by=by, at=at)) is not None:
        return sent
    check = _add(followup, found, by=by, at=at)
    _told(followup, check, by=by, at=at)
    return check


@as_program()
def correct_check(
    public_id: str, found: Found, *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> Check:
    """Put another check in the place of the one with that public id; both stay on record. Raises as `record_check`.

    Raises Check.DoesNotExist where there is none in reach.
    """
    wrong = _standing(viewer, public_id)
    followup = _locked(viewer, wrong.followup.public_id)
    found = _on_day_of(found, wrong)
    _withdraw(wrong, by=by, at=at)
    check = _add(followup, found, by=by, at=at, replaces=wrong)
    _told(followup, check, by=by, at=at, kind="check.corrected")
    return check


@as_program()
def undo_check(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> FollowUp:
    """Take back a check that one recorded oneself a short while ago; it stays on record as withdrawn.

    Raises `FollowUpRefused`, Check.DoesNotExist.
    """
    check = _standing(viewer, public_id)
    if check.by_id != by.pk or at - check.recorded_at > UNDO_WITHIN:
        raise FollowUpRefused(
            _("Only whoever recorded a check takes it back, within a day. Correct it instead.")
        )
    followup = _locked(viewer, check.followup.public_id)
    _withdraw(check, by=by, at=at)
    raised_by_it = followup.alarm_at == check.recorded_at and followup.alarm_answered_at is None
    if check.result == Result.SYMPTOMATIC and raised_by_it:
        followup.alarm_at = None
    sum_up(followup, at)
    audit.record("check.withdrawn", by=by, at=at, subject=followup.public_id, data=_data(followup, check))
    return followup


@as_program()
def record_sheet(
    rows: Sequence[tuple[str, Found]], *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> tuple[int, dict[str, str]]:
    """Record what a team wrote on paper, line by line; how many, and what was refused by follow-up.

    A line that is refused keeps none of the others back.
    """
    done, refused = 0, {}
    for public_id, found in rows:
        try:
            record_check(public_id, found, viewer=viewer, by=by, at=at)
        except FollowUpRefused as error:
            refused[public_id] = str(error)
        except FollowUp.DoesNotExist:
            refused[public_id] = _("This person is not in your reach any more.")
        else:
            done += 1
    return done, refused


@as_program()
def answer_alarm(
    public_id: str, answer: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> FollowUp:
    """Say what was done about somebody's symptoms, which ends the alarm. Raises as `record_check`."""
    followup = _locked(viewer, public_id)
    if followup.alarm_at is None or followup.alarm_answered_at is not None:
        raise FollowUpRefused(_("There is no alarm that waits for an answer."))
    if not answer.strip():
        raise FollowUpRefused(_("Say what was done about the symptoms."))
    followup.alarm_answered_at, followup.alarm_answered_by = at, by  # type: ignore[assignment]
    followup.alarm_answer = answer.strip()[:300]
    followup.level = rules.level_now(followup.lost_at, at, regime(followup.regime).escalate_hours)
    followup.save()
    audit.record(
        "followup.alarm_answered",
        by=by,
        at=at,
        subject=followup.public_id,
        data={"person": followup.person.public_id, "answer": followup.alarm_answer},
    )
    return followup


def _locked(viewer: Viewer, public_id: str) -> FollowUp:
    """The follow-up, its row locked, if the viewer may record checks of the person."""
    found = in_reach(viewer, Permission.FOLLOWUP_RECORD).select_related("person")
    return found.select_for_update(of=("self",)).get(public_id=public_id)


def _standing(viewer: Viewer, public_id: str) -> Check:
    mine = in_reach(viewer, Permission.FOLLOWUP_RECORD).values("pk")
    return Check.objects.select_related("followup").get(
        public_id=public_id, withdrawn_at__isnull=True, followup__in=mine
    )


def _sent_before(
    followup: FollowUp, found: Found, *, by: AbstractBaseUser | None, at: datetime
) -> Check | None:
    """The very same check, where it came a moment ago and stands: a button pressed twice, a page sent again."""
    same = followup.checks.filter(
        withdrawn_at__isnull=True,
        recorded_at__gt=at - SAME_WITHIN,
        by_id=by.pk if by is not None else None,
        day=found.day or clock.local_day(at),
        how=found.how,
        result=found.result,
        symptoms=list(found.symptoms) if found.result == Result.SYMPTOMATIC else [],
        temperature=found.temperature,
        tested=found.tested or found.result == Result.TESTED,
        note=found.note[:300],
    )
    return (same.filter(at=found.at) if found.at else same).order_by("-pk").first()


def _on_day_of(found: Found, wrong: Check) -> Found:
    return Found(
        found.result,
        found.how,
        found.day or wrong.day,
        found.symptoms,
        found.temperature,
        found.tested,
        found.note,
        found.at or wrong.at,
    )


def _withdraw(check: Check, *, by: AbstractBaseUser | None, at: datetime) -> None:
    check.withdrawn_at, check.withdrawn_by = at, by  # type: ignore[assignment]
    check.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _add(
    followup: FollowUp,
    found: Found,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    replaces: Check | None = None,
) -> Check:
    today = clock.local_day(at)
    day = found.day or today
    _refuse_fault(followup, found, day, today)
    made = found.at or (at if day == today else clock.midnight(day) + timedelta(hours=12))
    check = Check.objects.create(
        followup=followup,
        day=day,
        at=made,
        recorded_at=at,
        by_id=by.pk if by is not None else None,
        how=found.how,
        result=found.result,
        symptoms=list(found.symptoms) if found.result == Result.SYMPTOMATIC else [],
        temperature=found.temperature,
        tested=found.tested or found.result == Result.TESTED,
        note=found.note[:300],
        replaces=replaces,
    )
    answered = followup.alarm_at is None or followup.alarm_answered_at is not None
    if found.result == Result.SYMPTOMATIC and answered and not check.tested:
        followup.alarm_at, followup.alarm_answered_at = at, None
        followup.alarm_answered_by, followup.alarm_answer = None, ""
    sum_up(followup, at)
    return check


def sum_up(followup: FollowUp, at: datetime) -> None:
    """Set what the checks that stand come to: last answers, tests, whether the person is lost, the last day."""
    standing = followup.checks.filter(withdrawn_at__isnull=True)
    found = rules.summary(
        rules.Entry(day, made, rules.Result(result), tested)
        for day, made, result, tested in standing.values_list("day", "at", "result", "tested")
    )
    sampled_on = _sampled_on(followup)
    if sampled_on is not None:
        found = replace(found, tested_on=max(sampled_on, found.tested_on or sampled_on))
    of = regime(followup.regime)
    followup.checked_on, followup.result = found.checked_on, found.result or ""
    followup.reached_on, followup.times = found.reached_on, found.times
    followup.unreached, followup.symptomatic_on = found.unreached, found.symptomatic_on
    followup.tested_on = found.tested_on
    followup.next_test_on = _next_test(followup, of)
    lost = rules.is_lost(found, of.lost_after_days)
    if lost and followup.state == State.OPEN:
        followup.state, followup.lost_at = State.LOST, at
    elif not lost and followup.state == State.LOST:
        followup.state, followup.lost_at, followup.level = State.OPEN, None, 0
    followup.last_day = rules.last_day(followup.planned_day, found, clock.local_day(at), of.extend_at_most)
    followup.save()


def _sampled_on(followup: FollowUp) -> date | None:
    """The day of the last sample of the person since day 0, where the laboratory's list has one."""
    taken = Sample.objects.filter(
        person=followup.person_id,
        disease=followup.disease,
        taken_at__gte=clock.midnight(followup.last_exposure),
    )
    last = taken.order_by("-taken_at").values_list("taken_at", flat=True).first()
    return clock.local_day(last) if last else None


def _next_test(followup: FollowUp, of: Regime) -> date | None:
    return of.next_test(followup.last_exposure, followup.tested_on)


def _refuse_fault(followup: FollowUp, found: Found, day: date, today: date) -> None:
    fault = rules.fault_of_check(
        day=day,
        today=today,
        day_zero=min(followup.last_exposure, followup.began_on),
        result=rules.Result(found.result),
        symptoms=found.symptoms,
        temperature=float(found.temperature) if found.temperature is not None else None,
        note=found.note,
    )
    if fault is None:
        return
    shown = {"day": date_format(day, "SHORT_DATE_FORMAT"), "today": date_format(today, "SHORT_DATE_FORMAT")}
    messages = {
        rules.CheckFault.FUTURE: _("The check lies after today, %(today)s."),
        rules.CheckFault.BEFORE: _("The check of %(day)s lies before the follow-up begins."),
        rules.CheckFault.TOO_LATE: _("Checks of more than 7 days ago are not entered any more."),
        rules.CheckFault.NO_SYMPTOM: _("Symptoms: choose at least one, or write the temperature or a note."),
        rules.CheckFault.TEMPERATURE: _("The temperature lies between 34 and 43 °C. Check the number."),
    }
    fields = {rules.CheckFault.NO_SYMPTOM: "symptoms", rules.CheckFault.TEMPERATURE: "temperature"}
    raise FollowUpRefused(messages[fault] % shown, fields.get(fault, "day"))


def _told(
    followup: FollowUp, check: Check, *, by: AbstractBaseUser | None, at: datetime, kind: str = ""
) -> None:
    audit.record(
        kind or "check.recorded", by=by, at=at, subject=followup.public_id, data=_data(followup, check)
    )
    if followup.alarm_at == at and followup.alarm_answered_at is None:
        audit.record(
            "followup.symptomatic", by=by, at=at, subject=followup.public_id, data=_data(followup, check)
        )


def _data(followup: FollowUp, check: Check) -> dict[str, str]:
    return {
        "person": followup.person.public_id,
        "check": check.public_id,
        "day": check.day.isoformat(),
        "result": check.result,
    }
