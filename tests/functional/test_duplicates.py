"""An officer decides on pairs of records in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tests.functional.conftest import SignIn
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.people.actions import find_duplicates
from tuyendau.records.people.models import Candidate, Identifier, Merge, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("TUYENDAU_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for them."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture
def officer() -> User:
    """An epidemiologist of a province with two pairs of doubles and a pair to be decided."""
    province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Bắc Giang")
    commune = UnitFactory(parent=province, name="Xã Quang Châu", code="07807")
    line = SiteFactory(kind=SiteKind.LINE, name="Chuyền 3", code="CT-L3")
    born = {"birth_year": 1994, "birth_date": date(1994, 3, 12)}
    for name, code in (("Nguyễn Thị Hà", "CN-001"), ("NGUYEN THI HA", "BN-77")):
        person = PersonFactory(full_name=name, code=code, sex="F", unit=commune, phone="+84912345678", **born)
        AssignmentFactory(person=person, site=line)
    Identifier.objects.create(person=person, kind="cmnd", value="121234567")
    for code, day in (("CN-002", date(1988, 2, 5)), ("CN-003", date(1988, 5, 2))):
        PersonFactory(
            full_name="Thân Văn Dũng", code=code, sex="M", unit=commune, birth_year=1988, birth_date=day
        )
    find_duplicates(at=clock.now())
    return make_user("dich_te", "epidemiologist", unit=province, full_name="Bùi Văn Tâm")


@pytest.mark.parametrize("device", ["page", "phone"])
def test_pairs_are_decided_one_after_the_other(
    device: str, request: pytest.FixtureRequest, officer: User, sign_in: SignIn
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, officer)
    page.goto("/people/duplicates/")
    expect(page.get_by_role("status")).to_contain_text("2 cặp")
    picture(page, f"queue-{device}")
    page.get_by_role("link", name="Nguyễn Thị Hà").first.click()
    picture(page, f"pair-{device}")
    page.wait_for_load_state()
    page.wait_for_selector("main, .page-body")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_label("Lý do").fill("đã hỏi qua điện thoại")
    page.get_by_role("button", name="Một người: gộp").click()
    expect(page.get_by_text("nay là một người")).to_be_visible()
    expect(page.get_by_text("đảo ngày và tháng")).to_be_visible()
    page.get_by_role("button", name="Hai người").click()
    expect(page.get_by_text("Không có cặp nào chờ quyết định")).to_be_visible()
    assert Candidate.objects.filter(verdict="different").count() == 1
    page.goto("/people/merges/")
    picture(page, f"merges-{device}")
    page.get_by_role("button", name="Tách lại").click()
    expect(page.get_by_text("lại là hai người")).to_be_visible()
    assert not Merge.objects.filter(undone_at__isnull=True).exists()
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize("device", ["page", "phone"])
def test_look_alikes_stand_before_a_new_person(
    device: str, request: pytest.FixtureRequest, officer: User, sign_in: SignIn
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, officer)
    page.goto("/people/new/")
    page.get_by_label("Họ và tên").fill("Nguyen Thi Ha")
    page.get_by_label("Sinh").fill("12/03/1994")
    page.get_by_label("Điện thoại").fill("0912 345 678")
    page.get_by_label("CCCD").fill("024195000001")
    page.get_by_role("button", name="Tìm, và thêm nếu chưa có").click()
    expect(page.get_by_text("thì sinh năm 1995, không phải 1994")).to_be_visible()
    page.get_by_label("CCCD").fill("")
    page.get_by_role("button", name="Tìm, và thêm nếu chưa có").click()
    expect(page.get_by_text("Có phải một trong những người này?")).to_be_visible()
    picture(page, f"alike-{device}")
    page.wait_for_load_state()
    page.wait_for_selector("main, .page-body")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="Đúng người này").first.click()
    expect(
        page.get_by_role("heading", name="Nguyễn Thị Hà").or_(
            page.get_by_role("heading", name="NGUYEN THI HA")
        )
    ).to_be_visible()
    picture(page, f"person-{device}")
    page.goto("/people/duplicates/all/")
    expect(page.get_by_text("Sẽ gộp 1 cặp.")).to_be_visible()
    picture(page, f"batch-{device}")
    page.goto("/people/?q=ha 1994")
    picture(page, f"list-{device}")
