"""Two people at their browsers: what one changes stands on the other's page, and nobody is thrown about."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tests.functional.conftest import DESKTOP
from tests.integration.live.server import Server, cut, serving
from tuyendau.core.accounts import actions as accounts
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases import actions, rules
from tuyendau.records.cases.models import Case
from tuyendau.records.followup.actions import open_by_hand
from tuyendau.records.visits.actions import scan_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[[User], BrowserContext]
WITHIN = 5
"""Seconds that a busy machine is given; on a quiet one it is a third of a second."""


@pytest.fixture(scope="module")
def one_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture
def server(one_server: Server, transactional_db: None) -> Server:
    cut()
    return one_server


@pytest.fixture
def browse(browser: Browser, server: Server) -> Iterator[Open]:
    """`browse(user)`: a browser of its own in which the user is signed in; errors in its console fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def browse(user: User) -> BrowserContext:
        context = browser.new_context(
            base_url=server.url, viewport=DESKTOP, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield browse
    for context in contexts:
        context.close()
    assert errors == []


class World:
    """A province with one commune, its epidemiologist and its nurse, and cases of people there."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE)
        self.commune = UnitFactory(parent=self.province, lon=106.2, lat=21.3)
        self.epidemiologist = make_user("dich", "epidemiologist", unit=self.province)
        self.nurse = make_user("tram", "commune_officer", unit=self.commune)
        self.cases = [self.case(n) for n in range(3)]

    def case(self, day: int = 0) -> Case:
        today = clock.local_day(clock.now())
        return CaseFactory(
            person=PersonFactory(unit=self.commune), status="suspected", reported_on=today - timedelta(days=day),
            result_on=today - timedelta(days=day),
        )  # fmt: skip

    def classify(self, case: Case, status: rules.Status) -> None:
        viewer = viewer_of(self.epidemiologist, on=clock.local_day(clock.now()))
        actions.classify(
            case.public_id, status, viewer=viewer, by=self.epidemiologist, at=clock.now(), ground="kết quả"
        )

    def report(self) -> Case:
        viewer = viewer_of(self.epidemiologist, on=clock.local_day(clock.now()))
        person = PersonFactory(unit=self.commune)
        return actions.report_case(person, viewer=viewer, by=self.epidemiologist, at=clock.now())


@pytest.fixture
def world(transactional_db: None, segments: None) -> World:
    return World()


def opened(context: BrowserContext, path: str) -> Page:
    """A tab that is connected."""
    page = context.new_page()
    page.goto(path)
    expect(page.locator("#live-state[data-live-state=live]")).to_be_visible()
    return page


def row(page: Page, case: Case) -> Any:
    return page.locator(f"tr[data-key={case.public_id}]")


def test_what_one_confirms_stands_on_the_others_list_within_a_second(browse: Open, world: World) -> None:
    mine, theirs = browse(world.epidemiologist), opened(browse(world.nurse), "/cases/")
    expect(theirs.locator("#live-state")).to_have_text(re.compile("trực tiếp"))
    page = mine.new_page()
    page.goto(f"/cases/{world.cases[1].public_id}/")
    expect(row(theirs, world.cases[1])).to_contain_text("nghi ngờ")
    page.get_by_role("button", name="Xác nhận ca bệnh và tìm người tiếp xúc").click()
    page.wait_for_url("**/contacts/case/**")
    expect(row(theirs, world.cases[1])).to_contain_text("xác định", timeout=WITHIN * 1000)
    expect(row(theirs, world.cases[1])).to_have_class(re.compile("live-changed"))
    expect(theirs.locator(".live-offer")).to_have_count(0)


def test_a_new_case_is_announced_and_moves_nothing_until_asked(browse: Open, world: World) -> None:
    page = opened(browse(world.nurse), "/cases/")
    first = page.locator("tbody tr").first
    before = first.get_attribute("data-key")
    world.report()
    bar = page.locator(".live-offer button")
    expect(bar).to_have_text("1 ca mới · hiện", timeout=WITHIN * 1000)
    new = world.report()
    expect(bar).to_have_text("2 ca mới · hiện", timeout=2 * WITHIN * 1000)
    assert first.get_attribute("data-key") == before
    bar.click()
    expect(first).to_have_attribute("data-key", new.public_id)
    expect(first).to_have_class(re.compile("live-new"))
    expect(page.get_by_role("heading", name="5 ca bệnh")).to_be_visible()
    expect(bar).to_have_count(0)


def test_a_case_that_leaves_the_filter_stays_in_view_dimmed(browse: Open, world: World) -> None:
    page = opened(browse(world.nurse), "/cases/?status=suspected")
    world.classify(world.cases[0], rules.Status.PROBABLE)
    expect(row(page, world.cases[0])).to_have_class(re.compile("live-gone"), timeout=WITHIN * 1000)
    page.locator(".live-offer button").click()
    expect(row(page, world.cases[0])).to_have_count(0)


def test_typing_focus_and_what_is_open_are_kept(browse: Open, world: World) -> None:
    case = world.cases[0]
    page = opened(browse(world.epidemiologist), f"/cases/{case.public_id}/")
    page.locator("summary", has_text="Loại trừ").click()
    ground = page.locator("#ground-discarded")
    ground.fill("mẫu bị nhầm")
    viewer = viewer_of(world.epidemiologist, on=clock.local_day(clock.now()))
    actions.correct_dates(
        case.public_id, onset_on=date(2026, 1, 2), sampled_on=None, result_on=case.result_on, isolated_at=None,
        viewer=viewer, by=world.epidemiologist, at=clock.now(),
    )  # fmt: skip
    expect(page.locator(".case-facts")).to_contain_text("02/01/2026", timeout=2 * WITHIN * 1000)
    expect(ground).to_be_focused()
    expect(ground).to_have_value("mẫu bị nhầm")
    expect(page.locator("details", has=ground)).to_have_attribute("open", "")
    # Somebody else discards it: the form would go, and with it what was typed.
    world.classify(case, rules.Status.DISCARDED)
    bar = page.locator(".live-offer button")
    expect(bar).to_have_text("Đã có thay đổi · hiện", timeout=2 * WITHIN * 1000)
    expect(ground).to_have_value("mẫu bị nhầm")
    bar.click()
    expect(ground).to_have_count(0)
    expect(page.locator(".case-facts")).to_contain_text("loại trừ")


def test_a_contact_list_fills_when_the_case_is_confirmed(browse: Open, world: World) -> None:
    case = world.cases[0]
    room = SiteFactory(unit=world.commune)
    met = PersonFactory(unit=world.commune)
    end = clock.midnight(case.reported_on) - timedelta(hours=5)
    for person in (case.person, met):
        stay(person, room, end - timedelta(hours=3), end)
    context = browse(world.nurse)
    page = opened(context, f"/contacts/case/{case.public_id}/")
    person = opened(context, f"/people/{met.public_id}/")
    expect(
        person.get_by_text("Chưa là người tiếp xúc").or_(person.get_by_text("ca bệnh nào"))
    ).to_be_visible()
    page.bring_to_front()
    world.classify(case, rules.Status.CONFIRMED)
    expect(page.locator("tr[data-key]", has_text=met.full_name)).to_be_visible(timeout=10_000)
    person.bring_to_front()
    expect(person.get_by_role("link", name=case.person.full_name)).to_be_visible(timeout=10_000)


def test_who_comes_in_stands_on_the_page_of_the_site(browse: Open, world: World) -> None:
    gate, person = SiteFactory(unit=world.commune, name="Cổng số 1"), PersonFactory(unit=world.commune)
    page = opened(browse(world.nurse), f"/sites/{gate.public_id}/")
    expect(page.locator("#of-site")).to_be_visible()
    at = clock.now()
    viewer = viewer_of(world.epidemiologist, on=clock.local_day(at))
    scan_in(person.code, gate.code, at, viewer=viewer, by=world.epidemiologist, at=at)
    expect(page.locator("#of-site tr", has_text=person.full_name)).to_be_visible(timeout=2 * WITHIN * 1000)


def test_the_map_is_shaded_anew(browse: Open, world: World) -> None:
    page = opened(browse(world.nurse), "/map/")
    with_cases = page.locator("#layer-communes .map-legend li").nth(1).locator(".map-legend-count")
    expect(with_cases).to_have_text("0")
    world.classify(world.cases[0], rules.Status.CONFIRMED)
    expect(with_cases).to_have_text("1", timeout=2 * WITHIN * 1000)


def test_the_numbers_of_an_area_are_counted_anew(browse: Open, world: World) -> None:
    case = world.cases[0]
    page = opened(browse(world.nurse), f"/map/?area=unit:{case.unit.code}")
    cases = page.locator("tr[data-way=lives] td").nth(1)
    expect(cases).to_have_text("0", timeout=30_000)
    world.classify(case, rules.Status.CONFIRMED)
    expect(cases).to_have_text("1", timeout=2 * WITHIN * 1000)


def test_a_membership_that_ends_while_the_page_is_open(browse: Open, world: World) -> None:
    page = opened(browse(world.nurse), "/cases/")
    accounts.end_roles("tram", by=None, at=clock.now())
    notice = page.locator("#live-ended")
    expect(notice).to_contain_text("Quyền truy cập của bạn đã kết thúc", timeout=5_000)
    expect(page.locator("#live-state")).to_have_text(re.compile("đã kết thúc"))
    world.classify(world.cases[0], rules.Status.PROBABLE)
    page.wait_for_timeout(1_500)
    expect(row(page, world.cases[0])).to_contain_text("nghi ngờ")
    notice.get_by_role("button").click()
    expect(
        page.get_by_text(re.compile("chưa được giao|không có quyền|chưa có vai trò", re.I)).first
    ).to_be_visible()


def test_eight_tabs_share_one_connection_and_another_takes_it_over(browse: Open, world: World) -> None:
    context = browse(world.nurse)
    streams: list[str] = []
    context.on("request", lambda request: "/live/?" in request.url and streams.append(request.url))
    pages = [opened(context, "/cases/" if n % 2 else f"/cases/{world.cases[0].public_id}/") for n in range(8)]
    assert _open_streams(pages) == 1
    began = time.monotonic()
    extra = context.new_page()
    extra.goto("/map/")
    assert time.monotonic() - began < 5
    extra.close()
    world.classify(world.cases[0], rules.Status.PROBABLE)
    for page in pages:
        page.bring_to_front()
        expect(page.locator("#case, #rows").first).to_contain_text("có thể", timeout=10_000)
    pages[0].close()
    pages[1].bring_to_front()
    world.classify(world.cases[0], rules.Status.DISCARDED)
    for page in pages[1:]:
        page.bring_to_front()
        expect(page.locator("tr[data-key], .case-facts", has_text="loại trừ").first).to_be_visible(
            timeout=6_000
        )
    assert _open_streams(pages[1:]) == 1


def _open_streams(pages: list[Page]) -> int:
    """How many tabs hold the lock by which the connection goes."""
    held = pages[0].evaluate(
        "navigator.locks.query().then((all) => all.held.filter((l) => l.name.startsWith('tuyendau-live')).length)"
    )
    return int(held)


def test_a_server_that_is_killed_comes_back_by_itself(browser: Browser, world: World, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        context = browser.new_context(base_url=server.url, viewport=DESKTOP, locale="vi-VN")
        client = Client()
        client.force_login(world.nurse)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
        page = opened(context, "/cases/")
        server.kill()
        expect(page.locator("#live-state")).to_have_text(
            re.compile("mất kết nối, đang nối lại"), timeout=10_000
        )
        world.classify(world.cases[0], rules.Status.PROBABLE)
        server.start()
        expect(page.locator("#live-state")).to_have_text(re.compile("trực tiếp"), timeout=20_000)
        expect(row(page, world.cases[0])).to_contain_text("có thể", timeout=5_000)
        context.close()


def test_what_a_nurse_tapped_stays_with_its_undo(browse: Open, world: World) -> None:
    now = clock.now()
    for n in range(3):
        person = PersonFactory(unit=world.commune, full_name=f"Thân Thị {'ABC'[n]}")
        viewer = viewer_of(world.nurse, on=clock.local_day(now))
        with transaction.atomic():
            open_by_hand(
                person, disease="covid19", degree=1, exposed_on=clock.local_day(now), ground="Ở cùng phòng",
                viewer=viewer, by=world.nurse, at=now,
            )  # fmt: skip
    page = browse(world.nurse).new_page()
    other = browse(world.nurse).new_page()
    for each in (page, other):
        each.goto("/followup/?degree=1")
        expect(each.locator("#live-state[data-live-state=live]")).to_be_visible()
    lines = page.locator("article.work")
    expect(lines).to_have_count(3)
    names = lines.locator(".work-name").all_inner_texts()
    tapped = lines.filter(has_text=names[1])
    tapped.get_by_role("button", name="Đã gặp, khỏe").click()
    # The tap's own news comes back at once: the numbers are new, the line stays in its place with its undo.
    expect(page.get_by_text("Hôm nay đã gặp 1/3 người")).to_be_visible()
    expect(other.locator("article.work")).to_have_count(2)
    page.wait_for_timeout(2_000)
    assert lines.locator(".work-name").all_inner_texts() == names
    tapped.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Hôm nay đã gặp 0/3 người")).to_be_visible()
    expect(tapped.get_by_role("button", name="Đã gặp, khỏe")).to_be_visible()
    expect(other.locator("article.work")).to_have_count(3)
    # Nobody opened: that line is still to be seen, and keeps its undo too.
    tapped.get_by_role("button", name="Không gặp được").click()
    page.wait_for_timeout(2_000)
    assert lines.locator(".work-name").all_inner_texts() == names
    expect(tapped.get_by_role("button", name="Hoàn tác")).to_be_visible()
