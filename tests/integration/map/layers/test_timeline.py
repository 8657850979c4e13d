"""Every day at once equals each day by itself, as it was known at its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration.map.layers.world import DAY, START, Province, case, change, outbreak, viewer_of
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places.models import UnitLevel
from tuyendau.insight.map import queries
from tuyendau.insight.map.queries import NEVER, Counting, Timeline, Tree
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db


def end_of(day: date, at: datetime) -> datetime:
    return min(at, clock.midnight(day + DAY) - timedelta(microseconds=1))


def slow(shown: Tree, day: date, at: datetime, number: str, counting: Counting) -> dict[str, int]:
    """One day's numbers by the queries that count one moment."""
    then = end_of(day, at)
    own = {area.pk: area.code for area in shown.areas if area.own}
    if number == "since":
        last = queries.last_cases(shown, then, counting)
        return {code: (day - last[pk]).days if pk in last else NEVER for pk, code in own.items()}
    counted = (
        queries.followed(shown, then) if number == "followup" else queries.new_cases(shown, then, counting)
    )
    return {code: counted.by_area[pk] for pk, code in own.items()}


def row(found: Timeline, day: date) -> dict[str, int]:
    return dict(zip(found.units, found.counts[found.days.index(day)].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", ["new", "since", "followup"])
@pytest.mark.parametrize("level", [UnitLevel.COMMUNE, UnitLevel.DISTRICT])
def test_all_days_at_once_are_each_day_by_itself(seed: int, number: str, level: int) -> None:
    province = Province()
    at = outbreak(province, seed)
    place = province.root if seed % 2 else province.districts[0]
    shown = queries.tree(viewer_of("leader", place), clock.local_day(at), level=level)
    counting = Counting((7, 14)[seed % 2], ("reported", "onset")[seed // 2], ("confirmed", "all")[seed // 2])
    found = queries.timeline(shown, at, number, counting)
    assert found.days[-1] == clock.local_day(at)
    assert len(found.days) > 10
    for day in found.days:
        assert row(found, day) == slow(shown, day, at, number, counting), day
    before = slow(shown, found.days[0] - DAY, at, number, counting)
    assert set(before.values()) <= {0, NEVER}


def test_a_late_report_changes_no_day_on_which_it_was_not_known() -> None:
    province = Province()
    case(START + 5 * DAY, province.communes[0], reported_on=START.date())
    shown = queries.tree(viewer_of("leader", province.root), START.date())
    found = queries.timeline(shown, START + 9 * DAY, "new", Counting(7))
    assert found.days[0] == (START + 5 * DAY).date()
    assert found.counts[:, found.units.index("07800")].tolist() == [1, 1, 0, 0, 0]


def test_a_discarded_case_counts_until_the_day_on_which_it_was_discarded() -> None:
    province = Province()
    wrong = case(START, province.communes[0])
    change(START + 3 * DAY, wrong, status="discarded")
    shown = queries.tree(viewer_of("leader", province.root), START.date())
    found = queries.timeline(shown, START + 5 * DAY, "new", Counting())
    assert found.counts[:, found.units.index("07800")].tolist() == [1, 1, 1, 0, 0, 0]


def test_the_last_day_ends_at_the_moment_asked_for() -> None:
    province = Province()
    case(START, province.communes[0])
    case(START + timedelta(hours=3), province.communes[0])
    shown = queries.tree(viewer_of("leader", province.root), START.date())
    for hours, count in ((1, 1), (4, 2)):
        found = queries.timeline(shown, START + timedelta(hours=hours), "new", Counting())
        assert found.counts.sum() == count


def test_it_is_one_statement_however_long_it_lasts() -> None:
    province = Province()
    at = outbreak(province, 1)
    shown = queries.tree(viewer_of("leader", province.root), clock.local_day(at))
    for number in ("new", "since", "followup"):
        with CaptureQueriesContext(connection) as asked:
            queries.timeline(shown, at, number, Counting())
        read = [q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
        assert len(read) == 1


def test_a_commune_plays_its_own_numbers_alone() -> None:
    province = Province()
    case(START, province.communes[0])
    case(START, province.communes[1])
    shown = queries.tree(viewer_of("commune_officer", province.communes[1]), START.date())
    found = queries.timeline(shown, START, "new", Counting())
    assert (found.units, found.counts.tolist()) == (["07801"], [[1]])


def test_without_a_case_there_is_nothing_to_play() -> None:
    province = Province()
    shown = queries.tree(viewer_of("leader", province.root), START.date())
    found = queries.timeline(shown, START, "new", Counting())
    assert (list(found.days), found.counts.shape) == ([], (0, 5))


def test_a_slip_of_the_year_makes_no_timeline_of_decades() -> None:
    province = Province()
    case(START - 4_000 * DAY, province.communes[0])
    case(START, province.communes[0])
    shown = queries.tree(viewer_of("leader", province.root), START.date())
    assert len(queries.timeline(shown, START, "since", Counting()).days) == 400


def test_a_company_has_no_map() -> None:
    province = Province()
    company, _line = province.work()
    with pytest.raises(Denied):
        queries.tree(Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(company.path)),)), START.date())
