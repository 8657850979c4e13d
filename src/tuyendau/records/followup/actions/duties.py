"""Opening, changing and ending follow-ups as the contacts' lists change, in the same transaction.

One case may have thousands of close contacts: each step is one statement for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock, publicid
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.records.followup.queries.duty import Duty, duties
from tuyendau.science.epi.regimes import Regime, regime_on

F0, F1, F2 = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change of contacts did to follow-ups, in persons."""

    opened: int = 0
    moved: int = 0
    ended: int = 0

    def __bool__(self) -> bool:
        return bool(self.opened or self.moved or self.ended)

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.opened + other.opened, self.moved + other.moved, self.ended + other.ended)


_WANTED = """
wanted AS (
    SELECT * FROM unnest(%(people)s::int[], %(firsts)s::date[], %(lasts)s::date[], %(cases)s::int[],
        %(chances)s::float8[]) AS w (person_id, first_on, last_on, case_id, probability)
)"""
# Somebody put there by hand keeps the exposure that was told then, where it is the later one.
_MOVE = f"""
WITH {_WANTED}, due AS (
    SELECT f.id, w.first_on, w.case_id, w.probability, greatest(w.last_on, f.hand_exposure) AS last_on
    FROM wanted w JOIN followup_followup f ON f.person_id = w.person_id
    WHERE f.disease = %(disease)s AND f.degree >= 1 AND f.ended_at IS NULL
)
UPDATE followup_followup f SET degree = 1, source_person_id = NULL, first_exposure = due.first_on,
    last_exposure = due.last_on, planned_day = due.last_on + f.days, last_day = due.last_on + f.days,
    case_id = due.case_id, probability = due.probability,
    next_test_on = (SELECT min(due.last_on + day) FROM unnest(f.tests) AS day
                    WHERE f.tested_on IS NULL OR due.last_on + day > f.tested_on)
FROM due WHERE f.id = due.id AND (f.degree, f.first_exposure, f.last_exposure, f.case_id, f.probability)
    IS DISTINCT FROM (1, due.first_on, due.last_on, due.case_id, due.probability)
"""  # noqa: S608
# Whom an officer has ended by hand is not opened again by the same exposure. Who was lost for good is.
_OPEN = f"""
WITH {_WANTED}
SELECT w.person_id FROM wanted w
WHERE w.last_on + %(days)s >= %(today)s
  AND NOT EXISTS (SELECT FROM followup_followup f WHERE f.person_id = w.person_id AND f.disease = %(disease)s
                  AND (f.ended_at IS NULL OR f.why IN ('by_hand', 'over') AND f.last_exposure >= w.last_on))
"""  # noqa: S608
_INSERT = f"""
WITH {_WANTED}, fresh AS (
    SELECT * FROM unnest(%(new)s::int[], %(ids)s::text[]) AS n (person_id, public_id)
)
INSERT INTO followup_followup (public_id, person_id, disease, degree, state, regime, days, tests, checks_a_day,
    began_on, first_exposure, last_exposure, planned_day, last_day, case_id, probability, ground, site_id, result,
    times, unreached, next_test_on, alarm_answer, level, why)
SELECT n.public_id, n.person_id, %(disease)s, 1, 'open', %(regime)s, %(days)s, %(tests)s::smallint[], %(checks)s,
    %(today)s, w.first_on, w.last_on, w.last_on + %(days)s, w.last_on + %(days)s, w.case_id, w.probability, '',
    {{site}}, '', 0, 0, (SELECT min(w.last_on + day) FROM unnest(%(tests)s::int[]) AS day), '', 0, ''
FROM fresh n JOIN wanted w USING (person_id)
"""  # noqa: S608
LODGING = """(SELECT a.site_id FROM people_assignment a
     WHERE a.person_id = {person} AND a.role = 'lodges' AND a.valid_from <= %(today)s
       AND (a.valid_to IS NULL OR a.valid_to > %(today)s) ORDER BY a.valid_from DESC, a.id DESC LIMIT 1)"""
