from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.factories import SiteFactory, UnitFactory
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.audit.models import Event
from tuyendau.core.places import actions, queries
from tuyendau.core.places.actions.errors import PlacesRefused
from tuyendau.core.places.actions.rows import Loaded, SiteRow
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import SiteFilter
from tuyendau.science.epi.settings import Setting

pytestmark = pytest.mark.django_db
AT = datetime(2021, 5, 15, tzinfo=UTC)

PARK = SiteRow("KCN", "park", "KCN Quang Châu", unit="07807", row=2)
COMPANY = SiteRow("CT", "company", "Công ty Ánh Dương", "KCN", capacity=9000, row=3)
WORKSHOP = SiteRow("X1", "workshop", "Xưởng 1", "CT", row=4)
LINE = SiteRow("L1", "line", "Chuyền số 1", "X1", row=5)
TREE = [LINE, WORKSHOP, COMPANY, PARK]


@pytest.fixture
def commune() -> Unit:
    return UnitFactory.create(
        code="07807", name="Xã Quang Châu", parent=UnitFactory.create(code="24", level=1)
    )


def add(*rows: SiteRow, unit_on: date | None = None) -> Loaded:
    return actions.add_sites(rows, by=None, at=AT, unit_on=unit_on)


def over_unit(unit: Unit, role: str = "epidemiologist") -> Viewer:
    return Viewer(1, (Grant(role, ScopeKind.UNIT, str(unit.path)),))


def over_site(code: str) -> Viewer:
    return Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(Site.objects.get(code=code).path)),))


def test_a_tree_in_any_order_gets_paths_settings_and_communes(commune: Unit) -> None:
    assert add(*TREE) == Loaded(4, 0, 0)
    line = Site.objects.get(code="L1")
    assert [site.code for site in queries.sites_above(line)] == ["KCN", "CT", "X1"]
    assert line.unit == commune
    assert (line.setting, line.dwell_minutes) == (Setting.LINE, 540)
    assert queries.sites_under(Site.objects.get(code="CT")).count() == 3


def test_the_same_again_changes_nothing(commune: Unit) -> None:
    add(*TREE)
    assert add(*TREE) == Loaded(0, 0, 4)
    assert Event.objects.filter(kind="sites.loaded").count() == 1


def test_what_a_row_does_not_tell_stays(commune: Unit) -> None:
    add(*TREE)
    add(SiteRow("CT", "company", "Công ty Ánh Dương", dwell_minutes=600))
    assert add(SiteRow("CT", "company", "Công ty Mới")) == Loaded(0, 1, 0)
    company = Site.objects.get(code="CT")
    assert (company.name, company.capacity, company.dwell_minutes) == ("Công ty Mới", 9000, 600)
    assert company.parent == Site.objects.get(code="KCN")


def test_a_branch_hung_elsewhere_takes_everything_below_along(commune: Unit) -> None:
    add(
        *TREE,
        SiteRow("KCN2", "park", "KCN Vân Trung", unit="07807"),
        SiteRow("CT2", "company", "Hai", "KCN2"),
    )
    # The company moves to another park while its workshop moves to another company.
    moved = [
        SiteRow("CT", "company", "Công ty Ánh Dương", "KCN2"),
        SiteRow("X1", "workshop", "Xưởng 1", "CT2"),
    ]
    assert add(*moved) == Loaded(0, 2, 0)
    assert [s.code for s in queries.sites_above(Site.objects.get(code="L1"))] == ["KCN2", "CT2", "X1"]
    assert [s.code for s in queries.sites_above(Site.objects.get(code="CT"))] == ["KCN2"]


def test_every_wrong_cell_is_told_and_nothing_is_written(commune: Unit) -> None:
    with pytest.raises(PlacesRefused) as error:
        add(
            SiteRow("", "line", "Chuyền", row=2),
            SiteRow("A", "castle", "Lâu đài", row=3),
            SiteRow("B", "line", " ", row=4),
            SiteRow("C", "line", "Chuyền", "NOWHERE", row=5),
            SiteRow("D", "line", "Chuyền", unit="99999", row=6),
            SiteRow("E", "line", "Chuyền", dwell_minutes=0, row=7),
            SiteRow("F", "line", "Chuyền", row=8),
            SiteRow("F", "line", "Chuyền", row=9),
        )
    assert [(p.row, p.column) for p in error.value.problems] == [
        (2, "code"), (3, "kind"), (4, "name"), (5, "parent"), (6, "unit"), (7, "dwell_minutes"), (8, "code"),
        (9, "code"),
    ]  # fmt: skip
    assert not Site.objects.exists()


