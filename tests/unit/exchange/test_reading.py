"""Reading: separators, quotes, blank lines, headings, dates; each bad file is refused with its row and column."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import polars as pl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.reading import Sheet, read
from tuyendau.insight.exchange.forms.specs import CASES, PEOPLE, SPECS, VISITS, Spec, key
from tuyendau.insight.exchange.rules import values

AT = datetime(2021, 5, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def people(data: bytes | str, **options: object) -> Sheet:
    return read(PEOPLE, data.encode() if isinstance(data, str) else data, at=AT, **options)


def names(sheet: Sheet) -> list[tuple[int, str | None, str | None]]:
    return list(zip(sheet.rows, sheet.text("code"), sheet.text("full_name"), strict=True))


def problems(spec: Spec, text: str, **options: object) -> list[tuple[int | None, str]]:
    with pytest.raises(FileRefused) as refusal:
        read(spec, text.encode(), at=AT, **options)
    return [(p.row, p.column) for p in refusal.value.problems]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_separators_and_line_ends(mark: str, line: str) -> None:
    text = line.join(mark.join(row) for row in (["Mã số", "Họ và tên"], ["1", "Hà"], ["2", "Bình"])) + line
    assert names(people(text)) == [(2, "1", "Hà"), (3, "2", "Bình")]


def test_row_numbers_are_those_of_the_file() -> None:
    text = '\n\ncode,name\n\n1,"Hà\nở hai dòng"\n,\n"2","Bình ""Ba"""\n'
    assert names(people(text)) == [(5, "1", "Hà\nở hai dòng"), (7, "2", 'Bình "Ba"')]


def test_the_line_that_excel_puts_first() -> None:
    assert names(people("sep=;\ncode;name\n1;Hà\n")) == [(3, "1", "Hà")]


def test_a_title_above_the_headings() -> None:
    assert names(people("DANH SÁCH CÔNG NHÂN,\nNgày 8/5\nSTT,Mã nhân viên,Họ tên\n1,A,Hà\n")) == [
        (4, "A", "Hà")
    ]


def test_short_rows_are_filled_and_white_space_taken_off() -> None:
    assert names(people("code,name,phone\n 1 ,\u00a0Hà \n2\n")) == [(2, "1", "Hà"), (3, "2", None)]


def test_a_comma_in_an_unquoted_cell_is_told_by_its_row() -> None:
    assert problems(PEOPLE, "code,name\n1,Hà\n2,Bình, Ba\n") == [(3, "")]


def test_an_open_quotation_mark_is_told() -> None:
    assert problems(PEOPLE, 'code,name\n1,"Hà\n2,Bình\n') == [(2, "")]
    assert problems(PEOPLE, 'code,name\n1,Hà\n2,"Bình" Ba\n') == [(3, "")]


@pytest.mark.parametrize(
    "heading", ["Họ và tên", "HO VA TEN", "ho  ten", "Họ_tên", "name", "Full name", "full_name (*)"]
)
def test_headings_are_known_folded(heading: str) -> None:
    assert people(f"code,{heading}\n1,Hà\n").text("full_name").to_list() == ["Hà"]


def test_missing_double_and_unknown_headings_come_together() -> None:
    assert problems(PEOPLE, "name,Họ tên,phonee\nHà,Hà,1\n") == [(1, "Họ tên"), (1, "phonee"), (1, "")]
    with pytest.raises(FileRefused, match="Is “phone” meant"):
        people("code,phonee\n1,2\n")


def test_headings_can_be_mapped_and_left_out() -> None:
    text = "Worker No.,Foo,Bar\n1,Hà,x\n"
    assert names(people(text, mapping={"worker no": "code", "Foo": "full_name", "Bar": ""})) == [
        (2, "1", "Hà")
    ]
    mapped = people(text, mapping={"worker no": "code"}, leave_out_unknown=True)
    assert set(mapped.headings) == {"code"}


@pytest.mark.parametrize(
    "data", [b"", b" \n\n ", b"code,name\n", b"PK\x03\x04 broken", b"PAR1 broken", b"\xd0\xcf\x11\xe0 old"]
)
def test_files_that_hold_nothing_or_are_broken(data: bytes) -> None:
    with pytest.raises(FileRefused):
        people(data)


