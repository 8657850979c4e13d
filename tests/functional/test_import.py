"""An import that goes wrong and is mended, in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.factories import UnitFactory, make_user
from tests.functional.conftest import SignIn
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person
from tuyendau.records.visits.queries.presence import forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("TUYENDAU_PICTURES", "")


@pytest.fixture
def officer(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[User]:
    """A district's health officer, in Vietnamese."""
    settings.SEGMENTS = tmp_path / "segments"
    settings.SEGMENTS.mkdir()
    province = UnitFactory(level=UnitLevel.PROVINCE, code="24", name="Tỉnh Bắc Giang")
    district = UnitFactory(level=UnitLevel.DISTRICT, code="222", name="Huyện Việt Yên", parent=province)
    UnitFactory(parent=district, name="Xã Quang Châu", code="07807")
    yield make_user("vietyen", "district_officer", unit=district, language="vi")
    # What traced holds a connection of its own.
    forget()


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for them."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def line_list(path: Path) -> Path:
    """What a commune sends: titles, its own headings, codes for the sex, names of communes, and a wrong date."""
    day = date.today().strftime("%d/%m/%Y")
    rows = [
        ["DANH SÁCH CA BỆNH"],
        [],
        ["STT", "Số hồ sơ", "Họ và tên", "Giới tính", "Năm sinh", "Xã", "Ngày báo cáo"],
        [1, "QC-1", "Nguyễn Thị Hà", 0, 1994, "Quang Chau ", day],
        [2, "QC-2", "Lê Văn Bình", 1, 1990, "Quang Chou", "31/02/2021"],
        [3, "QC-3", "Trần Thị Cúc", 0, 1991, "Quang Châu", day],
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
    return path


def mended(path: Path, was: str, now: str) -> Path:
    """The workbook with a text written anew, as a spreadsheet saves it: its properties stay."""
    data, out = path.read_bytes(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            after.writestr(entry, before.read(entry).replace(was.encode(), now.encode()))
    path.write_bytes(out.getvalue())
    return path


def bring(page: Page, file: Path, label: str = "") -> None:
    page.goto("/imports/")
    page.get_by_label("Nội dung tệp").select_option("cases")
    page.get_by_label("Tệp", exact=True).set_input_files(file)
    page.get_by_label("Danh sách của đơn vị nào").fill(label)
    page.get_by_role("button", name="Kiểm tra tệp").click()


def test_an_import_that_goes_wrong_and_is_mended(
    page: Page, sign_in: SignIn, officer: User, tmp_path: Path, expected_errors: list[str]
) -> None:
    # The same file again is answered with a conflict.
    expected_errors.append("409")
    sign_in(page, officer)
    bring(page, line_list(tmp_path / "ca-benh.xlsx"), "Trạm y tế Quang Châu")
    # One heading is the commune's own.
    expect(page.get_by_role("heading", name="Cột nào là nội dung gì?")).to_be_visible()
    picture(page, "import-columns")
    page.get_by_label("Số hồ sơ").select_option("code")
    page.get_by_role("button", name="Kiểm tra tệp").click()
    # So are the words.
    expect(page.get_by_text("3 giá trị chưa rõ")).to_be_visible()
    page.get_by_role("link", name="Tiếp theo: giá trị chưa rõ").click()
    picture(page, "import-values")
    page.get_by_label("Quang Chou").select_option(label="Xã Quang Châu, Huyện Việt Yên")
    page.get_by_role("button", name="Lưu và kiểm tra lại").click()
    # One row is still wrong, and says why.
    expect(page.get_by_role("cell", name="31/02/2021")).to_be_visible()
    expect(page.get_by_role("link", name="1 dòng lỗi")).to_be_visible()
    picture(page, "import-problems")
    with page.expect_download() as download:
        page.get_by_role("link", name="1 dòng lỗi").click()
    bad = tmp_path / "loi.xlsx"
    download.value.save_as(bad)
    page.get_by_label("Bỏ lại 1 dòng lỗi hoặc chưa quyết định").check()
    page.get_by_role("button", name="Nạp 2 dòng").click()
    expect(page.get_by_text("Đã nạp lúc")).to_be_visible()
    assert set(Case.objects.values_list("code", flat=True)) == {"QC-1", "QC-3"}
    first = page.url
    # The bad row, mended, needs no more questions.
    bring(page, mended(bad, "31/02/2021", date.today().strftime("%d/%m/%Y")))
    expect(page.get_by_text("Đây là các dòng đã sửa của “ca-benh.xlsx”.")).to_be_visible()
    page.get_by_role("button", name="Nạp 1 dòng").click()
    expect(page.get_by_text("Đã nạp lúc")).to_be_visible()
    assert Case.objects.get(code="QC-2").person.sex == "M"
    # The same file again changes nothing, and both are taken back.
    bring(page, tmp_path / "ca-benh.xlsx")
    expect(page.get_by_text("đã được nạp từ trước")).to_be_visible()
    for address in (first, None):
        page.goto(address or "/imports/")
        if address is None:
            page.get_by_role("link", name="loi.xlsx").click()
        page.get_by_role("button", name="Hoàn tác lần nạp này").click()
        expect(page.get_by_role("heading", name="Lần nạp này đã được hoàn tác")).to_be_visible()
    assert (Case.objects.count(), Person.objects.count()) == (0, 0)


def test_on_a_phone_nothing_is_cut(phone: Page, sign_in: SignIn, officer: User, tmp_path: Path) -> None:
    sign_in(phone, officer)
    bring(phone, line_list(tmp_path / "ca-benh.xlsx"))
    phone.get_by_label("Số hồ sơ").select_option("code")
    phone.get_by_role("button", name="Kiểm tra tệp").click()
    expect(phone.get_by_text("3 giá trị chưa rõ")).to_be_visible()
    for address in (phone.url, phone.url + "columns/", phone.url + "values/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        picture(phone, f"import-phone-{address.rstrip('/').rpartition('/')[2][:6]}")
