"""Single scans: a person comes in, a person goes out."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import known_name
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions.partitions import ensure_partitions, written
from tuyendau.records.visits.models import Visit, VisitSource


class ScanRefused(Exception):
    """The scan cannot be true or names somebody or somewhere unknown; the text says what to do. Nothing was written.

    `field` is the one to mend: person, site or moment.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@as_program()
def scan_in(
    person_code: str,
    site_code: str,
    moment: datetime,
    *,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """The person comes in at `moment`; until a scan out, the visit ends by the site's dwell rule and is marked assumed.

    Raises `ScanRefused`. A second scan of somebody who is there already, such as a double beep, changes nothing: the
    visit under way is returned.
    """
    viewer.require(Permission.VISIT_RECORD)
    person, site = _named(person_code, site_code, viewer)
    _refuse_fault(rules.fault_of(moment, None, at), moment, at)
    start = moment.replace(microsecond=0)
    ensure_partitions([clock.local_day(start)])
    there = _there(person, site, start)
    if there is not None:
        return there
    visit = Visit(
        person=person,
        site=site,
        start=start,
        end=start + timedelta(minutes=site.dwell_minutes),
        end_assumed=True,
        source=VisitSource.SCAN,
        recorded_at=at,
    )
    if not written(lambda: _insert(visit)):
        # The same scan came in twice at once: the other one stands.
        return Visit.objects.get(person=person, site=site, start=start, end=visit.end)
    audit.record("visit.in", by=by, at=at, subject=person.public_id, data={"site": site.public_id})
    return visit


@as_program()
def scan_out(
    person_code: str,
    site_code: str,
    moment: datetime,
    *,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """The person goes out at `moment`: the latest visit there of the day before it whose end is assumed gets this one.

    An older one stays as it is: somebody whose scan in was missed must not become weeks of presence that was seen.
    Raises `ScanRefused` where nobody was scanned in, or in after out.
    """
    viewer.require(Permission.VISIT_RECORD)
    person, site = _named(person_code, site_code, viewer)
    end = moment.replace(microsecond=0)
    _refuse_fault(rules.fault_of(end, None, at), moment, at)
    visit = (
        Visit.objects.select_for_update()
        .filter(
            person=person, site=site, end_assumed=True, start__gt=end - rules.LONGEST_SHIFT, start__lt=end
        )
        .order_by("-start")
        .first()
    )
    if (
        visit is None
        and Visit.objects.filter(
            person=person, site=site, end_assumed=True, start__gte=end, start__lt=end + rules.LONGEST_SHIFT
        ).exists()
    ):
        _refuse_fault(rules.Fault.OUT_BEFORE_IN, end, at)
    if visit is None:
        raise ScanRefused(
            "person",
            _(
                "%(person)s has not been scanned in at %(site)s in the last 24 hours. Record the stay with both times."
            )
            % {"person": known_name(viewer, person, Permission.VISIT_RECORD), "site": site},
        )
    _end(visit, end)
    visit.end, visit.end_assumed = end, False
    audit.record("visit.out", by=by, at=at, subject=person.public_id, data={"site": site.public_id})
    return visit


def _there(person: Person, site: Site, moment: datetime) -> Visit | None:
    """The visit that is under way at `moment`: one that begins just then, or an open one within its dwell rule."""
    begins = Q(start=moment) | Q(
        start__gt=moment - rules.LONGEST_SHIFT, start__lte=moment, end__gt=moment, end_assumed=True
    )
    return (
        Visit.objects.filter(
            begins, person=person, site=site, start__gt=moment - rules.LONGEST_SHIFT, start__lte=moment
        )
        .order_by("-start")
        .first()
    )


def _end(visit: Visit, end: datetime) -> None:
    """Let the visit end at `end`, seen; where another source recorded that very stay, the open one was the same."""
    own = Visit.objects.filter(start=visit.start, id=visit.id)
    same = Visit.objects.filter(person=visit.person_id, start=visit.start, site=visit.site_id, end=end)
    if same.exclude(id=visit.id).exists():
        own.delete()
    else:
        own.update(end=end, end_assumed=False)


def _named(person_code: str, site_code: str, viewer: Viewer) -> tuple[Person, Site]:
    site = visible_sites(viewer, Permission.VISIT_RECORD).filter(code=site_code).first()
    if site is None:
        raise ScanRefused(
            "site",
            _(
                "There is no site “%(code)s” among those that you may record for. Check the code on the gate's sign."
            )
            % {"code": site_code},
        )
    person = Person.objects.filter(code=person_code).first()
    if person is None:
        raise ScanRefused(
            "person",
            _("Nobody is known by the code “%(code)s”. Check it, or add the person first.")
            % {"code": person_code},
        )
    return person, site


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
