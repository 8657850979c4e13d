"""Presence of two people merged into one, and of two who were not one: nothing lost, nothing left behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tests.integration.visits.test_presence import minutes_with
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock
from tuyendau.records.people.actions import merge, unmerge
from tuyendau.records.visits.actions import Near, add_encounters, publish_all
from tuyendau.records.visits.models import Encounter, Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

MORNING = clock.midnight(date(2021, 5, 14)) + timedelta(hours=7)
AT = MORNING + timedelta(days=1)


@pytest.fixture
def officer():
    return make_user("dich_te", "epidemiologist", unit=UnitFactory(level=UnitLevel.PROVINCE))


def near(a, b, minute: int, seconds: int) -> None:
    start = int((MORNING + timedelta(minutes=minute)).timestamp())
    add_encounters([Near(a.pk, b.pk, start, seconds)], by=None, at=AT)


def everything() -> tuple[set, set]:
    return (
        set(Visit.objects.values_list("person_id", "site_id", "start", "end")),
        set(Encounter.objects.values_list("a_id", "b_id", "start", "seconds")),
    )


@pytest.mark.parametrize("published", [True, False])
def test_merged_and_taken_apart_again(officer, published):
    viewer = viewer_of(officer, on=AT.date())
    one, two, third, line = PersonFactory(), PersonFactory(), PersonFactory(), SiteFactory()
    hour = timedelta(hours=1)
    stay(one, line, MORNING, MORNING + hour)
    stay(two, line, MORNING, MORNING + hour)
    stay(two, line, MORNING + 3 * hour, MORNING + 4 * hour)
    stay(third, line, MORNING, MORNING + 6 * hour)
    near(two, third, 600, 300)
    near(one, third, 660, 100)
    near(two, third, 660, 240)
    near(one, two, 720, 300)
    if published:
        publish_all(at=AT)
    before, met = everything(), minutes_with(third.pk)
    assert met == {one.pk: 60 + 100 / 60, two.pk: 120 + 9}
    made = merge(one.public_id, two.public_id, viewer=viewer, by=officer, at=AT)
    assert minutes_with(third.pk) == {one.pk: 120 + 9}
    assert minutes_with(one.pk) == {third.pk: 120 + 9}
    assert Visit.objects.filter(person=one).count() == 2
    assert not Visit.objects.filter(person=two).exists()
    unmerge(made.public_id, viewer=viewer, by=officer, at=AT)
    assert everything() == before
    assert minutes_with(third.pk) == met