def test_garbled_and_long_texts_are_told_by_row() -> None:
    garbled = "Nguyễn".encode().decode("cp1252", errors="replace")
    assert problems_of(people(f"code,name\n1,{garbled}\n2,{'x' * 121}\n")) == [(2, "name"), (3, "name")]


def problems_of(sheet: Sheet) -> list[tuple[int | None, str]]:
    with pytest.raises(FileRefused) as refusal:
        sheet.problems.raise_any()
    return [(p.row, p.column) for p in refusal.value.problems]


def test_a_workbook_keeps_dates_codes_and_rows() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(1, 1, ["Mã số", "Ngày sinh", "Từ ngày", "Điện thoại"])
    sheet.write_row(3, 1, ["A", "12/03/1994"])
    sheet.write_datetime(3, 3, datetime(2021, 4, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_row(4, 1, [17, 1990, 44_287, 912345678])
    book.close()
    found = people(stream.getvalue())
    assert found.rows.to_list() == [4, 5]
    assert found.text("code").to_list() == ["A", "17"]
    assert found.birth_year().to_list() == [1994, 1990]
    assert found.days("from").to_list() == [date(2021, 4, 1), date(2021, 4, 1)]
    found.problems.raise_any()


def test_only_so_many_problems_are_shown_and_all_are_counted() -> None:
    rows = "".join(f"{i},abc\n" for i in range(3_000))
    sheet = people("code,from\n" + rows)
    sheet.days("from")
    with pytest.raises(FileRefused) as refusal:
        sheet.problems.raise_any()
    assert refusal.value.total == 3_000
    assert "… and 2800 more problems." in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8/5/2021", date(2021, 5, 8)), ("08.05.2021", date(2021, 5, 8)), ("8-5-2021", date(2021, 5, 8)),
        ("2021-05-08", date(2021, 5, 8)), ("2021/5/8", date(2021, 5, 8)), ("2021-05-08 00:00:00", date(2021, 5, 8)),
        ("29/02/2020", date(2020, 2, 29)), ("2021-05-08T20:00Z", date(2021, 5, 9)),
        ("29/02/2021", "no_such_day"), ("31/04/2021", "no_such_day"), ("13/13/2021", "no_such_day"),
        ("05/13/2021", "month_first"), ("5/6/21", "short_year"), ("01/01/1899", "too_old"), ("0021-05-08", "too_old"),
        ("8/5", "form"), ("44324", "form"), ("May 8, 2021", "form"), ("08/05/2021 24:00", "no_such_time"),
    ],
)  # fmt: skip
def test_days(text: str, expected: date | str) -> None:
    parsed = values.parse(pl.Series([text]))
    assert (parsed.day[0] or parsed.fault[0]) == expected


@given(st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)))
def test_a_moment_comes_back_from_every_form(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    forms = [
        "%d/%m/%Y %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%H:%M %d/%m/%Y",
        "%d-%m-%Y %Hh%M",
        "%Y-%m-%d %H:%M+07:00",
    ]
    parsed = values.parse(pl.Series([moment.strftime(form) for form in forms]))
    expected = int(moment.replace(tzinfo=UTC).timestamp()) - 7 * 3600
    assert parsed.moment.to_list() == [expected] * len(forms)
    assert parsed.day.to_list() == [moment.date()] * len(forms)


def test_a_day_after_today_is_told() -> None:
    sheet = read(CASES, b"reported,onset\n21/05/2021,20/05/2021\n", at=AT)
    sheet.days("reported")
    sheet.days("onset")
    assert problems_of(sheet) == [(2, "reported")]


def test_moments_need_a_time_of_day() -> None:
    sheet = read(VISITS, b"person,site,start\n1,2,08/05/2021\n1,2,22/05/2021 07:00\n", at=AT)
    sheet.moments("start")
    assert problems_of(sheet) == [(2, "start"), (3, "start")]


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_no_heading_means_two_fields(spec: Spec) -> None:
    seen: dict[str, str] = {}
    for f in spec.fields:
        for heading in {key(h) for h in (f.name, *f.aliases)}:
            assert seen.setdefault(heading, f.name) == f.name
            assert not spec.ignores(heading)
