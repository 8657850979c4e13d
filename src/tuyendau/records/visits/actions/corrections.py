"""What an interview tells, and one visit put right or taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.queries import lives_in_reach, visible_people
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions.batches import Columns, store
from tuyendau.records.visits.actions.ending import replace_rostered
from tuyendau.records.visits.actions.rosters import excuse
from tuyendau.records.visits.models import Statement, Visit, VisitSource
from tuyendau.records.visits.queries.removals import kept_from
from tuyendau.records.visits.queries.rosters import correctable_visit

_ROSTERED = (VisitSource.ROSTER, VisitSource.ROOM, VisitSource.BUS)


class CorrectionRefused(Exception):
    """The stay cannot be; the text says why. Nothing was changed. `field` is to be mended: site, start, end, ground."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Key:
    """A visit by what makes it one: public ids of person and site, and both times."""

    person: str
    site: str
    start: datetime
    end: datetime


@as_program()
def record_interview(
    person_id: str,
    site_code: str,
    start: datetime,
    end: datetime,
    *,
    told_by: str,
    note: str = "",
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """Record that a person (by public id) was at a site from `start` to `end`, as `told_by` said.

    Whoever is responsible for where the person lives may name any site: a case went to markets of other communes.
    Anybody else, such as a company's officer, only their own. Raises `CorrectionRefused`, `Denied` and
    Person.DoesNotExist.
    """
    viewer.require(Permission.VISIT_RECORD)
    person = visible_people(viewer, Permission.VISIT_RECORD).get(public_id=person_id)
    sites = visible_sites(viewer, Permission.VISIT_RECORD)
    if lives_in_reach(viewer, Permission.VISIT_RECORD, person):
        sites = Site.objects.all()
    site = sites.filter(code=site_code).first()
    if site is None:
        raise CorrectionRefused(
            "site", _("There is no site with the code “%(code)s” that you may name.") % {"code": site_code}
        )
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    _refuse_fault(start, end, at)
    row = (person.pk, site.pk, int(start.timestamp()), int(end.timestamp()), False, VisitSource.INTERVIEW)
    replace_rostered([row[:4]])
    store(Columns.of([row]), at=at)
    Statement.objects.create(
        person=person, site=site, start=start, end=end, told_by=told_by, note=note.strip(), by_id=by.pk if by else None,
        at=at,
    )  # fmt: skip
    audit.record(
        "visit.told",
        by=by,
        at=at,
        subject=person.public_id,
        data={"site": site.public_id, "from": start.isoformat(), "to": end.isoformat(), "told_by": told_by},
    )
    return Visit.objects.get(person=person, site=site, start=start, end=end)


@as_program()
def correct_visit(
    key: Key,
    start: datetime,
    end: datetime,
    *,
    ground: str,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Visit:
    """Give a visit other times, both of them now seen; `ground` says why.

    A stay that a roster only supposed becomes one that was told, and the roster supposes nothing there on that day.
    Raises `CorrectionRefused`, `Denied`, and Visit.DoesNotExist where it is gone or out of reach.
    """
    visit = _held(key, viewer)
    _require(ground)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    _refuse_fault(start, end, at)
    rostered = visit.source in _ROSTERED and visit.end_assumed
    source = VisitSource.INTERVIEW if rostered else visit.source
    _take_out(visit, rostered, by, at)
    row = (visit.person_id, visit.site_id, int(start.timestamp()), int(end.timestamp()), False, source)
    replace_rostered([row[:4]])
    store(Columns.of([row]), at=at)
    _tell("visit.corrected", key, ground, by, at, {"from": start.isoformat(), "to": end.isoformat()})
    return Visit.objects.get(person=visit.person_id, site=visit.site_id, start=start, end=end)


@as_program()
def remove_visit(key: Key, *, ground: str, viewer: Viewer, by: AbstractBaseUser | None, at: datetime) -> None:
    """Take out a visit that was not one; `ground` says why. A roster does not suppose it again. Raises as above."""
    visit = _held(key, viewer)
    _require(ground)
    _take_out(visit, visit.source in _ROSTERED and visit.end_assumed, by, at)
    _tell("visit.removed", key, ground, by, at, {})


def _held(key: Key, viewer: Viewer) -> Visit:
    """The visit, locked: at a site in the viewer's reach, or of a person who lives there."""
    visit = correctable_visit(key.person, key.site, key.start, key.end, viewer=viewer)
    locked = Visit.objects.select_for_update().filter(start=visit.start, id=visit.id, end=visit.end).first()
    if locked is None:
        raise Visit.DoesNotExist
    return visit


def _take_out(visit: Visit, rostered: bool, by: AbstractBaseUser | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_visit WHERE start = %s AND id = %s", [visit.start, visit.id])
    if rostered:
        excuse(visit.person, visit.site, clock.local_day(visit.start), by=by, at=at)


def _tell(
    kind: str, key: Key, ground: str, by: AbstractBaseUser | None, at: datetime, now: dict[str, str]
) -> None:
    was = {"site": key.site, "was_from": key.start.isoformat(), "was_to": key.end.isoformat()}
    audit.record(kind, by=by, at=at, subject=key.person, data=was | now, ground=ground.strip()[:500])


def _require(ground: str) -> None:
    if not ground.strip():
        raise CorrectionRefused("ground", _("Say why: whoever reads this later will ask."))


def _refuse_fault(start: datetime, end: datetime, at: datetime) -> None:
    fault = rules.fault_of(start, end, at)
    if fault is None and start < kept_from():
        raise CorrectionRefused("start", _("What is so long ago is no longer kept."))
    if fault is None:
        return
    name, message = {
        rules.Fault.FUTURE: ("end", _("This lies in the future. Check both times.")),
        rules.Fault.TOO_EARLY: ("start", _("This is too long ago. Check the year.")),
        rules.Fault.OUT_BEFORE_IN: ("end", _("Out before in. Check both times.")),
        rules.Fault.TOO_LONG: ("end", _("The stay is longer than 62 days. Record it in parts.")),
    }[fault]
    raise CorrectionRefused(name, message)
