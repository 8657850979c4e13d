"""A laboratory enters results with a scanner and the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user
from tests.functional.conftest import SignIn
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, Sample

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segments"),
]


def test_results_are_entered_by_keyboard(page: Page, sign_in: SignIn) -> None:
    province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
    laboratory = SiteFactory(kind=SiteKind.LABORATORY, unit=province)
    taken = clock.now() - timedelta(hours=5)
    for number, name in (("A1", "Đỗ Thị Hà"), ("A2", "Trần Văn Ba")):
        Sample.objects.create(
            person=PersonFactory(unit=province, full_name=name), disease="covid19", number=number, specimen="throat",
            taken_at=taken, recorded_at=taken, laboratory=laboratory,
        )  # fmt: skip
    sign_in(page, make_user("xet_nghiem", "laboratory", site=laboratory))
    page.goto("/samples/results/")
    keys = page.keyboard
    for number, name, move in (("A1", "Đỗ Thị Hà", "Space"), ("A2", "Trần Văn Ba", "ArrowRight")):
        expect(page.locator("[name=number]")).to_be_focused()
        keys.type(number)
        keys.press("Enter")
        expect(page.locator("#quick")).to_contain_text(name)
        expect(page.locator("[name=result]").first).to_be_focused()
        keys.press(move)
        keys.press("Enter")
        expect(page.locator("#quick [role=status]")).to_contain_text(number)
    expect(page.locator("#quick")).to_contain_text("0 mẫu đang chờ kết quả")
    results = dict(Sample.objects.values_list("number", "results__result"))
    assert results == {"A1": "positive", "A2": "negative"}
    assert Case.objects.get().person.full_name == "Đỗ Thị Hà"
