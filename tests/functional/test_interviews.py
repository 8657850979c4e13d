"""A tracer's day on a phone: from a confirmed case to the interview, the list, a milestone and the forms of its F1."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.integration.interviews.world import DAY, NOW, World
from tuyendau.lib import clock
from tuyendau.records.contacts.actions import trace_confirmed
from tuyendau.records.contacts.models import Contact
from tuyendau.records.interviews.models import Answer, Interview, Milestone, Stay
from tuyendau.records.visits.models import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segments"),
]


@pytest.fixture
def world(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """The case of the integration tests, traced once; everything happens on one morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = World()
    trace_confirmed(made.case.pk, at=NOW)
    for user in (made.nurse, made.second):
        user.language = "vi"
        user.save()
    return made


def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation where a folder for them is named."""
    if folder := os.environ.get("TUYENDAU_SCREENSHOTS"):
        page.wait_for_timeout(500)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_tracers_day(phone: Page, sign_in: SignIn, world: World) -> None:
    sign_in(phone, world.nurse)
    phone.goto("/interviews/")
    expect(phone.get_by_text("Trần Thị Ca")).to_be_visible()
    phone.get_by_role("button", name="Bắt đầu").click()
    expect(phone).to_have_url(re.compile("/identity/$"))
    phone.get_by_text("qua điện thoại").click()
    phone.locator("#q_work").fill("Chuyền Bảy, xe số 3")
    phone.get_by_role("button", name="Lưu và tiếp tục").click()
    phone.get_by_text("Sốt", exact=True).click()
    phone.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(phone).to_have_url(re.compile("/places/$"))

    phone.locator(".interview-days").get_by_text(f"{DAY:%d/%m}").click()
    line = phone.locator(".interview-item", has_text="Chuyền Bảy")
    line.get_by_role("button", name="Có mặt").click()
    expect(line.locator(".badge")).to_have_text("có mặt")
    picture(phone, "interview-phone")
    market = phone.locator(".interview-item", has_text="Chợ Mới")
    market.locator("summary", has_text="Không").click()
    market.get_by_role("button", name="ở nhà").click()
    expect(market.locator(".badge")).to_have_text("không có mặt")
    assert Visit.objects.filter(person=world.person, site=world.market).exists(), "nothing is taken in yet"

    phone.locator("#add-stay > summary").click()
    phone.locator("#pick-stay").press_sequentially("quan ba")
    phone.get_by_role("button", name="Quán Bà Hai").click()
    phone.locator("#s_begins").press_sequentially("1900")
    phone.locator("#s_ends").press_sequentially("2030")
    phone.get_by_role("button", name="Thêm địa điểm này").click()
    expect(phone.locator(".interview-item", has_text="Quán Bà Hai")).to_contain_text("19:00–20:30")

    people = re.sub(r"/places/.*", "/people/", phone.url)
    name_two_people(phone, people)

    phone.goto(people.replace("/people/", "/finish/"))
    phone.get_by_role("button", name="Hoàn tất và truy vết").click()
    expect(phone).to_have_url(re.compile(f"/contacts/case/{world.case.public_id}/"))
    expect(phone.locator(".alert-success")).to_contain_text("1 lượt xác nhận, 1 lượt bỏ")
    listed = set(Contact.objects.filter(case=world.case).values_list("person__full_name", flat=True))
    assert listed == {"Lê Văn Cùng", "Bạn Mới"}, "whom the case met at the market only is gone"

    the_milestone_and_the_forms(phone, world)


def name_two_people(phone: Page, people: str) -> None:
    """One who is on record, and one who is not, at the place that was added."""
    phone.goto(people)
    phone.locator("#n_who").press_sequentially("le van cung")
    phone.locator("#name .pick-found").get_by_role("button", name="Lê Văn Cùng").click()
    phone.locator("#n_way").select_option("work")
    phone.locator("#name button[type=submit]").click()
    expect(phone.locator("#named .list-group-item", has_text="Lê Văn Cùng")).to_be_visible()
    phone.locator("#n_who").fill("Bạn Mới")
    phone.locator("#n_phone").fill("0912 345 678")
    phone.locator("#n_place").select_option(label=f"{DAY:%d/%m} 19:00 · Quán Bà Hai")
    phone.locator("#name button[type=submit]").click()
    expect(phone.locator("#named .list-group-item", has_text="Bạn Mới")).to_be_visible()
    # The form is empty for the next one, also after the page was opened anew.
    expect(phone.locator("#n_who")).to_have_value("")
    phone.wait_for_timeout(300)
    expect(phone.locator("#n_phone")).to_have_value("")
    phone.reload()
    expect(phone.locator("#n_who")).to_have_value("")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def the_milestone_and_the_forms(phone: Page, world: World) -> None:
    """The place that was told becomes a milestone that is sent; a form is there for each F1."""
    phone.goto(f"/interviews/milestones/case/{world.case.public_id}/")
    phone.get_by_role("button", name="Lập mốc cho mục đã chọn").click()
    phone.get_by_role("link", name="Quán Bà Hai").click()
    phone.get_by_role("button", name="Gửi bộ phận điều phối").click()
    expect(phone.locator(".facts .badge").first).to_have_text("đã gửi điều phối")
    assert Milestone.objects.get().state == "sent"

    phone.goto(f"/interviews/forms/case/{world.case.public_id}/")
    phone.get_by_role("link", name="In phiếu chưa nhận lại").click()
    expect(phone.locator(".sheet-page")).to_have_count(2)
    expect(phone.locator(".sheet-page").first).to_contain_text("PHIẾU TỰ KHAI")


def test_what_is_typed_without_a_network_is_kept_and_sent_later(
    phone: Page, sign_in: SignIn, world: World, expected_errors: list[str]
) -> None:
    expected_errors.append("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    sign_in(phone, world.nurse)
    interview = world.begin()
    where = f"/interviews/{interview.public_id}/identity/"
    phone.goto(where)
    phone.route("**/save/", lambda route: route.abort())
    phone.locator("#q_work").press_sequentially("xe số 3")
    expect(phone.locator("[data-draft-state]")).to_contain_text("Chưa gửi được")
    assert not Answer.objects.exists()
    # The phone is closed, and opened again where there is a network.
    phone.unroute("**/save/")
    phone.goto("/interviews/")
    phone.goto(where)
    expect(phone.locator("#q_work")).to_have_value("xe số 3")
    expect(phone.locator("[data-draft-state]")).to_contain_text("Đã lưu", timeout=15_000)
    phone.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('tuyendau-draft:'))")
    assert Answer.objects.get().value == "xe số 3"


def test_two_tracers_on_one_interview_lose_nothing(
    phone: Page, page: Page, sign_in: SignIn, world: World
) -> None:
    interview = Interview.objects.get(pk=world.begin().pk)
    where = f"/interviews/{interview.public_id}/identity/"
    for one, user in ((phone, world.nurse), (page, world.second)):
        sign_in(one, user)
        one.goto(where)
    phone.locator("#q_work").press_sequentially("chuyền 7")
    expect(phone.locator("[data-draft-state]")).to_contain_text("Đã lưu")
    page.route("**/live/**", lambda route: route.abort())
    page.locator("#q_work").fill("chuyền 9")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_text("chuyền 9")).to_be_visible()
    expect(page.locator("#q_work")).to_have_value("chuyền 7")
    page.get_by_role("button", name="Lấy câu này").click()
    expect(page.locator("#q_work")).to_have_value("chuyền 9")
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["chuyền 7", "chuyền 9", "chuyền 9"]
    assert not Stay.objects.exists()
