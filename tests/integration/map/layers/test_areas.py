"""Communes and districts on the map: their numbers, classes and words, for whom, on which tree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import SiteFactory, UnitFactory
from tests.integration.map.layers.world import (
    DAY,
    START,
    Province,
    case,
    change,
    follow,
    outbreak,
    viewer_of,
)
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places import actions
from tuyendau.core.places.models import UnitSuccessor
from tuyendau.insight.map.layers import Asked, Features, layer_of
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
CLASSES = {"new": "cases", "rate": "rate", "followup": "followup", "since": "since"}


def areas(viewer: Viewer, at: datetime, **options: str) -> Features:
    layer = layer_of(viewer, "communes")
    assert layer is not None
    return layer.features(Asked(viewer, at, options))


def column(found: Features, name: str) -> dict[str, Any]:
    return dict(zip(found.ids, found.columns[name], strict=True))


@pytest.fixture
def province() -> Province:
    made = Province()
    for commune, times in ((0, 12), (1, 2)):
        for _ in range(times):
            case(START, made.communes[commune])
    follow(START, made.communes[1])
    return made


def test_numbers_of_the_window_by_commune(province: Province) -> None:
    found = areas(viewer_of("epidemiologist", province.root), START + 3 * DAY)
    assert column(found, "cases") == {"07800": 12, "07801": 2, "07802": 0, "07803": 0, "07804": 0}
    assert column(found, "rate")["07800"] == 240.0
    assert column(found, "followup")["07801"] == 1
    assert column(found, "since") == {"07800": 3, "07801": 3, "07802": None, "07803": None, "07804": None}
    assert found.ids[:2] == ["07800", "07801"]
    assert list(found.classes)[:3] == [3, 1, 0]
    assert found.labels[0].startswith("Xã 0, Huyện 1: 12 ")


@pytest.mark.parametrize(
    ("number", "first", "level"),
    [("new", "07800", 3), ("rate", "07800", 4), ("followup", "07801", 1), ("since", "07800", 1)],
)
def test_shading_and_order_follow_the_number(province: Province, number: str, first: str, level: int) -> None:
    viewer = viewer_of("leader", province.root)
    found = areas(viewer, START + 3 * DAY, number=number)
    assert (found.ids[0], found.classes[0]) == (first, level)
    layer = layer_of(viewer, "communes")
    assert layer is not None
    legend = {one.value: one for one in layer.legend(Asked(viewer, START, {"number": number}))}
    assert set(found.classes) <= set(legend)
    assert (
        len({one.colour for one in legend.values()})
        == len(legend)
        == len({str(one.word) for one in legend.values()})
    )


def test_districts_sum_up_their_communes_and_cases_that_are_only_known_by_district(
    province: Province,
) -> None:
    case(START, province.districts[0])
    viewer = viewer_of("leader", province.root)
    assert column(areas(viewer, START, level="district"), "cases") == {"221": 13, "222": 2}
    communes = areas(viewer, START)
    assert sum(column(communes, "cases").values()) == 14
    assert len(communes.notes) == 1


def test_as_it_was_known_then(province: Province) -> None:
    late = case(START + 4 * DAY, province.communes[2], reported_on=START.date())
    change(START + 6 * DAY, late, status="discarded")
    viewer = viewer_of("leader", province.root)
    for days, count in ((3, 0), (4, 1), (5, 1), (6, 0)):
        assert column(areas(viewer, START + days * DAY), "cases")["07802"] == count, days


def test_cases_without_a_commune_stand_beside_the_map_and_are_listed(province: Province) -> None:
    case(START, None)
    case(
        START,
        province.far,
        person=case(START, province.communes[0], status="suspected").person,
        disease="measles",
    )
    found = areas(viewer_of("epidemiologist", province.root), START)
    nowhere, elsewhere = found.notes
    assert str(nowhere.text).startswith("1 ")
    assert nowhere.url is not None
    assert parse_qs(urlsplit(nowhere.url).query)["no_unit"] == ["1"]
    assert str(elsewhere.text).startswith("1 ")


def test_a_commune_sees_its_own_numbers_and_of_others_the_outlines(province: Province) -> None:
    actions.draw_cells([province.root, province.neighbour], by=None, at=START)
    found = areas(viewer_of("commune_officer", province.communes[1]), START)
    assert column(found, "cases") == {"07800": None, "07801": 2, "07802": None, "07803": None, "07804": None}
    assert found.classes == [1, -1, -1, -1, -1]
    assert [url is None for url in found.urls] == [False, True, True, True, True]
    assert not found.notes
    assert all(shape is not None for shape in found.geometry)
    assert found.approximate == [True] * 5
    assert "12" not in "".join(found.labels)


@pytest.mark.parametrize("role", ["leader", "channel_operator"])
def test_who_sees_no_case_sees_numbers_that_open_no_list(province: Province, role: str) -> None:
    found = areas(viewer_of(role, province.root), START)
    assert column(found, "cases")["07800"] == 12
    assert found.urls == [None] * 5
    assert found.people is None


def test_a_company_has_no_map(province: Province) -> None:
    site = SiteFactory.create(unit=province.communes[0])
    viewer = Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(site.path)),))
    with pytest.raises(Denied):
        areas(viewer, START)


def test_outlines_of_districts_are_made_of_their_communes(province: Province) -> None:
    actions.draw_cells([province.root], by=None, at=START)
    viewer = viewer_of("leader", province.root)
    communes, districts = areas(viewer, START), areas(viewer, START, level="district")
    areas_of = [sum(shape.area for shape in found.geometry) for found in (communes, districts)]
    assert areas_of[0] == pytest.approx(areas_of[1], rel=1e-6)


@pytest.mark.parametrize("number", CLASSES)
@pytest.mark.parametrize("level", ["commune", "district"])
def test_what_is_played_is_what_each_day_shows(number: str, level: str) -> None:
    province = Province()
    at = outbreak(province, 7)
    viewer = viewer_of("leader", province.root)
    layer: Any = layer_of(viewer, "communes")
    options = {"number": number, "level": level, "days": "7"}
    played = layer.timeline(Asked(viewer, at, options))
    for n, day in list(enumerate(played.days))[::3]:
        end = min(at, clock.midnight(day + DAY) - timedelta(microseconds=1))
        found = areas(viewer, end, **options)
        shown = dict(zip(found.ids, found.classes, strict=True))
        assert dict(zip(played.units, played.classes[n].tolist(), strict=True)) == shown, day


def reform(province: Province) -> Any:
    """July 2025: communes 0 and 2 become one ward, 1 is divided, 3 stays."""
    root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Ninh", valid_from=date(2025, 7, 1))
    new = {"parent": root, "valid_from": date(2025, 7, 1)}
    ward, part, other, same = (
        UnitFactory.create(code=code, **new) for code in ("07800", "07801", "07811", "07803")
    )
    c = province.communes
    pairs = [(province.root, root), (c[0], ward), (c[2], ward), (c[1], part), (c[1], other), (c[3], same)]
    UnitSuccessor.objects.bulk_create([UnitSuccessor(old=old, new=now) for old, now in pairs])
    return root


def test_the_same_outbreak_on_the_trees_before_and_after_a_reform(province: Province) -> None:
    root = reform(province)
    after = datetime(2025, 7, 3, 3, tzinfo=UTC)
    case(after, province.communes[2])
    for viewer in (viewer_of("leader", root), viewer_of("leader", province.root)):
        new = areas(viewer, after)
        assert column(new, "cases") == {"07800": 1, "07801": 0, "07803": 0, "07811": 0}
        assert column(areas(viewer, after, tree="districts"), "cases")["07802"] == 1
        assert column(areas(viewer, START, tree="communes"), "cases") == {
            "07800": 12,
            "07801": 0,
            "07803": 0,
            "07811": 0,
        }
        # Nobody can say in which part of the divided commune its two cases are.
        assert str(areas(viewer, START, tree="communes").notes[0].text).startswith("2 ")
        assert column(areas(viewer, START), "cases")["07801"] == 2


def test_whoever_holds_a_part_of_a_new_unit_does_not_see_its_number(province: Province) -> None:
    reform(province)
    viewer = viewer_of("commune_officer", province.communes[0])
    assert column(areas(viewer, START), "cases")["07800"] == 12
    assert set(column(areas(viewer, START, tree="communes"), "cases").values()) == {None}


def test_without_districts_communes_stand_in_their_place(province: Province) -> None:
    root = reform(province)
    found = areas(viewer_of("leader", root), datetime(2025, 7, 3, tzinfo=UTC), level="district")
    assert sorted(found.ids) == ["07800", "07801", "07803", "07811"]


def test_as_many_queries_for_many_communes_and_cases_as_for_few(province: Province) -> None:
    viewer = viewer_of("leader", province.root)
    with CaptureQueriesContext(connection) as few:
        areas(viewer, START + DAY)
    for n in range(20):
        case(START, UnitFactory.create(parent=province.districts[0], code=f"0900{n}"))
    with CaptureQueriesContext(connection) as many:
        areas(viewer, START + DAY)
    assert len(few) == len(many) <= 24
