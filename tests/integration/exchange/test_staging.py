"""Staged imports: read as somebody settles it, checked row by row, applied at once, and taken back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.factories import make_user
from tests.integration.exchange.conftest import AT
from tuyendau.access import Denied, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Unit, UnitSuccessor
from tuyendau.insight.exchange.actions import staging
from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
from tuyendau.insight.exchange.models import KnownSource, StagedImport, StagedRow
from tuyendau.records.cases.actions import classify
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.cases.rules import Status
from tuyendau.records.people.models import Identifier, Person
from tuyendau.records.visits.queries.presence import forget

DAY = AT.date()
Bring = Callable[..., StagedImport]
HEADS = "Mã ca,Họ và tên,Giới tính,Năm sinh,Xã,Huyện,Khởi phát,Ngày báo cáo,Ngày tử vong\n"


@pytest.fixture(autouse=True)
def _segments(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.SEGMENTS = tmp_path
    yield
    # What traced holds a connection of its own.
    forget()


@pytest.fixture
def officer(units: dict[str, Unit]) -> User:
    return make_user("huyen", "district_officer", unit=units["222"], language="en")


@pytest.fixture
def viewer(officer: User) -> Viewer:
    return viewer_of(officer, on=DAY)


@pytest.fixture
def bring(officer: User, viewer: Viewer) -> Bring:
    """Stage a file of cases as the district's officer, and check it unless its columns are to be named."""

    def run(data: bytes | str, *, kind: str = "cases", label: str = "", name: str = "ca.csv") -> StagedImport:
        raw = data.encode() if isinstance(data, str) else data
        staged = staging.stage(kind, name, raw, label=label, valid_on=DAY, viewer=viewer, by=officer, at=AT)
        return staged if staged.state == "columns" else staging.check(staged, viewer=viewer, at=AT)

    return run


def apply(staged: StagedImport, officer: User, viewer: Viewer, *, leave_out: bool = False) -> StagedImport:
    staging.begin(staged, leave_out=leave_out, viewer=viewer)
    staging.apply(staged, viewer=viewer, by=officer, at=AT)
    staged.refresh_from_db()
    return staged


def verdicts(staged: StagedImport) -> list[str]:
    return list(staged.rows.order_by("number").values_list("verdict", flat=True))


def problems(staged: StagedImport) -> list[tuple[int, str]]:
    return [(row.number, p["column"]) for row in staged.rows.order_by("number") for p in row.problems]


