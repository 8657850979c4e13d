from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tests.integration.map.reading import layer
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places import actions
from tuyendau.core.places.models import Unit, UnitSuccessor
from tuyendau.insight.map import queries
from tuyendau.insight.map.queries import Choice
from tuyendau.records.cases.queries import ALL

pytestmark = pytest.mark.django_db
AT = datetime(2021, 6, 1, tzinfo=UTC)
DAY = date(2021, 5, 31)


class Province:
    """A province of two districts and three communes, and a neighbour; the tree of 2021."""

    def __init__(self) -> None:
        old = {"valid_from": date(2020, 2, 1), "valid_to": date(2025, 7, 1)}
        self.root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang", **old)
        self.district = UnitFactory.create(
            code="222", level=2, name="Huyện Việt Yên", parent=self.root, **old
        )
        near = {"parent": self.district, "population": 10_000} | old
        self.quang_chau = UnitFactory.create(
            code="07807", name="Xã Quang Châu", lon=106.11, lat=21.21, **near
        )
        self.nenh = UnitFactory.create(code="07795", name="Thị trấn Nếnh", lon=106.12, lat=21.24, **near)
        self.quiet = UnitFactory.create(
            code="07777", name="Xã Yên", lon=106.10, lat=21.27, parent=self.district, **old
        )
        self.neighbour = UnitFactory.create(code="01", level=1, **old)
        self.far = UnitFactory.create(
            code="00004", name="Xã Xa", lon=105.8, lat=21.0, parent=self.neighbour, **old
        )

    def report(self, unit: Unit | None, day: int, times: int = 1, **fields: Any) -> None:
        for _ in range(times):
            fields = {"status": "confirmed", "reported_on": date(2021, 5, day)} | fields
            CaseFactory.create(unit=unit, person=PersonFactory.create(unit=unit), **fields)


@pytest.fixture
def province() -> Province:
    made = Province()
    made.report(made.quang_chau, 31, 12)
    made.report(made.quang_chau, 18, 1)
    made.report(made.quang_chau, 17, 5)
    made.report(made.nenh, 25, 2)
    made.report(made.nenh, 25, 3, status="suspected")
    made.report(made.nenh, 25, 1, status="discarded")
    made.report(None, 30, 4)
    made.report(made.far, 30, 7)
    return made


def epidemiologist(unit: Unit) -> Viewer:
    return Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(unit.path)),))


def counts(found: queries.Situation) -> dict[str, int | None]:
    return {commune.code: commune.count for commune in found.communes}


def test_cases_of_the_window_are_counted_by_commune(province: Province) -> None:
    found = queries.situation(viewer=epidemiologist(province.root), choice=Choice(DAY))
    assert counts(found) == {"07807": 13, "07795": 2, "07777": 0}
    assert (found.total, found.no_unit, found.elsewhere) == (19, 4, 0)
    first = found.communes[0]
    assert (first.code, first.level, first.rate, first.above) == ("07807", 3, 130.0, "Huyện Việt Yên")
    assert found.communes[2].rate is None


@pytest.mark.parametrize(
    ("choice", "quang_chau", "nenh"),
    [
        (Choice(DAY, days=7), 12, 2),
        (Choice(DAY, days=21), 18, 2),
        (Choice(date(2021, 5, 17)), 5, 0),
        (Choice(date(2021, 5, 16)), 0, 0),
        (Choice(DAY, status="suspected"), 0, 3),
        (Choice(DAY, status=ALL), 13, 5),
        (Choice(DAY, basis="onset"), 0, 0),
    ],
)
def test_window_status_and_date_are_as_chosen(
    province: Province, choice: Choice, quang_chau: int, nenh: int
) -> None:
    found = counts(queries.situation(viewer=epidemiologist(province.root), choice=choice))
    assert (found["07807"], found["07795"]) == (quang_chau, nenh)


def test_by_onset_and_by_sample(province: Province) -> None:
    province.report(province.quiet, 1, onset_on=date(2021, 5, 30), sampled_on=date(2021, 4, 2))
    viewer = epidemiologist(province.root)
    assert counts(queries.situation(viewer=viewer, choice=Choice(DAY, basis="onset")))["07777"] == 1
    assert counts(queries.situation(viewer=viewer, choice=Choice(DAY, basis="sample")))["07777"] == 0
    assert queries.latest_day(viewer=viewer, choice=Choice(DAY, basis="sample")) == date(2021, 4, 2)


def test_a_commune_sees_its_own_numbers_and_only_the_outlines_of_others(province: Province) -> None:
    actions.draw_cells([province.root, province.neighbour], by=None, at=AT)
    viewer = Viewer(1, (Grant("commune_officer", ScopeKind.UNIT, str(province.nenh.path)),))
    found = queries.situation(viewer=viewer, choice=Choice(DAY))
    assert counts(found) == {"07795": 2, "07807": None, "07777": None}
    assert (found.total, found.no_unit, found.elsewhere) == (2, 0, 0)
    assert len(queries.outlines(viewer=viewer, day=DAY)) == 3


def test_a_company_has_no_map(province: Province) -> None:
    site = SiteFactory.create(unit=province.quang_chau)
    viewer = Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(site.path)),))
    with pytest.raises(Denied):
        queries.situation(viewer=viewer, choice=Choice(DAY))


def reform(province: Province) -> tuple[Unit, Unit]:
    """July 2025: Nếnh and Quang Châu become one ward, Yên is divided."""
    root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Ninh", valid_from=date(2025, 7, 1))
    new = {"parent": root, "valid_from": date(2025, 7, 1)}
    ward = UnitFactory.create(code="07795", name="Phường Nếnh", **new)
    part = UnitFactory.create(code="07777", name="Phường Việt Yên", **new)
    pairs = [
        (province.root, root), (province.nenh, ward), (province.quang_chau, ward), (province.quiet, ward),
        (province.quiet, part),
    ]  # fmt: skip
    UnitSuccessor.objects.bulk_create([UnitSuccessor(old=old, new=new) for old, new in pairs])
    return root, ward


def test_cases_of_before_a_reform_count_where_their_commune_went(client: Client, province: Province) -> None:
    root, ward = reform(province)
    province.report(province.quiet, 31, 6)
    for unit in (province.nenh, ward, province.quiet):
        province.report(unit, 1, reported_on=date(2025, 7, 3))
    found = queries.situation(viewer=epidemiologist(root), choice=Choice(date(2025, 7, 5)))
    assert counts(found) == {"07795": 2, "07777": 0}
    client.force_login(make_user("epi", "epidemiologist", unit=root))
    drawn = layer(client, at="2025-07-05")
    assert len(client.get(drawn.texts["urls"][0]).context["page"].object_list) == 2
    # Yên was divided: nobody can say in which of the two its case lies.
    assert (found.total, found.elsewhere) == (3, 1)


def test_who_answers_for_the_new_province_sees_the_map_of_the_old(province: Province) -> None:
    root, ward = reform(province)
    whole = queries.situation(viewer=epidemiologist(root), choice=Choice(DAY))
    assert counts(whole) == {"07807": 13, "07795": 2, "07777": 0}
    officer = Viewer(1, (Grant("commune_officer", ScopeKind.UNIT, str(ward.path)),))
    own = queries.situation(viewer=officer, choice=Choice(DAY))
    assert (counts(own)["07807"], counts(own)["07795"]) == (13, 2)
