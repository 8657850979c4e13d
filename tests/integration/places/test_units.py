from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tuyendau.core.audit.models import Event
from tuyendau.core.places import actions, queries
from tuyendau.core.places.actions import vietnam
from tuyendau.core.places.actions.errors import PlacesRefused
from tuyendau.core.places.actions.rows import Link, Loaded, UnitRow
from tuyendau.core.places.models import Unit, UnitSuccessor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, tzinfo=UTC)
FIRST, REFORM = date(2020, 2, 1), date(2025, 7, 1)

PROVINCE = UnitRow("24", 1, "Tỉnh Bắc Giang")
DISTRICT = UnitRow("222", 2, "Huyện Việt Yên", (1, "24"))
QUANG_CHAU = UnitRow("07807", 3, "Xã Quang Châu", (2, "222"), lon=106.11, lat=21.21, population=10_000, row=4)
NENH = UnitRow("07795", 3, "Thị trấn Nếnh", (2, "222"), lon=106.12, lat=21.23, row=5)
TREE = [PROVINCE, DISTRICT, QUANG_CHAU, NENH]


def load(rows: list[UnitRow], valid_from: date = FIRST, valid_to: date | None = REFORM) -> Loaded:
    return actions.load_units(rows, valid_from=valid_from, valid_to=valid_to, by=None, at=AT)


def test_a_tree_gets_paths_from_its_parents() -> None:
    assert load([QUANG_CHAU, PROVINCE, DISTRICT, NENH]) == Loaded(4, 0, 0)
    commune = Unit.objects.get(code="07807")
    assert commune.parent is not None
    assert commune.path == f"/{commune.parent.parent_id}/{commune.parent_id}/{commune.pk}/"
    assert commune.folded == "xa quang chau"
    assert queries.ancestors(commune) == [commune.parent.parent_id, commune.parent_id]


def test_the_same_again_changes_nothing_and_writes_no_event() -> None:
    load(TREE)
    events = Event.objects.count()
    assert load(TREE) == Loaded(0, 0, 4)
    assert Event.objects.count() == events == 1


def test_a_changed_name_updates_and_what_is_not_told_stays() -> None:
    load(TREE)
    assert load([UnitRow("07807", 3, "Phường Quang Châu")]) == Loaded(0, 1, 0)
    unit = Unit.objects.get(code="07807")
    assert (unit.name, unit.folded, unit.population) == ("Phường Quang Châu", "phuong quang chau", 10_000)
    assert unit.parent is not None
    assert unit.parent.code == "222"


def test_a_unit_hung_elsewhere_takes_those_below_along() -> None:
    load([*TREE, UnitRow("27", 1, "Tỉnh Bắc Ninh")])
    load([UnitRow("222", 2, "Huyện Việt Yên", (1, "27"))])
    root = Unit.objects.get(code="27")
    assert set(Unit.objects.filter(path__startswith=root.path).values_list("code", flat=True)) == {
        "27", "222", "07807", "07795",
    }  # fmt: skip


def test_a_unit_without_its_parent_is_refused_and_nothing_stays() -> None:
    with pytest.raises(PlacesRefused) as error:
        load([PROVINCE, QUANG_CHAU, UnitRow("07795", 3, "Thị trấn Nếnh", row=5)])
    assert [(p.row, p.column) for p in error.value.problems] == [(4, "parent_code"), (5, "parent_code")]
    assert not Unit.objects.exists()


def test_a_code_cannot_be_two_units_on_one_day() -> None:
    load(TREE)
    with pytest.raises(PlacesRefused) as error:
        load(TREE, date(2025, 1, 1), None)
    assert [p.row for p in error.value.problems] == [0, 0, 4, 5]
    assert Unit.objects.count() == 4


def test_a_code_reused_after_a_reform_is_another_unit() -> None:
    load(TREE)
    load([UnitRow("24", 1, "Tỉnh Bắc Ninh"), UnitRow("07795", 3, "Phường Nếnh", (1, "24"))], REFORM, None)
    before, after = queries.unit_on("07795", date(2025, 6, 30)), queries.unit_on("07795", REFORM)
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("Thị trấn Nếnh", "Phường Nếnh")
    assert queries.unit_on("07795", date(2019, 1, 1)) is None
    assert queries.units_by_code(["07795", "07807"], REFORM) == {"07795": after}


