"""A small outbreak: four cases of one dormitory and its line, and the officers who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Site, UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.chains import actions
from tuyendau.records.contacts.models import Contact, Evidence, Exposure
from tuyendau.science.epi.settings import Setting

AT = datetime(2021, 5, 20, 2, tzinfo=UTC)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def met(
    infector: Case, infectee: Case, site: Site | None, day: date, hours: float = 8, **fields: Any
) -> Exposure:
    """Note that two cases met in the infectious window of the first."""
    contact, _ = Contact.objects.get_or_create(
        case=infector,
        person=infectee.person,
        defaults={"grade": 0, "rank": 1, "probability": 0.1, "seconds": 1},
    )
    values = {
        "site": site, "evidence": Evidence.VISITS, "seconds": round(hours * 3_600), "first": at_noon(day),
        "last": at_noon(day) + timedelta(hours=hours),
    } | fields  # fmt: skip
    made: Exposure = Exposure.objects.create(contact=contact, **values)
    return made


class Outbreak:
    """A was with B and C in a room, C with D on a line; B's and C's onsets come five days after A's, D's later."""

    def __init__(self) -> None:
        province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.district = UnitFactory(level=UnitLevel.DISTRICT, code="222", parent=province)
        self.here = UnitFactory(parent=self.district)
        self.there = UnitFactory(parent=UnitFactory(level=UnitLevel.DISTRICT, code="221", parent=province))
        self.room = SiteFactory(setting=Setting.ROOM, kind="room", name="Phòng 12", unit=self.here)
        self.line = SiteFactory(setting=Setting.LINE, name="Chuyền 3", unit=self.here)
        self.a, self.b, self.c, self.d = (
            self.case(code, day) for code, day in (("BN01", 3), ("BN02", 8), ("BN03", 8), ("BN04", 13))
        )
        met(self.a, self.b, self.room, date(2021, 5, 4), 40)
        met(self.a, self.c, self.room, date(2021, 5, 4), 40)
        met(self.b, self.c, self.room, date(2021, 5, 6), 10)
        met(self.c, self.b, self.room, date(2021, 5, 6), 10)
        met(self.c, self.d, self.line, date(2021, 5, 9), 40)
        self.officer = make_user("dich_te", "epidemiologist", unit=province, language="en")
        self.nurse = make_user("tram", "commune_officer", unit=self.here, language="en")
        self.elsewhere = make_user("xa_khac", "commune_officer", unit=self.there, language="en")
        self.district_officer = make_user("huyen", "district_officer", unit=self.district, language="en")

    def case(self, code: str, onset: int, unit: Any = None, **fields: Any) -> Case:
        """A confirmed case whose symptoms began on that day of May 2021."""
        made: Case = CaseFactory(
            code=code,
            person=PersonFactory(unit=unit or self.here),
            status="confirmed",
            onset_on=date(2021, 5, onset),
            reported_on=date(2021, 5, 15),
            **fields,
        )
        return made

    def compute(self) -> int:
        """Compute the chains of all cases."""
        actions.mark_all()
        return actions.compute_waiting(at=AT)

    def viewer(self, user: Any) -> Any:
        return viewer_of(user, on=timezone.now().date())


@pytest.fixture
def outbreak(db: None) -> Iterator[Outbreak]:
    """Told of in English, in which the tests are written."""
    with translation.override("en"):
        yield Outbreak()
