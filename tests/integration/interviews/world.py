"""A case of a commune, a line worker, with known presence; tracers of the commune, beside it and above."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client

from tests.factories import (
    AssignmentFactory,
    CaseFactory,
    PersonFactory,
    SiteFactory,
    UnitFactory,
    make_user,
    stay,
)
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.interviews import actions
from tuyendau.records.interviews.models import Interview
from tuyendau.science.epi.settings import Setting

DAY = date(2021, 5, 13)
MORNING = clock.midnight(DAY) + timedelta(hours=7)
HOUR = timedelta(hours=1)
NOW = clock.midnight(date(2021, 5, 15)) + timedelta(hours=9)
NO_SUCH = "interview_0"


class World:
    """The case was on the line from 7 to 15, with a colleague, and at the market of another commune from 17 to 18."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE)
        self.commune, self.beside = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.company = SiteFactory(kind=SiteKind.COMPANY, setting=Setting.COMPANY, unit=self.commune)
        self.line = SiteFactory(parent=self.company, unit=self.commune, name="Chuyền Bảy", code="CHUYEN")
        self.market = SiteFactory(
            kind=SiteKind.MARKET, setting=Setting.MARKET, unit=self.beside, name="Chợ Mới", code="CHO"
        )
        self.shop = SiteFactory(
            kind=SiteKind.SHOP, setting=Setting.SHOP, unit=self.beside, name="Quán Bà Hai", code="QUAN"
        )
        self.person = PersonFactory(unit=self.commune, full_name="Trần Thị Ca")
        self.colleague = PersonFactory(unit=self.commune, full_name="Lê Văn Cùng")
        self.seller = PersonFactory(unit=self.beside, full_name="Phạm Thị Bán")
        for person in (self.person, self.colleague):
            AssignmentFactory(person=person, site=self.line)
        self.case = CaseFactory(
            person=self.person, status="confirmed", onset_on=date(2021, 5, 14), reported_on=date(2021, 5, 15),
            isolated_at=NOW - 2 * HOUR,
        )  # fmt: skip
        self.at_work = (MORNING, MORNING + 8 * HOUR)
        self.shopping = (MORNING + 10 * HOUR, MORNING + 11 * HOUR)
        stay(self.person, self.line, *self.at_work)
        stay(self.colleague, self.line, *self.at_work)
        stay(self.person, self.market, *self.shopping)
        stay(self.seller, self.market, MORNING, MORNING + 12 * HOUR)
        self.nurse = make_user("y_ta", "commune_officer", unit=self.commune, language="en", full_name="Y Tá")
        self.second = make_user(
            "y_ta_2", "commune_officer", unit=self.commune, language="en", full_name="Y Tá Hai"
        )
        self.stranger = make_user("y_ta_3", "commune_officer", unit=self.beside, language="en")
        self.chief = make_user("dich_te", "epidemiologist", unit=self.province, language="en")
        self.officer = make_user("can_bo", "company_officer", site=self.company, language="en")

    def acting(self, user: Any = None, at: Any = NOW) -> dict[str, Any]:
        """Who acts, and when, as actions ask it."""
        user = user or self.nurse
        return {"viewer": viewer_of(user, on=clock.local_day(NOW)), "by": user, "at": at}

    def begin(self, user: Any = None) -> Interview:
        return actions.begin(self.case.public_id, **self.acting(user))

    def known(self, which: str) -> actions.Known:
        """A visit of the case, "line" or "market", as the records have it."""
        site, span = (self.line, self.at_work) if which == "line" else (self.market, self.shopping)
        return actions.Known(site.public_id, *span)

    def client(self, user: Any = None) -> Client:
        client = Client()
        client.force_login(user or self.nurse)
        return client
