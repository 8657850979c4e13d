"""A province of two districts and three communes with cases, all of it known since the day of each report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.factories import CaseFactory, PersonFactory, UnitFactory
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Unit
from tuyendau.lib import clock

AT = datetime(2021, 6, 1, tzinfo=UTC)
DAY = date(2021, 5, 31)


class Province:
    """A province of two districts and three communes, and a neighbour; the tree of 2021."""

    def __init__(self) -> None:
        old = {"valid_from": date(2020, 2, 1), "valid_to": date(2025, 7, 1)}
        self.root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang", **old)
        self.district = UnitFactory.create(
            code="222", level=2, name="Huyện Việt Yên", parent=self.root, **old
        )
        near = {"parent": self.district, "population": 10_000} | old
        self.quang_chau = UnitFactory.create(
            code="07807", name="Xã Quang Châu", lon=106.11, lat=21.21, **near
        )
        self.nenh = UnitFactory.create(code="07795", name="Thị trấn Nếnh", lon=106.12, lat=21.24, **near)
        self.quiet = UnitFactory.create(
            code="07777", name="Xã Yên", lon=106.10, lat=21.27, parent=self.district, **old
        )
        self.neighbour = UnitFactory.create(code="01", level=1, **old)
        self.far = UnitFactory.create(
            code="00004", name="Xã Xa", lon=105.8, lat=21.0, parent=self.neighbour, **old
        )

    def report(self, unit: Unit | None, day: int, times: int = 1, **fields: Any) -> None:
        for _ in range(times):
            fields = {"status": "confirmed", "reported_on": date(2021, 5, day)} | fields
            with transaction.atomic():
                case = CaseFactory.create(unit=unit, person=PersonFactory.create(unit=unit), **fields)
                known = clock.midnight(fields["reported_on"]) + timedelta(hours=9)
                audit.record("case.reported", by=None, at=known, subject=case.public_id)


@pytest.fixture
def province() -> Province:
    made = Province()
    made.report(made.quang_chau, 31, 12)
    made.report(made.quang_chau, 18, 1)
    made.report(made.quang_chau, 17, 5)
    made.report(made.nenh, 25, 2)
    made.report(made.nenh, 25, 3, status="suspected")
    made.report(made.nenh, 25, 1, status="discarded")
    made.report(None, 30, 4)
    made.report(made.far, 30, 7)
    return made
