"""Files of cases and of reported contacts."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.exchange.conftest import AT, Take
from tuyendau.access import Denied, Viewer
from tuyendau.core.places.models import Unit
from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.lib.clock import ZONE
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure
from tuyendau.records.people.models import Person

LIST = """Mã ca,Họ tên,Mã NV,Giới,Tuổi,Xã,Huyện,Địa chỉ,Khởi phát,Lấy mẫu,Kết quả,Ngày báo cáo,Cách ly,Trạng thái
BN1,Nguyễn Thị Hà,CN-1,Nữ,27,,,,05/05/2021,06/05/2021,07/05/2021,08/05/2021,07/05/2021 21:00,
BN2,Lê Văn Bình,,nam,40,Quang Châu,Việt Yên,"Thôn Núi Hiểu",,,,09/05/2021,09/05/2021,xác định
BN3,Trần Thị Cúc,CN-77,Nữ,33,Mỹ Hòa,Tân Lạc,Tổ 3,,,,10/05/2021,,nghi ngờ
"""


def test_a_line_list(take: Take, people: dict[str, Person], units: dict[str, Unit]) -> None:
    done = take("cases", LIST)
    assert done.counts == {"new": 3, "known": 0, "people": 2, "without_unit": 1}
    first, second, third = Case.objects.select_related("person", "unit").order_by("code")
    assert (first.person, first.unit, first.status) == (people["CN-1"], units["07807"], "confirmed")
    assert first.person.full_name == "CN-1"
    assert (first.onset_on, first.sampled_on, first.result_on) == (
        date(2021, 5, 5),
        date(2021, 5, 6),
        date(2021, 5, 7),
    )
    assert first.isolated_at.astimezone(ZONE).strftime("%d/%m/%Y %H:%M") == "07/05/2021 21:00"
    assert (second.unit, second.person.birth_year, second.person.address) == (
        units["07807"],
        1981,
        "Thôn Núi Hiểu",
    )
    assert second.isolated_at.astimezone(ZONE).strftime("%d/%m/%Y %H:%M") == "10/05/2021 00:00"
    assert (third.unit, third.status, third.person.code) == (None, "suspected", "CN-77")
    assert third.person.address == "Tổ 3, Mỹ Hòa, Tân Lạc"


def test_a_later_edition_adds_only_new_cases(take: Take, people: dict[str, Person]) -> None:
    take("cases", LIST)
    with pytest.raises(AlreadyImported):
        take("cases", LIST)
    done = take("cases", LIST + "BN4,Phạm Dung,,,,,,,,,,11/05/2021,,\n")
    assert done.counts == {"new": 1, "known": 3, "people": 1, "without_unit": 1}
    assert Person.objects.count() == 2 + 2 + 1


COUNTS = """date,commune_code,commune_as_recorded,cases
08/05/2021,07807,x,2
08/05/2021,,Mỹ Hòa,1
08/05/2021,07807,x,1
"""


def test_counts_become_cases_with_lasting_codes(take: Take, units: dict[str, Unit]) -> None:
    assert take("cases", COUNTS, source="bg").counts["new"] == 4
    codes = set(Case.objects.exclude(unit=None).values_list("code", flat=True))
    assert codes == {f"bg:2021-05-08:07807:{i}" for i in (1, 2, 3)}
    header, *rows = COUNTS.splitlines(keepends=True)
    again = take("cases", header + "".join(reversed(rows)) + "09/05/2021,07708,y,0\n", source="bg")
    assert again.counts == {"new": 0, "known": 4, "people": 0, "without_unit": 0}
    assert Person.objects.count() == 4


def test_rows_without_codes_are_known_again(take: Take, units: dict[str, Unit]) -> None:
    text = "name,reported,unit\nHà,08/05/2021,07807\nHà,08/05/2021,07807\nBình,08/05/2021,\n"
    assert take("cases", text).counts["new"] == 3
    assert take("cases", text + "Cúc,09/05/2021,\n").counts == {
        "new": 1, "known": 3, "people": 1, "without_unit": 1,
    }  # fmt: skip


BAD = """code,person,unit,sex,age,status,onset,sampled,result,reported,outcome,outcome_on,isolated
C1,,99999,,,,,,,08/05/2021,,,
C2,,,,130,,,,,08/05/2021,,,
C3,,,,,maybe,,,,08/05/2021,,,
C4,,,,,,,08/05/2021,07/05/2021,08/05/2021,,,
C5,,,,,,08/05/2021,,,08/05/2021,died,01/05/2021,
C6,,,,,,,,,,,,
C7,,,,,,,,,21/05/2021,,,
C8,,,,,,,,,30/02/2021,,,
C1,,,,,,,,,08/05/2021,,,
C9,CN-1,,,,,,,,08/05/2021,,,
D1,CN-1,,,,,,,,08/05/2021,,,
D2,,,,,,,,,08/05/2021,,,21/05/2021
D3,,,,,,,,,05/06/21,,,
"""


def test_everything_wrong_is_told_at_once(take: Take, people: dict[str, Person], rows_everywhere) -> None:
    before = rows_everywhere()
    with pytest.raises(FileRefused) as refusal:
        take("cases", BAD)
    assert [(p.row, p.column) for p in refusal.value.problems] == [
        (2, "unit"), (3, "age"), (4, "status"), (5, "result"), (6, "outcome_on"), (7, "reported"), (8, "reported"),
        (9, "reported"), (10, "code"), (12, "person"), (13, "isolated"), (14, "reported"),
    ]  # fmt: skip
    assert rows_everywhere() == before


def test_a_person_has_one_open_case(take: Take, people: dict[str, Person], rows_everywhere) -> None:
    take("cases", "code,person,reported\nC1,CN-1,08/05/2021\n")
    before = rows_everywhere()
    with pytest.raises(FileRefused, match="open case already \\(C1\\)") as refusal:
        take("cases", "code,person,reported\nC0,CN-2,09/05/2021\nC2,CN-1,09/05/2021\n")
    assert [(p.row, p.column, p.value) for p in refusal.value.problems] == [(3, "person", "CN-1")]
    assert rows_everywhere() == before


def test_counts_do_not_go_with_names(take: Take, units: dict[str, Unit]) -> None:
    with pytest.raises(FileRefused, match="unnamed"):
        take("cases", "date,name,cases\n08/05/2021,Hà,2\n")


def test_who_may(
    take: Take, province: Viewer, district: Viewer, company: Viewer, people: dict[str, Person]
) -> None:
    with pytest.raises(Denied):
        take("cases", "code,reported\nC1,08/05/2021\n", company)
    take("cases", "code,reported\nC1,08/05/2021\n", province)
    take("cases", "code,reported,unit\nC2,08/05/2021,07807\n", district)
    with pytest.raises(FileRefused, match="area"):
        take("cases", "code,reported,unit\nC3,08/05/2021,07708\n", district)
    Person.objects.filter(code="CN-2").update(unit=None)
    with pytest.raises(FileRefused, match="outside your area"):
        take("cases", "code,reported,unit,person\nC3,08/05/2021,07807,CN-2\n", district)


LINKS = "from,to,exposure,date\nBN1,BN2,Cùng phòng trọ,06/05/2021\nCN-1,CN-2,Ăn cùng,\n"


def test_reported_contacts_by_codes_of_cases_and_people(take: Take, people: dict[str, Person]) -> None:
    take("cases", LIST)
    assert take("contacts", LINKS).counts == {"new": 2, "known": 0, "left_out": 0}
    assert set(Contact.objects.values_list("case__code", "person__full_name")) == {
        ("BN1", "Lê Văn Bình"), ("BN1", "CN-2"),
    }  # fmt: skip
    assert set(Exposure.objects.values_list("note", flat=True)) == {"06/05/2021 Cùng phòng trọ", "Ăn cùng"}
    assert take("contacts", LINKS + "\n").counts == {"new": 0, "known": 2, "left_out": 0}


def test_unknown_ends(take: Take, people: dict[str, Person], rows_everywhere) -> None:
    take("cases", LIST)
    before = rows_everywhere()
    text = LINKS + "BN9,BN2,,\nCN-2,BN1,,\nBN1,XX,,\nBN1,CN-1,,\nBN1,BN3,,22/05/2021\n,BN1,,\n"
    with pytest.raises(FileRefused) as refusal:
        take("contacts", text)
    assert [(p.row, p.column) for p in refusal.value.problems] == [
        (4, "from"), (5, "from"), (6, "to"), (7, "to"), (8, "date"), (9, "from"),
    ]  # fmt: skip
    assert rows_everywhere() == before


def test_a_file_of_which_rows_were_left_out_may_come_again(take: Take, people: dict[str, Person]) -> None:
    take("cases", LIST)
    text = LINKS + "BN1,BN4,,\n"
    assert take("contacts", text, skip_unknown=True).counts == {"new": 2, "known": 0, "left_out": 1}
    take("cases", "code,reported\nBN4,12/05/2021\n")
    assert take("contacts", text).counts == {"new": 1, "known": 2, "left_out": 0}
    with pytest.raises(AlreadyImported):
        take("contacts", text)
    assert ImportedFile.objects.filter(kind="contacts", at=AT).count() == 2
