"""Assessing how ill a patient is. Assessments are only added to."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.response.care import rules
from tuyendau.response.care.actions.refusals import CareRefused, refuse_fault, refused
from tuyendau.response.care.models import Assessment, Severity, Stay, StayState
from tuyendau.response.care.queries.reach import stays_in_reach


@as_program()
def assess(
    public_id: str,
    level: str,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    moment: datetime | None = None,
    note: str = "",
) -> Assessment:
    """Record how ill a patient is now, or was at `moment`. Raises `CareRefused`, Stay.DoesNotExist, `Denied`."""
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        if level not in Severity.values:
            raise refused(_("Choose how ill the patient is from the list."), "level")
        moment = moment or at
        refuse_fault(rules.fault_of_end(stay.began_at, moment, at), "moment", stay)
        moment = max(moment, stay.began_at)
        if stay.ended_at is not None and moment > stay.ended_at:
            raise CareRefused(_("This stay has ended. Nobody is assessed in it any more."))
        made = add_assessment(stay, level, moment=moment, by=by, at=at, note=note)
        data = {"person": stay.person.public_id, "level": level}
        audit.record("stay.assessed", by=by, at=at, subject=stay.public_id, data=data)
        return made


@as_program()
def correct_assessment(
    public_id: str, level: str, note: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Assessment:
    """Put another assessment in the place of a wrong one, which stays on record.

    Raises `CareRefused` without a reason, Assessment.DoesNotExist out of reach or where it was corrected already.
    """
    if not note.strip():
        raise refused(_("Say why the assessment is corrected."), "note")
    if level not in Severity.values:
        raise refused(_("Choose how ill the patient is from the list."), "level")
    with transaction.atomic():
        of = Assessment.objects.filter(public_id=public_id).values_list("stay__public_id", flat=True).first()
        try:
            stay = recordable(viewer, of or "")
        except Stay.DoesNotExist as error:
            raise Assessment.DoesNotExist(public_id) from error
        wrong = Assessment.objects.select_for_update().get(public_id=public_id, corrected_by=None)
        made = add_assessment(stay, level, moment=wrong.at, by=by, at=at, note=note)
        Assessment.objects.filter(pk=wrong.pk).update(corrected_by=made)
        settle(stay)
        data = {"person": stay.person.public_id, "was": wrong.level, "level": level}
        audit.record("stay.assessment_corrected", by=by, at=at, subject=stay.public_id, data=data)
        return made


def recordable(viewer: Viewer, public_id: str) -> Stay:
    """The stay, its row locked, over which the viewer may record. Raises Stay.DoesNotExist, `Denied`."""
    stays = stays_in_reach(viewer, Permission.STAY_RECORD).exclude(state=StayState.CANCELLED)
    # The reach asks of other tables: the row is locked by its number.
    found = stays.values_list("pk", flat=True).get(public_id=public_id)
    return Stay.objects.select_for_update(of=("self",)).select_related("person", "site", "case").get(pk=found)


def add_assessment(
    stay: Stay, level: str, *, moment: datetime, by: AbstractBaseUser | None, at: datetime, note: str = ""
) -> Assessment:
    """Write an assessment of a stay; the caller holds its row and records the event."""
    made = Assessment.objects.create(
        stay=stay,
        level=level,
        at=moment,
        recorded_at=at,
        by_id=by.pk if by else None,
        note=note.strip()[:300],
    )
    settle(stay)
    return made


def settle(stay: Stay) -> None:
    """Let the stay say what its latest assessment that stands says."""
    latest = stay.assessments.filter(corrected_by=None).order_by("-at", "-pk").first()
    stay.severity = latest.level if latest else ""
    stay.assessed_at = latest.at if latest else None
    stay.save(update_fields=["severity", "assessed_at"])
