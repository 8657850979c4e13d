"""Orders of quarantine that a district signed each morning for those who came into lists the day before.

Some wait a day longer, some get none: the indicators of contact tracing are neither empty nor perfect.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from tuyendau.access import Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.core.places.queries import units_on
from tuyendau.demo.plan import DISTRICT, Plan
from tuyendau.demo.signins import COMMUNE
from tuyendau.lib import clock
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.orders import actions as orders
from tuyendau.records.orders.models import Kind, Office, PlaceKind

DAYS_BACK = 9
A_DAY = 30
"""At most so many orders of a day are laid: as many as show how it goes, at any size of the province."""
DRAFTED, SIGNED = timedelta(hours=5, minutes=30), timedelta(hours=6, minutes=15)
OF_TEN_NONE, OF_TEN_LATE = 1, 3
"""Of ten people nobody orders anything for so many; with those who wait a day longer they are so many."""


def lay(plan: Plan) -> None:
    """Draft and sign the orders of the mornings before the scenario's moment, in the order of time."""
    officer = User.objects.get(username="vietyen")
    district = units_on(plan.day, level=UnitLevel.DISTRICT).get(code=DISTRICT)
    for day in (plan.day - timedelta(days=back) for back in range(DAYS_BACK, -1, -1)):
        at = clock.midnight(day) + DRAFTED
        if clock.midnight(day) + SIGNED < plan.moment:
            _lay_day(day, at, officer, district)


@transaction.atomic
def _lay_day(day: date, at: datetime, officer: User, district: Unit) -> None:
    viewer = viewer_of(officer, on=day)
    drafted = [
        made
        for followup in _due(day, district)
        if (made := _draft(followup, day, viewer, officer, at)) is not None
    ]
    if drafted:
        orders.sign_orders(
            drafted, unit=str(district.path), office=Office.VICE_CHAIR, viewer=viewer, by=officer,
            at=clock.midnight(day) + SIGNED,
        )  # fmt: skip


def _due(day: date, district: Unit) -> Iterator[FollowUp]:
    """Contacts listed the day before, and those of the day before that who had to wait."""
    for back, late in ((1, False), (2, True)):
        listed = FollowUp.objects.filter(
            degree=1, began_on=day - timedelta(days=back), person__unit__parent=district
        ).exclude(person__unit__code=COMMUNE)
        for followup in listed.select_related("person", "case").order_by("pk")[:A_DAY]:
            place = followup.person_id * 7 % 10
            if place >= OF_TEN_NONE and (place < OF_TEN_LATE) is late:
                yield followup


def _draft(followup: FollowUp, day: date, viewer: Viewer, officer: User, at: datetime) -> str | None:
    exposed = min(followup.first_exposure or followup.last_exposure, day)
    wanted = orders.Draft(
        Kind.QUARANTINE, followup.disease, day, max(followup.planned_day, day), PlaceKind.HOME, case=followup.case,
        exposed_from=exposed, exposed_on=max(exposed, min(followup.last_exposure, day)), regime=followup.regime,
        address=followup.person.address or "Nơi cư trú",
    )  # fmt: skip
    try:
        return orders.draft_order(followup.person, wanted, viewer=viewer, by=officer, at=at).public_id
    except orders.OrderRefused:
        return None
