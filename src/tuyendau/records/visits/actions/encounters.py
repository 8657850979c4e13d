"""Encounters: two people whom a device measured near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import within
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions.partitions import ensure_encounter_parts, written
from tuyendau.records.visits.actions.senders import Taken
from tuyendau.records.visits.forms.rows import EncounterRow, Parsed
from tuyendau.records.visits.queries.references import AMBIGUOUS, people_by_reference
from tuyendau.records.visits.queries.removals import kept_from
from tuyendau.records.visits.rules.problems import Problem

# A device that tells of an encounter while it lasts, and again when it is over, tells of one that became longer.
_INSERT = """
INSERT INTO visits_encounter (a_id, b_id, start, seconds, recorded_at)
SELECT a, b, start, max(seconds), %(at)s FROM encounters_incoming GROUP BY a, b, start ORDER BY a, b, start
ON CONFLICT (a_id, b_id, start) DO UPDATE
SET seconds = excluded.seconds, recorded_at = excluded.recorded_at, xid = pg_current_xact_id()
WHERE excluded.seconds > visits_encounter.seconds
"""


@dataclass(frozen=True, slots=True)
class Near:
    """Row ids of two people, who were near each other from `start`, in seconds since 1970 UTC, for `seconds`."""

    a: int
    b: int
    start: int
    seconds: int


@as_program()
def add_encounters(rows: Sequence[Near], *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Record encounters, either way round; how many were new or longer than known. The caller has checked the rows."""
    if not rows:
        return 0
    new = store_encounters(rows, at=at)
    audit.record("encounters.added", by=by, at=at, subject="encounters", data={"rows": len(rows), "new": new})
    return new


def store_encounters(rows: Sequence[Near], *, at: datetime) -> int:
    """Write encounters as `add_encounters` does, within the caller's transaction and event."""
    ensure_encounter_parts({clock.local_day(datetime.fromtimestamp(row.start, UTC)) for row in rows})
    return written(lambda: _load(rows, at))


def _load(rows: Sequence[Near], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE encounters_incoming (a integer, b integer, start timestamptz, seconds integer) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY encounters_incoming FROM STDIN") as copy:
            for row in rows:
                start = datetime.fromtimestamp(row.start, UTC)
                copy.write_row((min(row.a, row.b), max(row.a, row.b), start, row.seconds))
        cursor.execute(_INSERT, {"at": at})
        new = int(cursor.rowcount)
        cursor.execute("DROP TABLE encounters_incoming")
    return new


def record_encounters(given: Parsed[EncounterRow], *, viewer: Viewer, at: datetime) -> Taken:
    """Record what the rows of a batch say, within the caller's transaction: good rows are kept, the others named.

    Both people must be in the viewer's reach. Raises `Denied`.
    """
    viewer.require(Permission.VISIT_RECORD)
    known = people_by_reference({name for _number, row in given.rows for name in (row.a, row.b)})
    reached = _reached(known, viewer)
    horizon = kept_from()
    problems, rows = list(given.problems), []
    for number, row in given.rows:
        problem = next(
            filter(
                None,
                (_who(number, name, said, known, reached) for name, said in (("a", row.a), ("b", row.b))),
            ),
            None,
        ) or _when(number, row, known, at, horizon)
        if problem is not None:
            problems.append(problem)
        else:
            rows.append(Near(known[row.a], known[row.b], int(row.start.timestamp()), row.seconds))
    taken = Taken(given.count, problems=problems)
    if rows:
        taken.accepted = store_encounters(rows, at=at)
        taken.doubled = len(rows) - taken.accepted
    return taken


def _reached(known: dict[str, int], viewer: Viewer) -> set[int]:
    people = Person.objects.filter(within(viewer, Permission.VISIT_RECORD), pk__in=set(known.values()))
    return set(people.values_list("pk", flat=True))


def _who(number: int, name: str, said: str, known: dict[str, int], reached: set[int]) -> Problem | None:
    person = known.get(said)
    if person == AMBIGUOUS:
        text = _("Several people have the number “%(said)s”. Name the person by code.") % {"said": said}
        return Problem(number, name, "ambiguous_person", text)
    if person is None or person not in reached:
        text = _("Nobody of those for whom this sender may record is known by “%(said)s”.") % {"said": said}
        return Problem(number, name, "unknown_person", text)
    return None


def _when(
    number: int, row: EncounterRow, known: dict[str, int], at: datetime, horizon: datetime
) -> Problem | None:
    if known[row.a] == known[row.b]:
        return Problem(number, "b", "same_person", _("Both are the same person."))
    fault = rules.fault_of(row.start, None, at)
    if fault is rules.Fault.TOO_EARLY or (fault is None and row.start < horizon):
        return Problem(number, "start", "too_old", _("What is so long ago is no longer kept."))
    if fault is not None or row.start + timedelta(seconds=row.seconds) > at + rules.CLOCK_SKEW:
        return Problem(
            number, "start", "future", _("This lies in the future. Check the clock of the scanner.")
        )
    return None
