"""A confirmed case with close contacts in a commune, and its officers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Grade
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.models import Person

NOW = datetime(2021, 5, 20, 2, tzinfo=UTC)
TODAY = date(2021, 5, 20)


class Field:
    """One commune of a district: `officer` records there, `chief` decides in the district."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.district = UnitFactory(level=UnitLevel.DISTRICT, code="222", parent=self.province)
        self.commune = UnitFactory(parent=self.district)
        self.next_commune = UnitFactory(parent=self.district)
        self.officer = make_user("tramyte", "commune_officer", unit=self.commune)
        self.chief = make_user("huyen", "district_officer", unit=self.district)
        self.case = self.confirmed()

    def confirmed(self, **fields: object) -> Case:
        fields = {"status": "confirmed", "reported_on": TODAY, "result_on": TODAY} | fields
        return CaseFactory(person=PersonFactory(unit=self.commune), **fields)

    def person(self, **fields: object) -> Person:
        return PersonFactory(**({"unit": self.commune} | fields))

    def meets(
        self,
        person: Person,
        last: date,
        *,
        case: Case | None = None,
        grade: int = Grade.CLOSE,
        chance: float = 0.1,
    ) -> Contact:
        moment = clock.midnight(last) + timedelta(hours=9)
        return Contact.objects.create(
            case=case or self.case, person=person, grade=grade, rank=1, probability=chance, seconds=3600,
            first=moment - timedelta(days=1), last=moment,
        )  # fmt: skip

    def told(self, kind: str = "case.traced", *, case: Case | None = None, at: datetime = NOW) -> None:
        audit.record(kind, by=None, at=at, subject=(case or self.case).public_id)

    def of(self, person: Person) -> FollowUp:
        return FollowUp.objects.get(person=person, ended_at__isnull=True)

    def viewer(self, user: User) -> object:
        return viewer_of(user, on=TODAY)


@pytest.fixture
def field(db: None) -> Field:
    return Field()
