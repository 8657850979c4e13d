"""Making situation reports: asked for by one press, or every day at a time."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.rules import ground_of
from tuyendau.core.places.models import Unit
from tuyendau.insight.reports.actions.rendering import FORMATS, rendered
from tuyendau.insight.reports.models import Report, ReportFile, ReportState, Schedule
from tuyendau.insight.reports.queries.situation import (
    Asked,
    chosen_unit,
    content_of,
    report_by_public_id,
    schedules,
)
from tuyendau.insight.reports.queries.situation.content import digest_of
from tuyendau.insight.situation.rules import Basis
from tuyendau.lib import clock

LANGUAGES = ("vi", "en")
logger = logging.getLogger(__name__)


class ReportRefused(Exception):
    """What was asked of a report cannot be done; the text says why and what to do. Nothing was written."""


@as_program()
def ask_for_report(
    unit: str,
    moment: datetime,
    *,
    disease: str,
    basis: Basis,
    language: str,
    viewer: Viewer,
    by: User,
    at: datetime,
) -> Report:
    """Note that a report of a unit (its code) as known at `moment` is to be made; `make_report` does it.

    The same that was made before is given back. Raises `ReportRefused` for a moment ahead, Unit.DoesNotExist for a unit
    out of reach on that day, `Denied`.
    """
    viewer.require(Permission.REPORT_MAKE)
    if moment > at:
        raise ReportRefused(
            _("This moment lies in the future. A report tells what is known: choose one up to now.")
        )
    of = chosen_unit(viewer, clock.local_day(moment), unit)
    same = Report.objects.filter(unit=of, disease=disease, basis=basis, at=moment).exclude(
        state=ReportState.FAILED
    )
    if (found := same.order_by("pk").first()) is not None:
        return found
    report = Report.objects.create(
        unit=of, disease=disease, basis=basis, language=language, at=moment, asked_by=by, asked_at=at
    )
    audit.record(
        "report.asked", by=by, at=at, subject=report.public_id,
        ground=ground_of(viewer.grants, Permission.REPORT_MAKE),
        data={"unit": of.code, "disease": disease, "moment": moment.isoformat()},
    )  # fmt: skip
    return report


def make_report(public_id: str) -> Report:
    """Gather the numbers of a report and write its files in its language. Begun again after a crash.

    Whatever goes wrong is said on the report, so that whoever waits is not left waiting.
    """
    with as_program():
        report = Report.objects.select_related("unit__parent__parent").get(public_id=public_id)
        if report.state in (ReportState.READY, ReportState.FAILED):
            return report
        Report.objects.filter(pk=report.pk).update(state=ReportState.WORKING)
    try:
        with translation.override("en"):
            content = content_of(_asked(report), lambda done, of: _told(report, done, of))
        files = rendered(content, report.language, *FORMATS)
    except Exception as error:
        logger.exception("report %s could not be made", public_id)
        return _failed(report, type(error).__name__)
    return _kept(report, dict(content), files)


def _asked(report: Report) -> Asked:
    return Asked(report.unit, report.at, report.disease, Basis(report.basis))


@as_program()
def _told(report: Report, done: int, parts: int) -> None:
    # One part more: the files.
    Report.objects.filter(pk=report.pk).update(done=done, parts=parts + 1)


@as_program()
def _failed(report: Report, why: str) -> Report:
    report.state, report.failure = ReportState.FAILED, why
    report.save(update_fields=["state", "failure"])
    return report


@as_program()
def _kept(report: Report, content: dict[str, object], files: dict[str, bytes]) -> Report:
    locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.state == ReportState.READY:
        return locked
    now = clock.now()
    for code, data in files.items():
        _keep_file(locked, code, locked.language, data, now)
    locked.content, locked.digest = content, digest_of(content)
    locked.done = locked.parts
    locked.state, locked.made_at = ReportState.READY, now
    locked.save()
    audit.record(
        "report.made", by=locked.asked_by, at=now, subject=locked.public_id,
        data={"digest": locked.digest, "moment": locked.at.isoformat(), "scheduled": locked.schedule_id is not None},
    )  # fmt: skip
    return locked


def _keep_file(report: Report, code: str, language: str, data: bytes, at: datetime) -> ReportFile:
    return ReportFile.objects.create(
        report=report,
        format=code,
        language=language,
        content=data,
        digest=hashlib.sha256(data).hexdigest(),
        made_at=at,
    )


@as_program()
def take_file(
    public_id: str, code: str, language: str, *, viewer: Viewer, at: datetime
) -> tuple[Report, ReportFile]:
    """A report as a file: as it was kept, else written now from the numbers and kept from now on.

    Raises `ReportRefused` where it is not ready, `KeyError` for a format or language that there is not,
    Report.DoesNotExist, `Denied`.
    """
    if code not in FORMATS or language not in LANGUAGES:
        raise KeyError(code)
    report = report_by_public_id(viewer, public_id)
    if report.state != ReportState.READY:
        raise ReportRefused(_("This report is not ready yet."))
    audit.record_export(
        "report.exported", viewer=viewer, permission=Permission.REPORT_MAKE, subject=public_id, at=at,
        data={"format": code, "language": language},
    )  # fmt: skip
    kept = ReportFile.objects.filter(report=report, format=code, language=language)
    if (found := kept.first()) is not None:
        return report, found
    data = rendered(report.content, language, code)[code]
    try:
        with transaction.atomic():
            return report, _keep_file(report, code, language, data, at)
    except IntegrityError:
        # Somebody else took it at the same time: theirs are the same bytes.
        return report, kept.get()


@as_program()
def set_schedule(
    unit: str,
    at_time: time,
    *,
    disease: str,
    basis: Basis,
    language: str,
    viewer: Viewer,
    by: User,
    at: datetime,
) -> Schedule:
    """Have a report of a unit made every day at a time of the province's clock, in the place of the one before.

    Raises Unit.DoesNotExist for a unit out of reach, `Denied`.
    """
    of = chosen_unit(viewer, clock.local_day(at), unit)
    Unit.objects.select_for_update().get(pk=of.pk)
    Schedule.objects.filter(unit=of, disease=disease, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    made = Schedule.objects.create(
        unit=of, disease=disease, basis=basis, language=language, time=at_time, since=at, by=by
    )
    audit.record(
        "report.scheduled", by=by, at=at, subject=made.public_id,
        ground=ground_of(viewer.grants, Permission.REPORT_MAKE),
        data={"unit": of.code, "disease": disease, "time": at_time.isoformat("minutes")},
    )  # fmt: skip
    return made


@as_program()
def end_schedule(public_id: str, *, viewer: Viewer, by: User, at: datetime) -> Schedule:
    """Make no further reports by a schedule. Raises Schedule.DoesNotExist, `Denied`."""
    found = schedules(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    found.ended_at, found.ended_by = at, by
    found.save(update_fields=["ended_at", "ended_by"])
    audit.record("report.unscheduled", by=by, at=at, subject=public_id, data={"unit": found.unit.code})
    return found


CATCHES_UP = timedelta(days=3)
"""Reports that were due while nothing ran are made afterwards, as far back as this."""


@as_program()
def due_by_schedule(at: datetime) -> list[str]:
    """Note the reports that are due by their schedules, each as known at its time; the public ids of those to make.

    Asked as often as one likes: one that is noted is not noted again. Those that were begun and not finished are among
    them.
    """
    for schedule in Schedule.objects.filter(ended_at__isnull=True).select_related("unit"):
        for moment in _moments(schedule, at):
            Report.objects.get_or_create(
                schedule=schedule,
                at=moment,
                defaults={
                    "unit": schedule.unit, "disease": schedule.disease, "basis": schedule.basis,
                    "language": schedule.language, "asked_at": at,
                },
            )  # fmt: skip
    waiting = Report.objects.filter(state__in=[ReportState.WAITING, ReportState.WORKING])
    return list(waiting.order_by("at", "pk").values_list("public_id", flat=True))


def _moments(schedule: Schedule, at: datetime) -> list[datetime]:
    """The moments up to `at` at which a report was due, since the schedule is in force."""
    today, found = clock.local_day(at), []
    for back in range(CATCHES_UP.days, -1, -1):
        moment = datetime.combine(today - timedelta(days=back), schedule.time, clock.ZONE)
        if max(schedule.since, at - CATCHES_UP) < moment <= at:
            found.append(moment)
    return found
