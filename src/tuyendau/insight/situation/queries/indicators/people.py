"""Contacts as known at a moment: who was told and kept apart in time, and who was seen on each day of follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.insight.situation.queries.indicators.known import (
    CASES,
    LISTED,
    ORDERS,
    STOOD,
    living,
    local_day,
)
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Window, before, days_of
from tuyendau.lib import clock
from tuyendau.records.contacts.queries.degrees import counted_grades

# Each person once a window, from the first time that they came into a list in it. Who is a case by then has nobody to
# wait for.
_CONTACTS = f"""
WITH {CASES}, {LISTED}, {ORDERS}, [homes]
elicited AS MATERIALIZED (
    SELECT k.person_id, c.disease, min(k.listed_at) AS listed_at, k.listed_at >= %(middle)s AS now
    FROM listed k JOIN everybody c ON c."row" = k.case_id AND c.status = 'confirmed'
    WHERE k.grade <= c.f1 AND k.listed_at >= %(start)s AND k.listed_at < %(end)s
    GROUP BY k.person_id, c.disease, k.listed_at >= %(middle)s),
own AS (
    SELECT e.person_id, e.disease, e.listed_at, e.now, e.listed_at + interval '24 hours' AS due_by
    FROM elicited e [join]
    WHERE [living] AND NOT EXISTS (SELECT FROM everybody c WHERE c.person_id = e.person_id AND c.disease = e.disease
          AND c.status = 'confirmed' AND c.reported_on <= {local_day("e.listed_at")} + 1)),
told AS (
    SELECT o.person_id, o.disease, o.now, min(k.at) AS told_at
    FROM own o JOIN followup_followupversion f ON f.person_id = o.person_id AND f.disease = o.disease
        AND {STOOD.format("f")}
    JOIN followup_check k ON k.followup_id = f."row" AND k.at >= o.listed_at
        AND k.result IN ('well', 'symptomatic', 'tested')
        AND k.recorded_at <= %(at)s AND (k.withdrawn_at IS NULL OR k.withdrawn_at > %(at)s)
    GROUP BY o.person_id, o.disease, o.now),
held AS (
    SELECT o.person_id, o.disease, o.now, min(q.signed_at) FILTER (WHERE q.starts_on <= {local_day("o.due_by")})
        AS signed_at, count(*) AS orders
    FROM own o JOIN ordered q ON q.person_id = o.person_id AND q.disease = o.disease
        AND q.over_from > {local_day("o.listed_at")}
    GROUP BY o.person_id, o.disease, o.now),
contact AS (
    SELECT o.person_id, o.disease, o.listed_at, o.now, o.due_by <= %(at)s AS due,
        coalesce(t.told_at <= o.due_by, false) AS told, coalesce(h.signed_at <= o.due_by, false) AS apart,
        h.orders IS NOT NULL AS ever, t.told_at, h.signed_at
    FROM own o LEFT JOIN told t USING (person_id, disease, now) LEFT JOIN held h USING (person_id, disease, now))
"""  # noqa: S608
_BY_DAY = f"""
SELECT {local_day("listed_at")}, now, count(*) FILTER (WHERE due), count(*) FILTER (WHERE due AND told),
    count(*) FILTER (WHERE due AND apart), count(*) FILTER (WHERE due AND told AND apart),
    count(*) FILTER (WHERE NOT due), count(*) FILTER (WHERE ever)
FROM contact GROUP BY 1, 2
"""  # noqa: S608
_MISSED = """
SELECT person_id, disease, listed_at, told, apart, told_at, signed_at FROM contact
WHERE now AND due AND NOT (told AND apart) ORDER BY listed_at DESC, person_id, disease
"""

_FOLLOWED = f"""
WITH [homes]
days AS MATERIALIZED (
    SELECT f."row", f.person_id, greatest(f.began_on, %(first)s) AS first,
        least(f.last_day, {local_day("f.ended_at")} - 1, %(last)s) AS last
    FROM followup_followupversion f [join]
    WHERE {STOOD.format("f")} AND f.degree = 1 AND (%(disease)s = '' OR f.disease = %(disease)s)
      AND f.began_on <= %(last)s AND f.last_day >= %(first)s
      AND (f.ended_at IS NULL OR {local_day("f.ended_at")} > %(first)s) AND [living]),
seen AS (
    SELECT d."row", bit_or(1::bigint << (k.day - %(first)s)) AS days
    FROM days d JOIN followup_check k ON k.followup_id = d."row"
    WHERE k.day BETWEEN d.first AND d.last AND k.result IN ('well', 'symptomatic', 'tested')
      AND k.recorded_at <= %(at)s AND (k.withdrawn_at IS NULL OR k.withdrawn_at > %(at)s)
    GROUP BY d."row"),
followed AS (
    SELECT d."row", d.first, d.last, coalesce(s.days, 0) AS days FROM days d LEFT JOIN seen s ON s."row" = d."row"
    WHERE d.first <= d.last)
