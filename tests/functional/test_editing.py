"""Two officers edit one case at once, each in a browser of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tests.functional.conftest import SignIn
from tuyendau.core.places.models import UnitLevel

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segments"),
]


def test_the_second_sees_what_the_first_changed_and_loses_nothing(
    page: Page, phone: Page, sign_in: SignIn, live_server: Any
) -> None:
    province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
    case = CaseFactory(
        person=PersonFactory(unit=UnitFactory(parent=province)), onset_on=date(2021, 5, 14), note="sốt"
    )
    first, second = (
        make_user(name, "district_officer", unit=province, full_name=name)
        for name in ("Nguyễn Một", "Trần Hai")
    )
    sign_in(page, first)
    sign_in(phone, second)
    for each in (page, phone):
        each.goto(f"/cases/{case.public_id}/edit/")
    page.locator("[name=onset_on]").fill("12/05/2021")
    page.locator("[name=note]").fill("sốt, ho")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/cases/{case.public_id}/")

    phone.locator("[name=onset_on]").fill("13/05/2021")
    phone.locator("[name=place_infected]").fill("chợ Nếnh")
    phone.get_by_role("button", name="Lưu", exact=True).click()
    told = phone.locator("#meanwhile")
    expect(told).to_contain_text("Nguyễn Một")
    for shown in ("14/05/2021", "12/05/2021", "13/05/2021", "sốt, ho"):
        expect(told).to_contain_text(shown)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator("[name=place_infected]")).to_have_value("chợ Nếnh")
    expect(phone.locator("[name=onset_on]")).to_have_value("13/05/2021")
    case.refresh_from_db()
    assert (case.onset_on, case.place_infected) == (date(2021, 5, 12), "")

    phone.locator("[name=pick_onset_on][value=mine]").check()
    phone.get_by_role("button", name="Lưu", exact=True).click()
    expect(phone).to_have_url(f"{live_server.url}/cases/{case.public_id}/")
    case.refresh_from_db()
    assert (case.onset_on, case.place_infected, case.note) == (date(2021, 5, 13), "chợ Nếnh", "sốt, ho")
