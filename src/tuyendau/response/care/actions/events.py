"""What happens below that concerns who stays in a facility."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import Event
from tuyendau.records.cases.models import Case
from tuyendau.records.people.actions import moving
from tuyendau.response.care.models import Stay, StayState


def on_case(event: Event) -> None:
    """Somebody in quarantine became a case: their stay is that of a case from now on."""
    case = Case.objects.filter(public_id=event.subject).first()
    if case is None:
        return
    stay = Stay.objects.filter(person=case.person_id, state=StayState.PRESENT, case=None).first()
    if stay is None:
        return
    stay.case = case
    stay.save(update_fields=["case"])
    audit.record(
        "stay.case_opened", by=event.by, at=event.at, subject=stay.public_id, data={"case": case.public_id}
    )


def on_merged(event: Event) -> None:
    """Both people's stays are the survivor's. Raises `MergeRefused` where both were in a facility at once."""
    merge = moving.merge_of(event)
    try:
        with transaction.atomic():
            moving.move(merge, "stay", table="care_stay")
    except IntegrityError as error:
        raise moving.MergeRefused(
            _("Both were in a facility at the same time. End or take back the wrong stay and merge then.")
        ) from error


def on_unmerged(event: Event) -> None:
    """Each has again the stays that were theirs."""
    moving.bring_back(moving.merge_of(event), "stay", table="care_stay")