"""Where a person lives on the day `today`: the row id of the site."""
_SOURCES_GONE = """
DELETE FROM followup_source s USING followup_followup f
WHERE f.id = s.followup_id AND f.ended_at IS NULL AND f.disease = %(disease)s AND f.person_id = ANY(%(people)s)
  AND NOT EXISTS (SELECT FROM unnest(%(source_people)s::int[], %(source_cases)s::int[]) AS p (person_id, case_id)
                  WHERE p.person_id = f.person_id AND p.case_id = s.case_id)
"""
_SOURCES_NEW = """
INSERT INTO followup_source (followup_id, case_id)
SELECT f.id, p.case_id
FROM unnest(%(source_people)s::int[], %(source_cases)s::int[]) AS p (person_id, case_id)
JOIN followup_followup f ON f.person_id = p.person_id AND f.disease = %(disease)s AND f.ended_at IS NULL
ON CONFLICT DO NOTHING
"""


@as_program()
def follow_cases(cases: Collection[int], *, by: AbstractBaseUser | None, at: datetime) -> Changes:
    """Bring the follow-ups of all who are, or were, contacts of `cases` (row ids) to what the contacts say now."""
    listed = duties(cases=cases)
    before = set(
        FollowUp.objects.filter(ended_at__isnull=True, sources__case__in=cases).values_list(
            "person_id", flat=True
        )
    )
    others = before - {duty.person for duty in listed}
    return _bring(listed + (duties(people=others) if others else []), others, by=by, at=at)


@as_program()
def follow_people(people: Collection[int], *, by: AbstractBaseUser | None, at: datetime) -> Changes:
    """The same for `people` (row ids)."""
    return _bring(duties(people=people), set(people), by=by, at=at)


def _bring(found: list[Duty], people: set[int], *, by: AbstractBaseUser | None, at: datetime) -> Changes:
    """Open, move and end so that follow-ups are as `found` says; `people` are concerned also where they have none."""
    by_disease: defaultdict[str, list[Duty]] = defaultdict(list)
    for duty in found:
        by_disease[duty.disease].append(duty)
    changes = Changes()
    for disease, wanted in by_disease.items():
        changes += _follow(disease, wanted, at)
    ended = _end_undue(people, {(duty.person, duty.disease) for duty in found}, by=by, at=at)
    return changes + Changes(ended=ended)


