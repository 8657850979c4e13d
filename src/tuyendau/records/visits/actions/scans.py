"""Single scans: a person comes in, a person goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import known_name
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions.ending import end_visits, replace_rostered
from tuyendau.records.visits.actions.partitions import ensure_partitions, written
from tuyendau.records.visits.models import Visit, VisitSource
from tuyendau.records.visits.queries.references import (
    AMBIGUOUS,
    KnownSite,
    Shifts,
    people_by_reference,
    sites_by_reference,
)

# A stay that the program made of a roster is no scan: it neither opens a visit nor keeps one from opening.
_SCANNED = ~Q(source__in=(VisitSource.ROSTER, VisitSource.ROOM, VisitSource.BUS), end_assumed=True)


class ScanRefused(Exception):
    """The scan cannot be true or names somebody or somewhere unknown; the text says what to do. Nothing was written.

    `field` is the one to mend: person, site or moment.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@as_program()
def scan_in(
    person: str,
    site: str,
    moment: datetime,
    *,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """The person comes in at `moment`; until a scan out, the visit has an assumed end, see `rules.assumed_end`.

    `person` and `site` are what `queries.references` takes. Raises `ScanRefused`. A second scan of somebody who is
    there already, such as a double beep, changes nothing: the visit under way is returned.
    """
    viewer.require(Permission.VISIT_RECORD)
    start = moment.replace(microsecond=0)
    found = _named(person, site, start, viewer)
    _refuse_fault(_fault_of(moment, at, found), moment, at)
    there = _here(found, start, _UNDER_WAY)
    if there is not None:
        return there
    second = int(start.timestamp())
    who, where = found.person, found.site
    end = rules.assumed_end(second, where.dwell_seconds, Shifts([who.pk]).at(who.pk, where, second))
    visit = Visit(
        person=who,
        site_id=where.id,
        start=start,
        end=datetime.fromtimestamp(end, UTC),
        end_assumed=True,
        source=VisitSource.SCAN,
        recorded_at=at,
    )
    replace_rostered([(who.pk, where.id, second, end)])
    if not _inserted(visit, found):
        # Another source recorded that very stay.
        return Visit.objects.get(person=who, site=where.id, start=start, end=visit.end)
    _tell("visit.in", found, viewer, by, at)
    return visit


@as_program()
def scan_out(
    person: str,
    site: str,
    moment: datetime,
    *,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """The person goes out at `moment`: the latest visit there of the day before it whose end is assumed gets this one.

    An older one stays as it is: somebody whose scan in was missed must not become weeks of presence that was seen.
    The same scan again changes nothing. Raises `ScanRefused` where nobody was scanned in, or in after out.
    """
    viewer.require(Permission.VISIT_RECORD)
    end = moment.replace(microsecond=0)
    found = _named(person, site, end, viewer)
    _refuse_fault(_fault_of(end, at, found), moment, at)
    visit = _here(found, end, _TO_END)
    if visit is None:
        later = Visit.objects.filter(_SCANNED, person=found.person, site=found.site.id, end_assumed=True)
        if later.filter(start__gte=end, start__lt=end + rules.LONGEST_SHIFT).exists():
            _refuse_fault(rules.Fault.OUT_BEFORE_IN, end, at)
        text = _(
            "%(person)s has not been scanned in at %(site)s in the last 24 hours. Record the stay with both times."
        )
        shown = {
            "person": known_name(viewer, found.person, Permission.VISIT_RECORD),
            "site": Site.objects.get(pk=found.site.id),
        }
        raise ScanRefused("person", text % shown)
    if not visit.end_assumed:
        return visit
    seen = rules.Known(int(visit.start.timestamp()), int(end.timestamp()), open=False, id=visit.id)
    end_visits([seen], at=at)
    visit.end, visit.end_assumed = end, False
    _tell("visit.out", found, viewer, by, at)
    return visit


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom and where a scan means; days from `kept_from` are kept, and the table has a part for this one's: `part`."""

    person: Person
    site: KnownSite
    kept_from: date
    part: bool


# Visits here that a scan at a moment can mean, the best first. Held, so that nobody else ends one meanwhile.
_HERE = """
SELECT id, start, "end", end_assumed, source, recorded_at FROM visits_visit
WHERE person_id = %(person)s AND site_id = %(site)s AND start > %(earliest)s AND start <= %(moment)s
  AND NOT (source IN (2, 3, 4) AND end_assumed) AND """
# One that begins just then, or an open one that has not ended yet.
_UNDER_WAY = '(start = %(moment)s OR ("end" > %(moment)s AND end_assumed)) ORDER BY start DESC LIMIT 1'
# One that ended just then, which is this scan come again; else the latest open one.
_TO_END = (
    'start < %(moment)s AND ("end" = %(moment)s OR end_assumed) '
    "ORDER BY end_assumed, start DESC LIMIT 1 FOR UPDATE"
)


def _here(found: _Found, moment: datetime, condition: str) -> Visit | None:
    """The visit of the person at the site that a scan at `moment` means by `condition`; None where there is none."""
    values: dict[str, int | datetime] = {
        "person": found.person.pk,
        "site": found.site.id,
        "moment": moment,
        "earliest": moment - rules.LONGEST_SHIFT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HERE + condition, values)
        row = cursor.fetchone()
    if row is None:
        return None
    names = ("id", "start", "end", "end_assumed", "source", "recorded_at")
    return Visit(person=found.person, site_id=found.site.id, **dict(zip(names, row, strict=True)))


def _tell(kind: str, found: _Found, viewer: Viewer, by: AbstractBaseUser | None, at: datetime) -> None:
    audit.record(
        kind,
        by=by,
        at=at,
        subject=found.person.public_id,
        data={"site": found.site.public_id},
        device=viewer.device,
    )


# Of two scans of one person at one site at once, one comes after the other.
_WHO = """
SELECT s.id, s.public_id, s.code, s.full_name, r.kept_from, to_regclass(%(part)s) IS NOT NULL,
       pg_advisory_xact_lock(s.id, %(site)s)
FROM people_person p JOIN people_person s ON s.id = coalesce(p.merged_into_id, p.id) CROSS JOIN visits_removal r
WHERE """


def _named(person: str, site: str, moment: datetime, viewer: Viewer) -> _Found:
    """Whom and where a scan at `moment` means. Raises `ScanRefused`."""
    where = sites_by_reference([site], viewer).get(site)
    if where is None:
        raise ScanRefused(
            "site",
            _(
                "There is no site “%(code)s” among those that you may record for. Check the code on the gate's sign."
            )
            % {"code": site},
        )
    found = None if "\x00" in person else _who("p.code = %(said)s", person, where, moment)
    return found or _who("p.id = %(said)s", _by_number(person), where, moment) or _nobody(person)


def _who(condition: str, said: str | int, where: KnownSite, moment: datetime) -> _Found | None:
    part = f"visits_visit_{clock.local_day(moment):%Y%m%d}" if moment >= rules.EARLIEST else ""
    with connection.cursor() as cursor:
        cursor.execute(_WHO + condition, {"said": said, "site": where.id, "part": part or None})
        row = cursor.fetchone()
    if row is None:
        return None
    who = Person(pk=row[0], public_id=row[1], code=row[2], full_name=row[3])
    return _Found(who, where, row[4], bool(row[5]))


def _by_number(said: str) -> int:
    """The row id of the person whom another name than a code means. Raises `ScanRefused`."""
    who = people_by_reference([said]).get(said)
    if who == AMBIGUOUS:
        text = _("Several people have the number “%(said)s”. Name the person by code.") % {"said": said}
        raise ScanRefused("person", text)
    return _nobody(said) if who is None else who


def _nobody(said: str) -> NoReturn:
    raise ScanRefused(
        "person",
        _("Nobody is known by the code “%(code)s”. Check it, or add the person first.") % {"code": said},
    )


def _fault_of(moment: datetime, at: datetime, found: _Found) -> rules.Fault | None:
    """What is wrong with a scan at `moment`; what is before the days that are kept is too early as well."""
    fault = rules.fault_of(moment, None, at)
    early = fault is None and moment < clock.midnight(found.kept_from)
    return rules.Fault.TOO_EARLY if early else fault


def _refuse_fault(fault: rules.Fault | None, moment: datetime, at: datetime) -> None:
    if fault is None:
        return
    shown = {
        "moment": date_format(localtime(moment), "DATETIME_FORMAT"),
        "now": date_format(localtime(at), "DATETIME_FORMAT"),
    }
    messages = {
        rules.Fault.FUTURE: _(
            "%(moment)s lies in the future (it is now %(now)s). Check the clock of the scanner."
        ),
        rules.Fault.TOO_EARLY: _("%(moment)s is too long ago. Check the clock of the scanner."),
        rules.Fault.OUT_BEFORE_IN: _("Out at %(moment)s is before in. Check both times."),
        rules.Fault.TOO_LONG: _(
            "The stay since %(moment)s would be longer than 62 days. Record it in parts."
        ),
    }
    raise ScanRefused("moment", messages[fault] % shown)


def _inserted(visit: Visit, found: _Found) -> bool:
    """Add one row, making the day's part of the table where it is missing; False where the very visit is there."""
    if found.part:
        return _insert(visit)
    ensure_partitions([clock.local_day(visit.start)])
    return written(lambda: _insert(visit))


def _insert(visit: Visit) -> bool:
    """Add one row, whose id comes from the table; False where the very same visit is there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at) '
            "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [
                visit.person_id,
                visit.site_id,
                visit.start,
                visit.end,
                visit.end_assumed,
                visit.source,
                visit.recorded_at,
            ],
        )
        row = cursor.fetchone()
    if row is not None:
        visit.id = row[0]
    return row is not None