def reform() -> tuple[Unit, Unit, Unit]:
    """Quang Châu and Nếnh become one ward of a province without districts."""
    load(TREE)
    load([UnitRow("24", 1, "Tỉnh Bắc Ninh"), UnitRow("07795", 3, "Phường Nếnh", (1, "24"))], REFORM, None)
    links = [Link((3, "07807"), (3, "07795")), Link((3, "07795"), (3, "07795"), 1.0)]
    assert actions.link_units(links, old_from=FIRST, new_from=REFORM, by=None, at=AT) == 3
    old = Unit.objects.filter(valid_from=FIRST, level=3).order_by("code")
    return old[0], old[1], Unit.objects.get(code="07795", valid_from=REFORM)


def test_links_of_provinces_follow_from_their_communes_and_repeat_without_change() -> None:
    reform()
    assert UnitSuccessor.objects.filter(old__level=1, new__level=1).count() == 1
    assert UnitSuccessor.objects.filter(share=1.0).count() == 1
    again = [Link((3, "07807"), (3, "07795")), Link((3, "99999"), (3, "07795"))]
    assert actions.link_units(again, old_from=FIRST, new_from=REFORM, by=None, at=AT) == 0


def test_units_are_carried_forward_and_not_back_where_there_were_two() -> None:
    nenh, quang_chau, ward = reform()
    everything = [nenh.pk, quang_chau.pk, ward.pk]
    assert queries.carried_to(everything, REFORM) == dict.fromkeys(everything, ward.pk)
    assert queries.carried_to(everything, date(2021, 5, 1)) == {
        nenh.pk: nenh.pk,
        quang_chau.pk: quang_chau.pk,
    }


def test_a_unit_with_one_forerunner_is_carried_back_through_two_reforms() -> None:
    load([PROVINCE, DISTRICT, NENH], FIRST, date(2025, 1, 1))
    load([PROVINCE, DISTRICT, NENH], date(2025, 1, 1), REFORM)
    load([PROVINCE, UnitRow("07795", 3, "Phường Nếnh", (1, "24"))], REFORM, None)
    for old, new in ((FIRST, date(2025, 1, 1)), (date(2025, 1, 1), REFORM)):
        actions.link_units([Link((3, "07795"), (3, "07795"))], old_from=old, new_from=new, by=None, at=AT)
    first, last = Unit.objects.get(level=3, valid_from=FIRST), Unit.objects.get(level=3, valid_from=REFORM)
    assert queries.carried_to([last.pk], date(2021, 5, 1)) == {last.pk: first.pk}
    assert queries.carried_to([first.pk], REFORM) == {first.pk: last.pk}


def test_a_divided_unit_is_carried_nowhere() -> None:
    load(TREE)
    new = [
        UnitRow("24", 1, "Bắc Ninh"),
        *(UnitRow(c, 3, f"Phường {c}", (1, "24")) for c in ("07795", "07798")),
    ]
    load(new, REFORM, None)
    links = [Link((3, "07807"), (3, "07795")), Link((3, "07807"), (3, "07798"))]
    actions.link_units(links, old_from=FIRST, new_from=REFORM, by=None, at=AT)
    assert queries.carried_to([Unit.objects.get(code="07807").pk], REFORM) == {}


def test_successors_of_a_file_must_be_communes_of_the_tree_that_follows() -> None:
    load([UnitRow("24", 1, "Bắc Ninh"), UnitRow("07795", 3, "Phường Nếnh", (1, "24"))], REFORM, None)
    rows = [UnitRow("07807", 3, "Xã Quang Châu", successors=("07795",), row=2)]
    assert actions.successor_links(rows, REFORM) == [Link((3, "07807"), (3, "07795"))]
    with pytest.raises(PlacesRefused) as error:
        actions.successor_links([UnitRow("07807", 3, "Xã", successors=("24",), row=7)], REFORM)
    assert [(p.row, p.column) for p in error.value.problems] == [(7, "successor")]


def test_the_trees_of_the_country_are_whole() -> None:
    legacy, present = vietnam.legacy_units(), vietnam.present_units()
    assert [sum(u.level == level for u in legacy) for level in (1, 2, 3)] == [63, 696, 10_035]
    assert [sum(u.level == level for u in present) for level in (1, 2, 3)] == [34, 0, 3_321]
    links = vietnam.links()
    assert {link.old for link in links if link.old[0] == 3} == {u.key for u in legacy if u.level == 3}
    assert {link.new for link in links} == {u.key for u in present if u.level == 3}
