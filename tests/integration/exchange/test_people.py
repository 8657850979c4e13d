"""Files of people: new ones, ones brought up to date, where they belong, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.exchange.conftest import Take
from tuyendau.access import Denied, Viewer
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Site, Unit
from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.records.people.models import Assignment, Identifier, Person

ROSTER = """Danh sách công nhân;;;;;;;
STT;Mã nhân viên;Họ và tên;Giới tính;Ngày sinh;Số điện thoại;Mã xã;Địa điểm;Từ ngày
1;CN-8;Đỗ Thị Hà;Nữ;12/03/1994;0912 345 678;7807;A-1;01/04/2021
2;CN-8;;;;;;CTY-A;
3;CN-9;Lê Văn Bình;nam;1990;912345679;07777;A-1;
"""


def test_a_roster_in_vietnamese(take: Take, sites: dict[str, Site], units: dict[str, Unit]) -> None:
    done = take("people", ROSTER)
    assert (done.rows, done.counts) == (3, {"new": 2, "changed": 0, "unchanged": 0, "assigned": 3})
    ha = Person.objects.get(code="CN-8")
    assert (ha.full_name, ha.folded, ha.sex, ha.birth_year) == ("Đỗ Thị Hà", "do thi ha", "F", 1994)
    assert (ha.phone, ha.unit) == ("+84912345678", units["07807"])
    assert Person.objects.get(code="CN-9").phone == "+84912345679"
    belongs = (
        Assignment.objects.filter(person=ha).order_by("site__code").values_list("site__code", "valid_from")
    )
    assert list(belongs) == [("A-1", date(2021, 4, 1)), ("CTY-A", date(2021, 5, 20))]
    assert Event.objects.get(kind="file.imported").data["new"] == 2


def test_the_same_file_again_changes_nothing(take: Take, sites: dict[str, Site]) -> None:
    take("people", ROSTER)
    events = Event.objects.count()
    with pytest.raises(AlreadyImported, match="imported already"):
        take("people", ROSTER)
    assert ImportedFile.objects.count() == 1
    assert Event.objects.count() == events


def test_another_edition_brings_people_up_to_date(take: Take, sites: dict[str, Site]) -> None:
    take("people", ROSTER)
    done = take("people", "code,address\nCN-8,Thôn 5\nCN-9,\n")
    assert done.counts == {"new": 0, "changed": 1, "unchanged": 1, "assigned": 0}
    assert Person.objects.get(code="CN-8").full_name == "Đỗ Thị Hà"


def test_codes_are_those_of_the_day(take: Take, units: dict[str, Unit]) -> None:
    with pytest.raises(FileRefused, match="Xã Quang Châu had this code from 01/01/2020 until 01/07/2025"):
        take("people", "code,unit\nX,07807\n", valid_on=date(2026, 1, 1))
    with pytest.raises(FileRefused, match="No commune had this code on 20/05/2021"):
        take("people", "code,unit\nX,00001\n")
    take("people", "code,unit\nX,07777\n", valid_on=date(2026, 1, 1))
    assert Person.objects.get(code="X").unit == units["07777 of 2025"]


BAD = """code,full_name,sex,birth_year,phone,unit,site,from
CN-8,Hà,x,1994,0912345678,07807,A-1,01/04/2021
,Bình,F,1994,,,,
CN-9,Bình,F,94,,,,
CN-10,Bình,F,1994,0123,,,
CN-11,Bình,F,1994,,99999,,
CN-12,Bình,F,1994,,,Z-9,
CN-13,Bình,F,1994,,,A-1,31/02/2021
CN-14,Bình,F,1994,,,A-1,01/01/1899
CN-8,Hương,F,1994,,,,
"""


def test_everything_wrong_is_told_at_once(take: Take, sites: dict[str, Site], rows_everywhere) -> None:
    before = rows_everywhere()
    with pytest.raises(FileRefused) as refusal:
        take("people", BAD)
    places = [(p.row, p.column, p.value) for p in refusal.value.problems]
    assert places == [
        (2, "sex", "x"),
        (3, "code", ""),
        (4, "birth_year", "94"),
        (5, "phone", "0123"),
        (6, "unit", "99999"),
        (7, "site", "Z-9"),
        (8, "from", "31/02/2021"),
        (9, "from", "01/01/1899"),
        (10, "full_name", "Hương"),
    ]
    assert rows_everywhere() == before


def test_who_may(
    take: Take, province: Viewer, district: Viewer, company: Viewer, units: dict[str, Unit]
) -> None:
    with pytest.raises(Denied):
        take("people", "code\nA\n", company)
    take("people", "code,unit\nA,07708\n", province)
    take("people", "code,unit\nB,07807\n", district)
    for rows in ("C,07708\n", "C,\n", "A,07807\n"):
        with pytest.raises(FileRefused, match="area"):
            take("people", f"code,unit\n{rows}", district)
    assert Person.objects.get(code="A").unit == units["07708"]


def test_identity_numbers_and_days_of_birth_are_kept(take: Take, units: dict[str, Unit]) -> None:
    take(
        "people",
        "Mã NV;Họ tên;Giới tính;Ngày sinh;Số CCCD;Số thẻ BHYT\n"
        "CN-1;Đỗ Thị Hà;nữ;12/03/1994;24194012345;DN4242721315635\n"
        "CN-2;Lê Văn Bình;nam;1990;121234567;\n",
    )
    ha = Person.objects.get(code="CN-1")
    assert (ha.birth_date, ha.birth_year) == (date(1994, 3, 12), 1994)
    assert Person.objects.get(code="CN-2").birth_date is None
    held = Identifier.objects.order_by("kind").values_list("kind", "value", "person__code")
    assert list(held) == [
        ("bhyt", "2721315635", "CN-1"), ("cccd", "024194012345", "CN-1"), ("cmnd", "121234567", "CN-2"),
    ]  # fmt: skip


def test_a_card_stands_for_the_code_where_there_is_none(take: Take, units: dict[str, Unit]) -> None:
    take("people", "CCCD,Họ tên\n024194012345,Hà\n")
    assert Person.objects.get().code == "024194012345"
    assert Identifier.objects.get().value == "024194012345"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("A,F,1995,024194012345,\n", "born in 1994, and not in 1995"),
        ("A,M,1994,024194012345,\n", "they are female, and not male"),
        ("A,,,003194012345,\n", "No province has the code 003"),
        ("A,,,1234567,\n", "has 12 characters, and this has 7"),
        ("A,,,,DN9242721315635\n", "no health insurance number"),
        ("A,,,024194012345,\nB,,,024194012345,\n", "Two people of this file have this number"),
        ("A,,,121234567,\n", "a person with another code"),
    ],
)
def test_a_number_that_cannot_be_refuses_the_file(
    take: Take, units: dict[str, Unit], rows: str, told: str
) -> None:
    holder = Person.objects.create(code="OTHER", full_name="Ai", folded="ai")
    Identifier.objects.create(person=holder, kind="cmnd", value="121234567")
    with pytest.raises(FileRefused, match=told):
        take("people", "code,sex,birth_year,id number,bhyt\n" + rows)
    assert Person.objects.count() == 1


def test_an_old_code_leads_to_the_survivor(take: Take, sites: dict[str, Site]) -> None:
    survivor = Person.objects.create(code="NEW", full_name="Đỗ Thị Hà", folded="do thi ha")
    Person.objects.create(code="OLD", full_name="Do Thi Ha", folded="do thi ha", merged_into=survivor)
    take("people", "code,full name,site\nOLD,Khác,A-1\n")
    assert Assignment.objects.get().person_id == survivor.pk
    assert set(Person.objects.values_list("full_name", flat=True)) == {"Đỗ Thị Hà", "Do Thi Ha"}
