"""Which open maps are told of what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import PersonFactory
from tests.integration.map.layers.world import START, Province, case, follow, viewer_of
from tuyendau.access import Permission
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind
from tuyendau.core.places.queries import reach_of
from tuyendau.insight.map.queries import TOLD_OF_THE_MAP, notices
from tuyendau.response.care.models import Stay, Transfer

pytestmark = pytest.mark.django_db


def told(province: Province, *events: tuple[str, str]) -> list[list[int]]:
    """For each event the communes (by number) and the leader (-1) whose maps are told of it."""
    made = [Event(pk=n, kind=kind, subject=subject, at=START) for n, (kind, subject) in enumerate(events, 1)]
    found = notices(made)
    viewers = {n: viewer_of("commune_officer", unit) for n, unit in enumerate(province.communes)}
    viewers[-1] = viewer_of("leader", province.root)
    reach = {n: reach_of(viewer, Permission.MAP_VIEW) for n, viewer in viewers.items()}
    assert {notice.id for each in found.values() for notice in each} <= {"map"}

    def hears(n: int, event: Any) -> bool:
        return any(notice.where is None or reach[n].holds(notice.where) for notice in found.get(event.pk, ()))

    return [sorted(n for n in viewers if hears(n, event)) for event in made]


def test_those_hear_whose_numbers_it_changes() -> None:
    province = Province()
    ill = case(START, province.communes[2])
    watched = follow(START, province.communes[3])
    hospital, other = province.site(SiteKind.HOSPITAL, 0), province.site(SiteKind.HOSPITAL, 1)
    patient = PersonFactory.create(unit=province.communes[4])
    stay = Stay.objects.create(person=patient, site=hospital, began_at=START, recorded_at=START)
    transfer = Transfer.objects.create(stay=stay, to=other, proposed_at=START)
    assert told(
        province,
        ("case.confirmed", ill.public_id),
        ("case.edited", ill.public_id),
        ("followup.opened", watched.public_id),
        ("stay.began", stay.public_id),
        ("transfer.arrived", transfer.public_id),
        ("followups.days_passed", "followups"),
        ("case.confirmed", "case_nobody"),
    ) == [[-1, 2], [-1, 2], [-1, 3], [-1, 4], [-1, 4], [-1, 0, 1, 2, 3, 4], []]
    assert not {"followup.read", "check.recorded", "case.traced"} & set(TOLD_OF_THE_MAP)


def test_a_hundred_events_are_asked_for_together(django_assert_max_num_queries: Any) -> None:
    province = Province()
    cases = [case(START, province.communes[0]).public_id for _ in range(10)]
    events = [
        Event(pk=n, kind="case.confirmed", subject=subject, at=START) for n, subject in enumerate(cases)
    ]
    with django_assert_max_num_queries(8):
        assert len(notices(events)) == 10