def book(rows: list[list[object]], merged: dict[str, str] | None = None, sheet_before: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        if sheet_before:
            made.add_worksheet("Hướng dẫn").write(0, 0, "Điền vào trang sau")
        sheet = made.add_worksheet("Danh sách")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif value is not None:
                    sheet.write(r, c, value)
        for span, text in (merged or {}).items():
            sheet.merge_range(span, text)
    return out.getvalue()


def test_a_list_is_checked_and_then_applied(
    bring: Bring, officer: User, viewer: Viewer, rows_everywhere
) -> None:
    before = rows_everywhere()
    staged = bring(HEADS + "BN1,Nguyễn Thị Hà,Nữ,1994,Quang Châu,Việt Yên,05/05/2021,08/05/2021,\n"
                           "BN2,Lê Văn Bình,Nam,1990,Quang Châu,,,09/05/2021,\n")  # fmt: skip
    after = rows_everywhere()
    assert {t for t in after if after[t] != before[t]} <= {
        "exchange_stagedimport", "exchange_stagedfile", "exchange_stagedrow", "audit_event", "audit_link", "audit_turn",
    }  # fmt: skip
    assert verdicts(staged) == ["new", "new"]
    assert (staged.counts["people_new"], staged.counts["new"], staged.counts["rows"]) == (2, 2, 2)
    apply(staged, officer, viewer)
    assert staged.state == "applied"
    assert set(Case.objects.values_list("code", "person__full_name", "unit__code")) == {
        ("BN1", "Nguyễn Thị Hà", "07807"), ("BN2", "Lê Văn Bình", "07807"),
    }  # fmt: skip


PLAIN = "Mã ca,Họ tên,Xã,Ngày báo cáo\nBN1,Hà,Quang Châu,08/05/2021\n"
BAD = {
    "bom": b"\xef\xbb\xbf" + PLAIN.encode(),
    "windows-1252": "code,name,commune,reported\nBN1,Trân,Quang Châu,08/05/2021\n".encode("cp1252"),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode("utf-16"),
}


@pytest.mark.parametrize("name", BAD)
def test_every_encoding_and_separator(name: str, bring: Bring) -> None:
    staged = bring(BAD[name])
    assert (staged.state, verdicts(staged)) == ("ready", ["new"])


def test_two_header_rows_titles_merged_cells_and_the_second_sheet(
    bring: Bring, officer: User, viewer: Viewer
) -> None:
    staged = bring(
        book(
            [
                ["DANH SÁCH CA BỆNH"], [],
                ["STT", "Mã ca", "Họ và tên", "Khởi phát", None, None, "Xã", "Ngày báo cáo"],
                [None, None, None, "Ngày", "Tháng", "Năm", None, None],
                [1, "BN1", "Nguyễn Hà", 5, 5, 2021, None, date(2021, 5, 8)],
                [2, "BN2", "Lê Bình", 6, 5, 2021, None, date(2021, 5, 8)],
            ],
            {"D3:F3": "Khởi phát", "G5:G6": "Quang Châu", "B3:B4": "Mã ca", "C3:C4": "Họ và tên"},
            sheet_before=True,
        ),
        name="ca.xlsx",
    )  # fmt: skip
    assert (staged.state, verdicts(staged)) == ("ready", ["new", "new"])
    apply(staged, officer, viewer)
    assert set(Case.objects.values_list("code", "onset_on", "unit__code")) == {
        ("BN1", date(2021, 5, 5), "07807"), ("BN2", date(2021, 5, 6), "07807"),
    }  # fmt: skip


def test_every_problem_names_row_column_and_value(bring: Bring) -> None:
    staged = bring(
        HEADS
        + "BN1,A,Nữ,1994,Quang Châu,,05/05/2021,08/05/2021,01/05/2021\n"
        + "BN2,B,Nữ,1994,Quang Châu,,05/05/1999,08/05/2021,\n"
        + "BN3,C,Nữ,1994,Quang Chau Xa,,05/05/2021,08/05/2021,\n"
        + "BN4,D,Nữ,94,Quang Châu,,hôm qua,08/05/2021,\n"
        + "BN5,E,Nữ,1994,Nội Hoàng,Yên Dũng,05/05/2021,08/05/2021,\n"
        + "BN6,Trần Thị Cúc,Nữ,1990,Quang Châu,,05/05/2021,08/05/2021,\n"
        + "BN7,Trần Thị Cúc,Nữ,1990,Quang Châu,,05/05/2021,08/05/2021,\n"
    )
    assert sorted(problems(staged)) == [
        (2, "Ngày tử vong"), (3, "Khởi phát"), (4, "Xã"), (5, "Khởi phát"), (5, "Năm sinh"), (6, "Xã"),
        (8, "Họ và tên"),
    ]  # fmt: skip
    assert verdicts(staged) == ["refused", "refused", "refused", "refused", "refused", "new", "refused"]
    question = next(q for q in staged.questions if q["name"] == "commune")
    assert (question["value"], question["options"][0][0]) == ("Quang Chau Xa", "07807")


def test_answers_are_kept_for_the_next_file_of_the_source(
    bring: Bring, officer: User, viewer: Viewer
) -> None:
    text = "Ca bệnh số,Họ và tên,Phái,Xã,Ngày báo cáo\nBN1,Hà,1,Quang Chou,05/13/2021\n"
    staged = bring(text, label="Trạm y tế")
    assert staged.state == "columns"
    with pytest.raises(FileRefused, match="No column"):
        staging.map_columns(staged, ["", "", "", "", ""], viewer=viewer, by=officer, at=AT)
    with pytest.raises(FileRefused, match="the same"):
        staging.map_columns(staged, ["code", "code", "", "", "reported"], viewer=viewer, by=officer, at=AT)
    columns = ["code", "full_name", "sex", "commune", "reported"]
    staging.map_columns(staged, columns, viewer=viewer, by=officer, at=AT)
    staging.check(staged, viewer=viewer, at=AT)
    asked = {q["name"]: q for q in staged.questions}
    assert set(asked) == {"sex", "commune", "reported"}
    assert (asked["sex"]["likely"], asked["reported"]["likely"]) == ("M", "mdy")
    staging.answer(
        staged, {"sex": {"1": "M"}, "commune": {asked["commune"]["key"]: "07807"}}, {"reported": "mdy"},
        viewer=viewer, by=officer, at=AT,
    )  # fmt: skip
    staging.check(staged, viewer=viewer, at=AT)
    assert (staged.questions, verdicts(staged)) == ([], ["new"])
    again = bring(text.replace("BN1,Hà", "BN2,Bình"), label="Trạm y tế")
    assert (again.state, again.questions, verdicts(again)) == ("ready", [], ["new"])
    apply(again, officer, viewer)
    case = Case.objects.get()
    assert (case.unit.code, case.person.sex, case.reported_on) == ("07807", "M", date(2021, 5, 13))
    assert KnownSource.objects.count() == 1


def test_a_commune_of_before_the_reform_is_proposed(bring: Bring, units: dict[str, Unit]) -> None:
    old = Unit.objects.create(
        code="07801", level=3, name="Xã Núi Hiểu", folded="xa nui hieu", parent=units["222"],
        path=f"{units['222'].path}9/", valid_from=date(2000, 1, 1), valid_to=date(2020, 1, 1),
    )  # fmt: skip
    UnitSuccessor.objects.create(old=old, new=units["07807"])
    staged = bring(HEADS + "BN1,A,Nữ,1994,Núi Hiểu,,,08/05/2021,\n")
    question = staged.questions[0]
    assert question["options"][0][0] == "07807"
    assert "formerly" in question["options"][0][1]


def test_nothing_is_taken_in_twice(bring: Bring, officer: User, viewer: Viewer) -> None:
    text = HEADS + "BN1,Hà,Nữ,1994,Quang Châu,,,08/05/2021,\n,Bình,Nam,1990,Quang Châu,,,09/05/2021,\n"
    staged = bring(text)
    assert bring(text).pk == staged.pk
    apply(staged, officer, viewer)
    with pytest.raises(AlreadyImported, match=r"ca\.csv"):
        bring(text)
    again = bring(text + ",,,,,,,,\n")
    assert verdicts(again) == ["unchanged", "unchanged"]


@pytest.fixture
def on_record(people: dict[str, Person], units: dict[str, Unit]) -> Person:
    """Somebody with an identity number, and an open case."""
    person = Person.objects.create(
        full_name="Nguyễn Thị Hà", folded="nguyen thi ha", sex="F", birth_year=1994, birth_date=date(1994, 3, 12),
        phone="+84912345678", unit=units["07807"],
    )  # fmt: skip
    Identifier.objects.create(person=person, kind="cccd", value="024194012345")
    return person


WHO = "Họ và tên,Giới tính,Ngày sinh,Điện thoại,Xã,Ngày báo cáo,Kết quả\n"


def test_whom_a_row_means(bring: Bring, officer: User, viewer: Viewer, on_record: Person) -> None:
    staged = bring(
        WHO
        + "Nguyễn Thị Hà,Nữ,12/03/1994,0912345678,Quang Châu,08/05/2021,\n"
        + "Nguyễn Thị Hà,Nữ,12/05/1994,,Quang Châu,08/05/2021,\n"
        + "Phạm Văn Xuân,Nam,01/02/1980,,Quang Châu,08/05/2021,\n"
    )
    first, grey, other = staged.rows.order_by("number")
    assert (first.verdict, first.person) == ("new", on_record.pk)
    assert (grey.verdict, grey.candidates[0][0]) == ("open", on_record.pk)
    assert (other.verdict, other.person) == ("new", None)
    with pytest.raises(staging.StagedRefused):
        staging.begin(staged, leave_out=False, viewer=viewer)
    staging.decide(staged, {grey.number: "new"}, viewer=viewer)
    staging.check(staged, viewer=viewer, at=AT)
    assert verdicts(staged) == ["new", "new", "new"]
    apply(staged, officer, viewer)
    assert Case.objects.filter(person=on_record).count() == 1
    assert Case.objects.count() == 3


def test_a_case_on_record_is_shown_field_by_field(
    bring: Bring, officer: User, viewer: Viewer, on_record: Person, units: dict[str, Unit]
) -> None:
    case = Case.objects.create(
        person=on_record, unit=units["07807"], code="BN9", status="suspected", reported_on=date(2021, 5, 7)
    )
    staged = bring(
        "Mã ca,Ngày báo cáo,Khởi phát,Xã,Trạng thái\nBN9,07/05/2021,05/05/2021,Quang Châu,xác định\n"
    )
    row = staged.rows.get()
    assert (row.verdict, row.changes) == (
        "changed",
        [["status", "suspected", "confirmed"], ["onset_on", "", "2021-05-05"]],
    )
    staging.decide_updates(staged, [row.number], [], viewer=viewer)
    apply(staged, officer, viewer)
    case.refresh_from_db()
    assert (case.status, case.onset_on) == ("confirmed", date(2021, 5, 5))


def test_an_import_is_taken_back(bring: Bring, officer: User, viewer: Viewer, rows_everywhere) -> None:
    staged = bring(
        HEADS + "BN1,Hà,Nữ,1994,Quang Châu,,,08/05/2021,\nBN2,Bình,Nam,1990,Quang Châu,,,09/05/2021,\n"
    )
    before = Person.objects.count()
    apply(staged, officer, viewer)
    assert staging.hindrances(staged) == []
    counts = staging.undo(staged, viewer=viewer, by=officer, at=AT)
    assert (counts["cases"], counts["people"]) == (2, 2)
    assert (Case.objects.count(), Person.objects.count()) == (0, before)
    staged.refresh_from_db()
    assert staged.state == "undone"


def test_what_was_built_on_an_import_stands_in_the_way(bring: Bring, officer: User, viewer: Viewer) -> None:
    staged = bring("Mã ca,Họ tên,Xã,Ngày báo cáo,Trạng thái\nBN1,Hà,Quang Châu,08/05/2021,nghi ngờ\n")
    apply(staged, officer, viewer)
    case = Case.objects.get()
    classify(case.public_id, Status.CONFIRMED, viewer=viewer, by=officer, at=AT)
    assert any("BN1" in each and "Confirmed" in each for each in staging.hindrances(staged))
    with pytest.raises(staging.StagedRefused, match="BN1"):
        staging.undo(staged, viewer=viewer, by=officer, at=AT)
    assert Case.objects.count() == 1


def test_people_and_contacts_are_staged_as_well(
    bring: Bring, officer: User, viewer: Viewer, people: dict[str, Person]
) -> None:
    staged = bring(
        "Mã NV,Họ tên,Mã xã,SĐT\nCN-1,Lê An,07807,0912345678\nCN-9,Mai Chi,07807,1\n", kind="people"
    )
    assert verdicts(staged) == ["changed", "refused"]
    apply(staged, officer, viewer, leave_out=True)
    people["CN-1"].refresh_from_db()
    assert people["CN-1"].full_name == "Lê An"
    staging.undo(staged, viewer=viewer, by=officer, at=AT)
    people["CN-1"].refresh_from_db()
    assert (people["CN-1"].full_name, people["CN-1"].phone) == ("CN-1", "")
    apply(bring("Mã ca,Mã NV,Mã xã,Ngày báo cáo\nBN1,CN-1,07807,08/05/2021\n"), officer, viewer)
    links = bring("F0,F1,Hoàn cảnh\nBN1,CN-2,Ăn cùng\n", kind="contacts")
    assert verdicts(links) == ["new"]
    apply(links, officer, viewer)
    assert staging.undo(links, viewer=viewer, by=officer, at=AT)["reports"] == 1


def test_who_may_not(bring: Bring, company: Viewer) -> None:
    with pytest.raises(Denied):
        staging.stage(
            "cases",
            "x",
            b"code,reported\n1,08/05/2021\n",
            label="",
            valid_on=DAY,
            viewer=company,
            by=None,
            at=AT,
        )


def test_an_import_that_is_put_aside_keeps_nothing(bring: Bring, officer: User, viewer: Viewer) -> None:
    staged = bring(HEADS + "BN1,Hà,Nữ,1994,Quang Châu,,,08/05/2021,\n")
    staging.drop(staged, viewer=viewer, by=officer, at=AT)
    assert not StagedRow.objects.exists()
    assert staged.state == "dropped"


def test_results_of_samples(
    units: dict[str, Unit], officer: User, viewer: Viewer, people: dict[str, Person], bring: Bring
) -> None:
    for number in ("M-1", "M-2", "M-3"):
        Sample.objects.create(
            person=people["CN-1"], disease="covid19", number=number, specimen="nasopharyngeal", recorded_at=AT,
            taken_at=AT - timedelta(days=2),
        )  # fmt: skip
    text = "Mã mẫu,Loại xét nghiệm,Kết quả,Ngày có kết quả,Ct\n"
    text += 'M-1,PCR,âm tính,19/05/2021 21:00,\nM-2,PCR,dương tính,19/05/2021 21:00,"24,5"\n'
    staged = bring(text + "M-9,PCR,âm tính,19/05/2021,\nM-3,PCR,âm tính,01/05/2021,\n", kind="results")
    assert verdicts(staged) == ["new", "new", "refused", "refused"]
    assert problems(staged) == [(4, "Mã mẫu"), (5, "Ngày có kết quả")]
    apply(staged, officer, viewer, leave_out=True)
    assert set(TestResult.objects.values_list("sample__number", "result")) == {
        ("M-1", "negative"),
        ("M-2", "positive"),
    }
    assert verdicts(bring(text, kind="results")) == ["unchanged", "unchanged"]
    assert len(staging.hindrances(staged)) == 1
