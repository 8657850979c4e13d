"""Single scans: a person comes in, a person goes out."""

from __future__ import annotations

from datetime import UTC, datetime

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
from tuyendau.records.visits.queries.removals import kept_from

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
    who, where = _named(person, site, viewer)
    _refuse_fault(_fault_of(moment, at), moment, at)
    start = moment.replace(microsecond=0)
    ensure_partitions([clock.local_day(start)])
    there = _there(who, where.id, start)
    if there is not None:
        return there
    second = int(start.timestamp())
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
    if not written(lambda: _insert(visit)):
        # Another source recorded that very stay.
        return Visit.objects.get(person=who, site=where.id, start=start, end=visit.end)
    audit.record(
        "visit.in",
        by=by,
        at=at,
        subject=who.public_id,
        data={"site": where.public_id},
        device=viewer.device,
    )
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
    who, where = _named(person, site, viewer)
    end = moment.replace(microsecond=0)
    _refuse_fault(_fault_of(end, at), moment, at)
    here = Visit.objects.filter(_SCANNED, person=who, site=where.id)
    begun = here.filter(start__gt=end - rules.LONGEST_SHIFT, start__lt=end)
    told = begun.filter(end_assumed=False, end=end).first()
    if told is not None:
        return told
    visit = begun.select_for_update().filter(end_assumed=True).order_by("-start").first()
    if visit is None:
        later = here.filter(end_assumed=True, start__gte=end, start__lt=end + rules.LONGEST_SHIFT)
        if later.exists():
            _refuse_fault(rules.Fault.OUT_BEFORE_IN, end, at)
        text = _(
            "%(person)s has not been scanned in at %(site)s in the last 24 hours. Record the stay with both times."
        )
        shown = {
            "person": known_name(viewer, who, Permission.VISIT_RECORD),
            "site": Site.objects.get(pk=where.id),
        }
        raise ScanRefused("person", text % shown)
    seen = rules.Known(int(visit.start.timestamp()), int(end.timestamp()), open=False, id=visit.id)
    end_visits([seen], at=at)
    visit.end, visit.end_assumed = end, False
    audit.record(
        "visit.out",
        by=by,
        at=at,
        subject=who.public_id,
        data={"site": where.public_id},
        device=viewer.device,
    )
    return visit


def _there(person: Person, site: int, moment: datetime) -> Visit | None:
    """The visit that is under way at `moment`: one that begins just then, or an open one that has not ended yet."""
    begins = Q(start=moment) | Q(end__gt=moment, end_assumed=True)
    within = Q(start__gt=moment - rules.LONGEST_SHIFT, start__lte=moment)
    return Visit.objects.filter(_SCANNED, begins, within, person=person, site=site).order_by("-start").first()


def _named(person: str, site: str, viewer: Viewer) -> tuple[Person, KnownSite]:
    """Whom and where the scan means; the two are held, so that of two scans at once one comes after the other."""
    where = sites_by_reference([site], viewer).get(site)
    if where is None:
        raise ScanRefused(
            "site",
            _(
                "There is no site “%(code)s” among those that you may record for. Check the code on the gate's sign."
            )
            % {"code": site},
        )
    who = people_by_reference([person]).get(person)
    if who == AMBIGUOUS:
        raise ScanRefused(
            "person",
            _("Several people have the number “%(said)s”. Name the person by code.") % {"said": person},
        )
    if who is None:
        raise ScanRefused(
            "person",
            _("Nobody is known by the code “%(code)s”. Check it, or add the person first.")
            % {"code": person},
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [who, where.id])
    return Person.objects.get(pk=who), where


def _fault_of(moment: datetime, at: datetime) -> rules.Fault | None:
    """What is wrong with a scan at `moment`; what is before the days that are kept is too early as well."""
    fault = rules.fault_of(moment, None, at)
    return rules.Fault.TOO_EARLY if fault is None and moment < kept_from() else fault


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
