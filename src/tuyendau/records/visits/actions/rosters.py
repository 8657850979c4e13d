"""Visits that rosters, bus lists and room lists suppose, until somebody was seen or is excused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people
from tuyendau.records.visits.actions.partitions import ensure_partitions, written
from tuyendau.records.visits.models import Excused, VisitSource
from tuyendau.records.visits.queries.apart import kept_apart
from tuyendau.records.visits.queries.removals import kept_from

# The shifts that people work around the day, as spans of time.
_SHIFTS = """
CREATE TEMPORARY TABLE roster_shift ON COMMIT DROP AS
SELECT DISTINCT a.person_id, (d.day + h.begins) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS start,
       (d.day + h.begins) AT TIME ZONE 'Asia/Ho_Chi_Minh' + h.minutes * interval '1 minute' AS "end"
FROM people_assignment a JOIN people_shift h ON h.id = a.shift_id
CROSS JOIN unnest(%(around)s::date[]) AS d (day)
WHERE a.role = 'works' AND a.valid_from <= d.day AND (a.valid_to IS NULL OR a.valid_to > d.day)
  AND h.weekdays >> (extract(isodow FROM d.day)::int - 1) & 1 = 1
"""
# Who works, eats or belongs somewhere in a shift is there for the shift. Who rides a bus takes it to the shift and
# home again. Who lodges in a room is there but for the shifts and half an hour on the way to and from them: people who
# share a bed in shifts do not meet. Households are left out: most of a province would be at home on paper.
_WANTED = """
CREATE TEMPORARY TABLE roster_wanted ON COMMIT DROP AS
WITH held AS (
    SELECT a.person_id, a.site_id, a.role, a.shift_id, s.kind, s.dwell_minutes * interval '1 minute' AS dwell
    FROM people_assignment a JOIN places_site s ON s.id = a.site_id
    WHERE a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)),
supposed AS (
    SELECT a.person_id, a.site_id, (%(day)s::date + h.begins) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS start,
           (%(day)s::date + h.begins) AT TIME ZONE 'Asia/Ho_Chi_Minh' + h.minutes * interval '1 minute' AS "end",
           2 AS source
    FROM held a JOIN people_shift h ON h.id = a.shift_id
    WHERE a.role IN ('works', 'eats', 'belongs') AND h.weekdays >> (extract(isodow FROM %(day)s::date)::int - 1) & 1 = 1
    UNION
    SELECT a.person_id, a.site_id, ride.start, ride.start + a.dwell, 4
    FROM held a JOIN roster_shift w USING (person_id)
    CROSS JOIN LATERAL (VALUES (w.start - a.dwell), (w."end")) AS ride (start)
    WHERE a.role = 'rides' AND ride.start >= %(begins)s AND ride.start < %(ends)s
    UNION
    SELECT a.person_id, a.site_id, lower(there.span), upper(there.span), 3
    FROM held a
    LEFT JOIN (
        SELECT person_id, range_agg(tstzrange(start - interval '30 minutes', "end" + interval '30 minutes')) AS away
        FROM roster_shift GROUP BY person_id) AS w USING (person_id)
    CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(%(begins)s, %(ends)s)) - coalesce(w.away, '{}')) AS there (span)
    WHERE a.role = 'lodges' AND a.kind = ANY(%(lodgings)s))
SELECT s.person_id, s.site_id, s.start, least(s."end", k.since) AS "end", s.source
FROM supposed s JOIN places_site p ON p.id = s.site_id
LEFT JOIN unnest(%(apart)s::int[], %(since)s::timestamptz[]) AS k (person_id, since)
    ON k.person_id = s.person_id AND p.kind <> ALL(%(apart_at)s)
WHERE s.start <= %(at)s AND (k.since IS NULL OR s.start < k.since)
  AND NOT EXISTS (SELECT FROM visits_excused e
                  WHERE e.person_id = s.person_id AND e.site_id = s.site_id AND e.day = %(day)s)
  AND NOT EXISTS (SELECT FROM visits_visit v
                  WHERE v.person_id = s.person_id AND v.site_id = s.site_id
                    AND v.start > %(begins)s::timestamptz - interval '24 hours' AND v.start < %(latest)s
                    AND v.start < s."end" AND v."end" > s.start
                    AND NOT (v.source IN (2, 3, 4) AND v.end_assumed))