"""  # noqa: S608
_DUE = "SELECT first, last, days, count(*) FROM followed GROUP BY first, last, days"
_UNSEEN = """
SELECT "row", first, last, days FROM followed
WHERE days <> ((1::bigint << (last - first + 1)) - 1) << (first - %(first)s) ORDER BY "row"
"""
LONGEST = 60
"""So many days fit into the bits of a number: longer windows are not asked for."""


@dataclass(slots=True)
class Elicited:
    """Contacts who came into a list: those whose day is over (`due`), told, kept apart and both in it, still waiting.

    `ever` are those for whom an order of quarantine was signed by now, also late.
    """

    due: int = 0
    told: int = 0
    apart: int = 0
    both: int = 0
    waiting: int = 0
    ever: int = 0

    def add(self, other: Elicited) -> None:
        self.due += other.due
        self.told += other.told
        self.apart += other.apart
        self.both += other.both
        self.waiting += other.waiting
        self.ever += other.ever


@as_program()
def elicited(of: Scope, window: Window) -> tuple[dict[date, Elicited], Elicited]:
    """Close contacts by the day on which they were listed in `window`, and all of as many days before it together."""
    by_day: dict[date, Elicited] = {}
    earlier = Elicited()
    with connection.cursor() as cursor:
        cursor.execute(_narrowed(_CONTACTS, of, "e.person_id") + _BY_DAY, _listing(of, window))
        for day, now, *counts in cursor.fetchall():
            if now:
                by_day[day] = Elicited(*counts)
            else:
                earlier.add(Elicited(*counts))
    return by_day, earlier


@dataclass(frozen=True, slots=True)
class Late:
    """A contact who was not told or not kept apart within a day: row number, and since when each is so, if it is."""

    person: int
    disease: str
    listed_at: datetime
    told: bool
    apart: bool
    told_at: datetime | None
    signed_at: datetime | None


@as_program()
def late_contacts(of: Scope, window: Window) -> list[Late]:
    """The contacts of `window` who stand behind the indicator, the latest listed first."""
    with connection.cursor() as cursor:
        cursor.execute(_narrowed(_CONTACTS, of, "e.person_id") + _MISSED, _listing(of, window))
        return [Late(*row) for row in cursor.fetchall()]


@dataclass(slots=True)
class Followed:
    """How many people were to be seen on a day of their follow-up, and how many were."""

    due: int = 0
    seen: int = 0


@as_program()
def followed(of: Scope, window: Window, since: date) -> tuple[dict[date, Followed], int]:
    """People in follow-up as contacts by day, of the days of `window` that are over.

    Also how many of them somebody missed on a day from `since` on.
    """
    days = over(window, of.at)
    found = {day: Followed() for day in days}
    missing = 0
    for first, last, bits, people in _followed(of, days, _DUE):
        unseen_on = 0
        for place in range((first - days[0]).days, (last - days[0]).days + 1):
            on = found[days[place]]
            on.due += people
            if bits >> place & 1:
                on.seen += people
            elif days[place] >= since:
                unseen_on += 1
        missing += people if unseen_on else 0
    return found, missing


@dataclass(frozen=True, slots=True)
class Unseen:
    """A follow-up (row number) with days on which nobody saw its person, and when somebody last did in the window."""

    followup: int
    days: int
    seen_on: date | None


@as_program()
def unseen(of: Scope, window: Window) -> list[Unseen]:
    """The follow-ups of `window` with days missed, the most days first."""
    days = over(window, of.at)
    found = []
    for row, first, last, bits in _followed(of, days, _UNSEEN):
        due = (last - first).days + 1
        seen_on = days[bits.bit_length() - 1] if bits else None
        found.append(Unseen(row, due - bits.bit_count(), seen_on))
    return sorted(found, key=lambda one: (-one.days, one.seen_on or date.min, one.followup))


def _followed(of: Scope, days: list[date], ending: str) -> list[Any]:
    if not days:
        return []
    if len(days) > LONGEST:
        raise ValueError(f"at most {LONGEST} days can be asked for")
    with connection.cursor() as cursor:
        values = _known(of) | {"first": days[0], "last": days[-1]}
        cursor.execute(_narrowed(_FOLLOWED, of, "f.person_id") + ending, values)
        rows: list[Any] = cursor.fetchall()
        return rows


def _narrowed(sql: str, of: Scope, person: str) -> str:
    part = living(of, person)
    return sql.replace("[homes]", part.homes).replace("[join]", part.join).replace("[living]", part.condition)


def over(window: Window, at: datetime) -> list[date]:
    """The days of a window that are over at `at`."""
    today = clock.local_day(at)
    return [day for day in days_of(window) if day < today]


def _listing(of: Scope, window: Window) -> dict[str, Any]:
    return _known(of) | {
        "start": clock.midnight(before(window).first),
        "middle": clock.midnight(window.first),
        "end": clock.midnight(window.last + timedelta(days=1)),
        "counted": counted_grades(),
    }


def _known(of: Scope) -> dict[str, Any]:
    return {
        "at": of.at,
        "units": list(of.units),
        "nowhere": of.orphans,
        "disease": of.disease,
    }
