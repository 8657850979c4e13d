"""Changing where in a facility somebody lies, and what makes a severe course likelier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.people.actions import NewAssignment, assign, leave
from tuyendau.response.care.actions.admitting import refuse_unknown, refuse_ward
from tuyendau.response.care.actions.assessing import recordable
from tuyendau.response.care.actions.refusals import CareRefused, refuse_full
from tuyendau.response.care.models import Stay, StayState


@as_program()
def change_stay(
    public_id: str,
    *,
    ward: Site | None,
    bed: str,
    conditions: Sequence[str],
    note: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    beyond: bool = False,
) -> Stay:
    """Write ward, bed, conditions and note of a stay. Raises `CareRefused`, Stay.DoesNotExist, `Denied`."""
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        if stay.state != StayState.PRESENT:
            raise CareRefused(_("This stay has ended. Nothing of it is changed any more."))
        refuse_ward(stay.site, ward)
        refuse_unknown(conditions, "")
        moved = (ward.pk if ward else None) != stay.ward_id
        if moved and not beyond:
            refuse_full(stay.site, ward)
        values = {
            "ward_id": ward.pk if ward else None, "bed": bed.strip()[:20],
            "conditions": list(dict.fromkeys(conditions)), "note": note.strip()[:500],
        }  # fmt: skip
        changed = [name for name, value in values.items() if getattr(stay, name) != value]
        if not changed:
            return stay
        if moved:
            today = clock.local_day(at)
            leave(stay.person, stay.ward or stay.site, today, by=by, at=at)
            assign([NewAssignment(stay.person_id, (ward or stay.site).pk, today)], by=by, at=at)
        for name in changed:
            setattr(stay, name, values[name])
        stay.save(update_fields=[name.removesuffix("_id") for name in changed])
        data = {"person": stay.person.public_id, "fields": [name.removesuffix("_id") for name in changed]}
        audit.record("stay.changed", by=by, at=at, subject=stay.public_id, data=data)
        return stay