"""
_OVER = """
DELETE FROM visits_visit v
WHERE v.start >= %(begins)s AND v.start < %(ends)s AND v.source IN (2, 3, 4) AND v.end_assumed
  AND NOT EXISTS (SELECT FROM roster_wanted w WHERE w.person_id = v.person_id AND w.site_id = v.site_id
                  AND w.start = v.start AND w."end" = v."end" AND w.source = v.source)
"""
_NEW = """
INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at)
SELECT w.person_id, w.site_id, w.start, w."end", true, w.source, %(at)s FROM roster_wanted w
WHERE NOT EXISTS (SELECT FROM visits_visit v WHERE v.person_id = w.person_id AND v.site_id = w.site_id
                  AND v.start = w.start AND v."end" = w."end" AND v.start >= %(begins)s AND v.start < %(ends)s)
ON CONFLICT DO NOTHING
"""
APART_AT = ("quarantine_room", "ward")
"""Where those are who are kept apart: what their list says of such a place still holds."""
LODGINGS = ("dormitory", "boarding_house", "room", "quarantine_room", "ward")


@dataclass(frozen=True, slots=True)
class Rostered:
    """What the making of a day's roster visits changed."""

    added: int
    removed: int


def make_roster_visits(day: date, *, at: datetime) -> Rostered:
    """Let the visits that rosters suppose of `day` be in the table, as far as they have begun at `at`; what changed.

    They have an assumed end, since nobody was seen. Whoever was seen at the site in that time, by any other source, is
    excused, or is kept apart by then, is not supposed there; an assignment that was changed takes its visits along. Run
    again it changes nothing. Of days that are not kept any more nothing is made.
    """
    if clock.midnight(day) < kept_from():
        return Rostered(0, 0)
    ensure_partitions([day])
    begins, ends = clock.day_span(day, day)
    apart = kept_apart(day)
    values: dict[str, Any] = {
        "apart": list(apart),
        "since": list(apart.values()),
        "apart_at": list(APART_AT),
        "day": day,
        "around": [day + timedelta(days=n) for n in (-1, 0, 1)],
        "begins": begins,
        "ends": ends,
        "latest": ends + timedelta(days=1),
        "lodgings": list(LODGINGS),
        "at": at,
    }
    return written(lambda: _made(values))


@as_program()
def _made(values: dict[str, Any]) -> Rostered:
    with connection.cursor() as cursor:
        # Two workers at once would each take the other's rows for missing.
        cursor.execute("SELECT pg_advisory_xact_lock(7041931)")
        cursor.execute(_SHIFTS, values)
        cursor.execute("ANALYZE roster_shift")
        cursor.execute(_WANTED, values)
        cursor.execute("CREATE INDEX ON roster_wanted (person_id, site_id)")
        cursor.execute("ANALYZE roster_wanted")
        cursor.execute(_OVER, values)
        removed = int(cursor.rowcount)
        cursor.execute(_NEW, values)
        added = int(cursor.rowcount)
        cursor.execute("DROP TABLE roster_wanted, roster_shift")
    return Rostered(added, removed)


@as_program()
def set_absent(
    person_id: str,
    site_id: str,
    day: date,
    *,
    absent: bool,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    """Say that a person (by public id) was absent from a site on `day`, or take that back.

    What the roster supposed of them there goes at once, and comes again with the next making. Raises `Denied`,
    Site.DoesNotExist and Person.DoesNotExist where they are out of reach.
    """
    viewer.require(Permission.VISIT_CORRECT)
    site = visible_sites(viewer, Permission.VISIT_CORRECT).get(public_id=site_id)
    person = visible_people(viewer, Permission.VISIT_CORRECT).get(public_id=person_id)
    if absent:
        excuse(person, site, day, by=by, at=at)
    else:
        Excused.objects.filter(person=person, site=site, day=day).delete()
    audit.record(
        "roster.absent" if absent else "roster.not_absent",
        by=by,
        at=at,
        subject=person.public_id,
        data={"site": site.public_id, "day": day.isoformat()},
    )


def excuse(person: Person, site: Site, day: date, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Have the roster suppose nothing of the person at the site on `day`, within the caller's transaction."""
    Excused.objects.get_or_create(
        person=person, site=site, day=day, defaults={"by_id": by.pk if by else None, "at": at}
    )
    begins, ends = clock.day_span(day, day)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM visits_visit WHERE person_id = %s AND site_id = %s AND start >= %s AND start < %s "
            "AND source = ANY(%s) AND end_assumed",
            [person.pk, site.pk, begins, ends, [VisitSource.ROSTER, VisitSource.ROOM, VisitSource.BUS]],
        )
