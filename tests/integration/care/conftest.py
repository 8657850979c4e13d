"""Two hospitals and a quarantine facility of two districts, who works there, and who answers for the districts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.access import Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Site, SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.response.care import actions
from tuyendau.response.care.models import Stay, Transfer


class Clinic:
    """`doctor` treats in `hospital`, `other_doctor` in `other`, `chief` answers for the district of the first."""

    def __init__(self) -> None:
        self.now = clock.now().replace(microsecond=0)
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.district = UnitFactory(level=UnitLevel.DISTRICT, code="222", parent=self.province)
        self.far_district = UnitFactory(level=UnitLevel.DISTRICT, code="221", parent=self.province)
        self.commune = UnitFactory(parent=self.district)
        self.far_commune = UnitFactory(parent=self.far_district)
        self.hospital = self.facility("BV-A", self.commune)
        self.ward = SiteFactory(
            kind=SiteKind.WARD, parent=self.hospital, unit=self.commune, capacity=2, name="Khoa A"
        )
        self.other = self.facility("BV-B", self.far_commune)
        self.other_ward = SiteFactory(
            kind=SiteKind.WARD, parent=self.other, unit=self.far_commune, capacity=10, name="Khoa B"
        )
        self.quarantine = self.facility("CL", self.commune, SiteKind.QUARANTINE)
        self.doctor = make_user("bacsi", "clinician", site=self.hospital)
        self.other_doctor = make_user("bacsib", "clinician", site=self.other)
        self.manager = make_user("quanly", "quarantine_manager", site=self.quarantine)
        self.chief = make_user("huyen", "district_officer", unit=self.district)
        self.far_chief = make_user("huyenxa", "district_officer", unit=self.far_district)
        self.leader = make_user("lanhdao", "leader", unit=self.province)

    def facility(self, code: str, unit: Any, kind: str = SiteKind.HOSPITAL) -> Site:
        return SiteFactory(kind=kind, unit=unit, code=code, name=f"Cơ sở {code}")

    def viewer(self, user: User) -> Viewer:
        return viewer_of(user, on=clock.local_day(clock.now()))

    def patient(self, **fields: Any) -> Person:
        """Somebody of the first commune with a confirmed case."""
        person = PersonFactory(**({"unit": self.commune} | fields))
        CaseFactory(person=person, status="confirmed", reported_on=clock.local_day(self.now))
        return person

    def ago(self, **back: float) -> datetime:
        return self.now - timedelta(**back)

    def admit(self, person: Person | None = None, *, user: User | None = None, **given: Any) -> Stay:
        """Admit by who answers for the district, to the hospital a day ago unless told otherwise."""
        user = user or self.chief
        terms = {"site": self.hospital, "began_at": self.ago(days=1)} | given
        return actions.admit(
            person or self.patient(),
            actions.Admission(**terms),
            viewer=self.viewer(user),
            by=user,
            at=self.now,
        )

    def propose(self, stay: Stay, *, to: Site | None = None, at: datetime | None = None) -> Transfer:
        return actions.propose_transfer(
            stay.public_id, to or self.other, "Cần thở máy", viewer=self.viewer(self.doctor), by=self.doctor,
            at=at or self.now,
        )  # fmt: skip

    def as_doctor(self, user: User | None = None) -> dict[str, Any]:
        """Who acts, as every action asks for it."""
        user = user or self.doctor
        return {"viewer": self.viewer(user), "by": user, "at": self.now}


@pytest.fixture
def clinic(db: None) -> Clinic:
    return Clinic()
