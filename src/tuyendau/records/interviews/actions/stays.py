"""What is told of stays: confirmed, denied, at other times, added. Taken into the visits when it is finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import nameable_sites
from tuyendau.lib import clock
from tuyendau.lib.text import clean
from tuyendau.records.interviews.actions.errors import InterviewRefused, held
from tuyendau.records.interviews.models import Interview, Stay, Verdict
from tuyendau.records.interviews.queries.calendar import calendar
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.queries import visits_of_person
from tuyendau.records.visits.rules import Fault, fault_of


@dataclass(frozen=True, slots=True)
class Known:
    """A visit of the case's person as the records have it: the public id of its site, and both times."""

    site: str
    start: datetime
    end: datetime


@as_program()
def judge(
    public_id: str,
    known: Known,
    verdict: Verdict,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    note: str = "",
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Stay:
    """Note what was told of a recorded visit; `start` and `end` are its right times where it had others.

    What was said of it before is replaced, and stays on record. Raises `InterviewRefused`, Interview.DoesNotExist.
    """
    interview = held(public_id, viewer)
    if verdict == Verdict.CORRECTED and (start is None or end is None):
        raise InterviewRefused(_("Say from when until when it was."), "start")
    if verdict == Verdict.DENIED and not note.strip():
        raise InterviewRefused(_("Say why: whoever reads this later will ask."), "note")
    span = (known.start, known.end)
    if verdict == Verdict.CORRECTED and start is not None and end is not None:
        span = (start, end)
    _refuse_fault(*span, at)
    stay = _said(interview, known, viewer)
    for each in [*_wholes(interview, known, stay, viewer), stay]:
        each.start, each.end = span
        each.verdict, each.note = verdict, clean(note)[:300]
        _kept(each, by, at)
    return stay


@as_program()
def confirm_day(public_id: str, day: date, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> int:
    """Note that the case was everywhere where the records have them on `day` and nothing was said yet; how often."""
    interview = held(public_id, viewer)
    found = next((each for each in calendar(interview, viewer=viewer, at=at) if each.day == day), None)
    asked = [item for item in found.items if item.asked] if found else []
    waiting = [visit for item in asked for visit in (item.visit, *item.around) if visit is not None]
    for visit in waiting:
        _kept(
            Stay(
                interview=interview, site=visit.site, known_start=visit.start, known_end=visit.end,
                known_source=visit.source, start=visit.start, end=visit.end, verdict=Verdict.CONFIRMED,
            ),
            by,
            at,
        )  # fmt: skip
    return len(waiting)


@as_program()
def add_stay(
    public_id: str,
    start: datetime,
    end: datetime,
    *,
    site_code: str = "",
    words: str = "",
    unit: Unit | None = None,
    note: str = "",
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Stay:
    """Note a stay that the records do not know: at a site, by its code, or where `words` say, in the commune `unit`.

    Raises `InterviewRefused`, Interview.DoesNotExist.
    """
    interview = held(public_id, viewer)
    site = named_site(viewer, site_code) if site_code else None
    if site is None and not words.strip():
        raise InterviewRefused(_("Choose the place, or write where it was."), "site")
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    _refuse_fault(start, end, at)
    stay = Stay(
        interview=interview, site=site, words="" if site else clean(words)[:200], unit=None if site else unit,
        start=start, end=end, verdict=Verdict.ADDED, note=clean(note)[:300],
    )  # fmt: skip
    return _kept(stay, by, at)


@as_program()
def drop_stay(public_id: str, stay_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> None:
    """Take back what was said of a stay, before it is in the records. Raises as above, and Stay.DoesNotExist."""
    interview = held(public_id, viewer)
    stay = Stay.objects.select_related("site").get(interview=interview, public_id=stay_id)
    if stay.taken_at:
        raise InterviewRefused(_("This is in the records already. Correct it on the page of the person."))
    _told("interview.stay_dropped", stay, by, at)
    path = str(stay.site.path) if stay.site else ""
    same = Stay.objects.filter(
        interview=interview, verdict=stay.verdict, known_start=stay.known_start, known_end=stay.known_end,
        known_start__isnull=False, taken_at__isnull=True,
    ).select_related("site")  # fmt: skip
    wholes = [each.pk for each in same if each.site and path.startswith(str(each.site.path))]
    Stay.objects.filter(pk__in={stay.pk, *wholes}).delete()


def named_site(viewer: Viewer, code: str) -> Site:
    """The site of that code that a tracer may name. Raises `InterviewRefused`."""
    site: Site | None = nameable_sites(viewer, Permission.VISIT_RECORD).filter(code=code).first()
    if site is None:
        raise InterviewRefused(
            _("There is no site with the code “%(code)s” that you may name.") % {"code": code}, "site"
        )
    return site


def _said(interview: Interview, known: Known, viewer: Viewer) -> Stay:
    """What was said of a visit already, else the beginning of it. Raises `InterviewRefused`."""
    stay: Stay | None = Stay.objects.filter(
        interview=interview, site__public_id=known.site, known_start=known.start, known_end=known.end
    ).first()
    if stay is not None and stay.taken_at:
        raise InterviewRefused(_("This is in the records already. Correct it on the page of the person."))
    if stay is not None:
        return stay
    visit = _visit(interview, known, viewer)
    return Stay(
        interview=interview, site=visit.site, known_start=known.start, known_end=known.end, known_source=visit.source
    )  # fmt: skip


def _wholes(interview: Interview, known: Known, stay: Stay, viewer: Viewer) -> list[Stay]:
    """What is said of the visits of the same times at what the site is a part of, as long as nothing is said of them.

    Whoever was not in the room was not in its house then.
    """
    if stay.site is None:
        return []
    path = str(stay.site.path)
    told = Stay.objects.filter(interview=interview, known_start=known.start, known_end=known.end)
    known_stays = {each.site_id: each for each in told.select_related("site")}
    # What was said of them by the same word goes along when that word is changed.
    found = [
        each
        for each in known_stays.values()
        if each.pk != stay.pk
        and not each.taken_at
        and each.verdict == stay.verdict
        and each.site
        and path.startswith(str(each.site.path))
    ]
    return found + [
        Stay(
            interview=interview, site=visit.site, known_start=visit.start, known_end=visit.end,
            known_source=visit.source,
        )
        for visit in visits_of_person(interview.case.person, known.start, known.end, viewer=viewer)
        if (visit.start, visit.end) == (known.start, known.end)
        and visit.site_id not in known_stays
        and visit.site_id != stay.site_id
        and path.startswith(str(visit.site.path))
    ]  # fmt: skip


def _visit(interview: Interview, known: Known, viewer: Viewer) -> Visit:
    visits = visits_of_person(interview.case.person, known.start, known.end, viewer=viewer)
    for visit in visits:
        if (visit.site.public_id, visit.start, visit.end) == (known.site, known.start, known.end):
            return visit
    raise InterviewRefused(_("The records have changed: this visit is no longer there. Load the page again."))


def _kept(stay: Stay, by: AbstractBaseUser, at: datetime) -> Stay:
    stay.by_id, stay.at = by.pk, at
    stay.save()
    _told("interview.stay_told", stay, by, at)
    return stay


def _told(kind: str, stay: Stay, by: AbstractBaseUser, at: datetime) -> None:
    audit.record(
        kind, by=by, at=at, subject=stay.interview.public_id, ground=stay.note,
        data={
            "site": stay.site.public_id if stay.site else "",
            "day": clock.local_day(stay.start).isoformat(),
            "verdict": stay.verdict,
            "from": stay.start.isoformat(),
            "to": stay.end.isoformat(),
        },
    )  # fmt: skip


def _refuse_fault(start: datetime, end: datetime, at: datetime) -> None:
    fault = fault_of(start, end, at)
    if fault is None:
        return
    name, message = {
        Fault.FUTURE: ("end", _("This lies in the future. Check both times.")),
        Fault.TOO_EARLY: ("start", _("This is too long ago. Check the year.")),
        Fault.OUT_BEFORE_IN: ("end", _("Out before in. Check both times.")),
        Fault.TOO_LONG: ("end", _("The stay is longer than 62 days. Record it in parts.")),
    }[fault]
    raise InterviewRefused(message, name)