def test_circles_are_refused_in_a_file_and_through_what_is_there(commune: Unit) -> None:
    with pytest.raises(PlacesRefused) as error:
        add(SiteRow("A", "line", "A", "B", row=2), SiteRow("B", "line", "B", "A", row=3))
    assert [p.row for p in error.value.problems] == [2, 3]
    add(*TREE)
    with pytest.raises(PlacesRefused) as error:
        add(SiteRow("CT", "company", "Công ty", "L1", row=2))
    assert [(p.row, p.column) for p in error.value.problems] == [(2, "parent")]


def test_codes_of_communes_are_read_on_a_day(commune: Unit) -> None:
    Unit.objects.filter(pk=commune.pk).update(valid_to=date(2025, 7, 1))
    with pytest.raises(PlacesRefused):
        add(PARK, unit_on=date(2025, 7, 1))
    assert add(PARK, unit_on=date(2021, 5, 1)).created == 1


def codes(viewer: Viewer, **chosen: str) -> list[str]:
    return sorted(
        queries.site_list(viewer=viewer, chosen=SiteFilter(**chosen)).values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, ["CT", "KCN", "L1", "X1"]),
        ({"q": "anh duong"}, ["CT"]),
        ({"q": "Ánh DƯƠNG"}, ["CT"]),
        ({"q": "duong cong"}, ["CT"]),
        ({"q": "l1"}, ["L1"]),
        ({"q": "%"}, []),
        ({"kind": "line"}, ["L1"]),
        ({"unit": "07807"}, ["CT", "KCN", "L1", "X1"]),
        ({"unit": "24"}, ["CT", "KCN", "L1", "X1"]),
        ({"unit": "07795"}, []),
        ({"under": "nothing"}, []),
    ],
)
def test_sites_are_found_by_name_code_kind_and_commune(
    commune: Unit, chosen: dict[str, str], found: list[str]
) -> None:
    add(*TREE)
    assert codes(over_unit(commune), **chosen) == found


def test_sites_under_a_site_and_how_many_parts(commune: Unit) -> None:
    add(*TREE)
    viewer = over_unit(commune)
    company = Site.objects.get(code="CT")
    assert codes(viewer, under=company.public_id) == ["CT", "L1", "X1"]
    (workshop,) = queries.children_of(viewer=viewer, site=company)
    assert (workshop.code, workshop.child_count) == ("X1", 1)  # type: ignore[attr-defined]


def test_each_sees_the_sites_of_their_own_place(commune: Unit) -> None:
    add(*TREE, SiteRow("CT2", "company", "Công ty Khác", "KCN"))
    elsewhere = UnitFactory.create(code="07795")
    SiteFactory.create(code="FAR", unit=elsewhere)
    assert codes(over_unit(commune, "commune_officer")) == ["CT", "CT2", "KCN", "L1", "X1"]
    assert codes(over_unit(elsewhere, "commune_officer")) == ["FAR"]
    assert codes(over_site("CT")) == ["CT", "L1", "X1"]
    with pytest.raises(Denied):
        codes(Viewer(None))


def test_a_site_of_no_known_commune_is_for_the_province(commune: Unit) -> None:
    SiteFactory.create(code="LOST", unit=None)
    assert commune.parent is not None
    assert codes(over_unit(commune.parent)) == ["LOST"]
    assert codes(over_unit(commune)) == []


def test_a_site_out_of_reach_is_as_if_there_were_none(commune: Unit) -> None:
    add(*TREE, SiteRow("CT2", "company", "Công ty Khác", "KCN"))
    other = Site.objects.get(code="CT2")
    assert queries.site_by_public_id(viewer=over_unit(commune), public_id=other.public_id) == other
    with pytest.raises(Site.DoesNotExist):
        queries.site_by_public_id(viewer=over_site("CT"), public_id=other.public_id)