def _follow(disease: str, wanted: list[Duty], at: datetime) -> Changes:
    today = clock.local_day(at)
    regime = regime_on(disease, F1, today)
    values: dict[str, Any] = {
        "disease": disease,
        "today": today,
        "people": [duty.person for duty in wanted],
        "firsts": [duty.first_on for duty in wanted],
        "lasts": [duty.last_on for duty in wanted],
        "cases": [duty.case for duty in wanted],
        "chances": [duty.probability for duty in wanted],
        "source_people": [duty.person for duty in wanted for _case in duty.cases],
        "source_cases": [case for duty in wanted for case in duty.cases],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        moved = cursor.rowcount
        opened = _open(cursor, regime, values) if regime is not None else 0
        cursor.execute(_SOURCES_GONE, values)
        cursor.execute(_SOURCES_NEW, values)
    return Changes(opened=opened, moved=moved)


def _open(cursor: Any, regime: Regime, values: dict[str, Any]) -> int:
    values |= {
        "regime": regime.id,
        "days": regime.days,
        "tests": list(regime.tests),
        "checks": regime.checks_a_day,
    }
    cursor.execute(_OPEN, values)
    new = [person for (person,) in cursor.fetchall()]
    if new:
        values |= {"new": new, "ids": [publicid.new("follow") for _person in new]}
        cursor.execute(_INSERT.format(site=LODGING.format(person="n.person_id")), values)
    return len(new)


def _end_undue(
    people: set[int], due: set[tuple[int, str]], *, by: AbstractBaseUser | None, at: datetime
) -> int:
    """End what nobody has a duty to any more; who was also put there by hand goes on by what was told then."""
    standing = FollowUp.objects.filter(person__in=people, ended_at__isnull=True, degree=F1)
    gone = [f for f in standing if (f.person_id, f.disease) not in due]
    kept = [f for f in gone if f.hand_exposure is not None]
    for followup in kept:
        _go_by_hand(followup)
    ended = [f.pk for f in gone if f.hand_exposure is None]
    end(ended, Why.TAKEN_BACK, State.CANCELLED, by=by, at=at)
    return len(ended)


def _go_by_hand(followup: FollowUp) -> None:
    """Let a follow-up go by the exposure that an officer told, and no longer by cases."""
    if followup.hand_exposure is None:
        return
    followup.last_exposure = followup.hand_exposure
    followup.planned_day = followup.last_day = followup.hand_exposure + timedelta(days=followup.days)
    followup.case = None
    followup.save()


def end(
    followups: Iterable[int], why: Why, state: State, *, by: AbstractBaseUser | None, at: datetime
) -> int:
    """End follow-ups in force (row ids), all in one statement; how many."""
    return FollowUp.objects.filter(pk__in=list(followups), ended_at__isnull=True).update(
        state=state, why=why, ended_at=at, ended_by=by
    )


@as_program()
def isolate(case: Case, *, by: AbstractBaseUser | None, at: datetime) -> bool:
    """Follow the person of a confirmed case as a case; their follow-up as a contact ends in it. Whether it is new.

    Day 0 is that of isolation, else of the deciding result, else today. A case whose days are over is not opened.
    """
    today = clock.local_day(at)
    regime = regime_on(case.disease, F0, today)
    _raise_contacts(case, today)
    standing = FollowUp.objects.filter(person=case.person_id, disease=case.disease, ended_at__isnull=True)
    if standing.filter(degree=F0).exists():
        return False
    end(standing.values_list("pk", flat=True), Why.BECAME_CASE, State.CONVERTED, by=by, at=at)
    zero = _day_zero(case, today)
    if regime is None or regime.last_day(zero) < today:
        return False
    followup = FollowUp.objects.create(
        **of_regime(regime, zero),
        person_id=case.person_id,
        disease=case.disease,
        degree=F0,
        began_on=today,
        case=case,
        site_id=lodging_of(case.person_id, today),
    )
    audit.record(
        "followup.opened",
        by=by,
        at=at,
        subject=followup.public_id,
        data={"person": case.person.public_id, "degree": F0, "case": case.public_id, "regime": regime.id},
    )
    return True


def _raise_contacts(case: Case, today: date) -> None:
    """Whoever was an F2 because of an F1 is an F1 now that this one is a case."""
    regime = regime_on(case.disease, F1, today)
    met = FollowUp.objects.filter(
        source_person=case.person_id, disease=case.disease, degree=F2, ended_at__isnull=True
    )
    if regime is None:
        return
    for followup in met:
        for name, value in of_regime(regime, followup.last_exposure).items():
            setattr(followup, name, value)
        followup.degree, followup.case = F1, case
        followup.save()


def _day_zero(case: Case, today: date) -> date:
    isolated = clock.local_day(case.isolated_at) if case.isolated_at else None
    return min(isolated or case.result_on or today, today)


def of_regime(regime: Regime, zero: date) -> dict[str, Any]:
    """The fields of a follow-up that a regime sets, day 0 being `zero`."""
    return {
        "regime": regime.id,
        "days": regime.days,
        "tests": list(regime.tests),
        "checks_a_day": regime.checks_a_day,
        "last_exposure": zero,
        "planned_day": regime.last_day(zero),
        "last_day": regime.last_day(zero),
        "next_test_on": regime.next_test(zero, None),
    }


def lodging_of(person: int, today: date) -> int | None:
    """The row id of the site where a person lives on a day; None where that is not known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + LODGING.format(person="%(person)s"), {"person": person, "today": today})
        row = cursor.fetchone()
    return row[0] if row else None


@as_program()
def release(case: Case, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """The person of a discarded case is no case: follow them again as what they are of others."""
    standing = FollowUp.objects.filter(case=case, degree=F0, ended_at__isnull=True)
    end(standing.values_list("pk", flat=True), Why.TAKEN_BACK, State.CANCELLED, by=by, at=at)
    follow_people([case.person_id], by=by, at=at)


def confirmed(public_id: str) -> Case | None:
    """The case of that public id, if it is confirmed."""
    return (
        Case.objects.select_related("person").filter(public_id=public_id, status=CaseStatus.CONFIRMED).first()
    )
