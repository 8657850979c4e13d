"""A province whose records changed from day to day, written so that every moment of it is known."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory
from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import SiteKind, Unit
from tuyendau.records.cases.models import Case
from tuyendau.records.followup.models import FollowUp

START = datetime(2021, 5, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
TREE = {"valid_from": date(2020, 2, 1), "valid_to": date(2025, 7, 1)}


def told(at: datetime, kind: str = "case.edited") -> None:
    """Say that what was written in this transaction was known from `at` on."""
    audit.record(kind, by=None, at=at, subject="case_x")


class Province:
    """Two districts, five communes, a neighbour; a company with a line, a boarding house, a hospital, a market."""

    def __init__(self) -> None:
        self.root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang", **TREE)
        self.districts = [
            UnitFactory.create(code=f"22{n}", level=2, name=f"Huyện {n}", parent=self.root, **TREE)
            for n in (1, 2)
        ]
        self.communes = [
            UnitFactory.create(
                code=f"0780{n}", name=f"Xã {n}", parent=self.districts[n % 2], lon=106 + n / 50, lat=21.2 + n / 60,
                population=5_000 + n, **TREE,
            )
            for n in range(5)
        ]  # fmt: skip
        self.neighbour = UnitFactory.create(code="01", level=1, **TREE)
        self.far = UnitFactory.create(code="00004", name="Xã Xa", parent=self.neighbour, **TREE)

    def site(self, kind: str, commune: int | None = 0, parent: Any = None, **fields: Any) -> Any:
        """A site in a commune, beside its point; of no known commune where `commune` is None."""
        unit = None if commune is None else self.communes[commune]
        return SiteFactory.create(kind=kind, unit=unit, parent=parent, **fields)

    def work(self, commune: int = 0) -> tuple[Any, Any]:
        """A company with coordinates, and a line of it without."""
        company = self.site(SiteKind.COMPANY, commune, lon=106.05, lat=21.25, name="Công ty Sao")
        return company, self.site(SiteKind.LINE, commune, company)


def viewer_of(role: str, unit: Unit) -> Viewer:
    """Somebody who holds the role over the unit."""
    return Viewer(1, (Grant(role, ScopeKind.UNIT, str(unit.path)),))


def case(at: datetime, unit: Unit | None, **fields: Any) -> Case:
    """A confirmed case of somebody who lives there, known from `at` on."""
    with transaction.atomic():
        fields = {"status": "confirmed", "reported_on": (at + timedelta(hours=7)).date()} | fields
        person = fields.pop("person", None) or PersonFactory.create(unit=unit)
        made: Case = CaseFactory.create(unit=unit, person=person, **fields)
        told(at)
    return made


def follow(at: datetime, unit: Unit | None, **fields: Any) -> FollowUp:
    """A contact in follow-up who lives there, known from `at` on."""
    day = at.date()
    with transaction.atomic():
        terms = {
            "disease": "covid19", "degree": 1, "regime": "r", "days": 14, "began_on": day, "last_exposure": day,
            "planned_day": day + 14 * DAY, "last_day": day + 14 * DAY,
        }  # fmt: skip
        person = fields.pop("person", None) or PersonFactory.create(unit=unit)
        made = FollowUp.objects.create(person=person, **terms | fields)
        told(at, "followup.opened")
    return made


def change(at: datetime, thing: Any, **fields: Any) -> None:
    """Change a record, which is known from `at` on."""
    with transaction.atomic():
        type(thing).objects.filter(pk=thing.pk).update(**fields)
        told(at)


def outbreak(province: Province, seed: int, cases: int = 40) -> datetime:
    """Three weeks in which cases come late, are classified, corrected, moved and discarded; the moment it ends."""
    rng = random.Random(seed)
    where = [*province.communes, province.districts[0], None, province.far]
    moments = sorted(START + timedelta(minutes=rng.randrange(21 * 24 * 60)) for _ in range(4 * cases))
    made: list[Case] = []
    watched: list[FollowUp] = []
    for at in moments:
        kind = rng.randrange(6)
        day = (at + timedelta(hours=7)).date() - timedelta(days=rng.randrange(4))
        if kind <= 1 or not made:
            dates = {"reported_on": day, "onset_on": rng.choice([None, day - 2 * DAY])}
            made.append(case(at, rng.choice(where), status=rng.choice(["confirmed", "suspected"]), **dates))
        elif kind == 2:
            change(at, rng.choice(made), status=rng.choice(["confirmed", "probable", "discarded"]))
        elif kind == 3:
            change(at, rng.choice(made), unit=rng.choice(where), reported_on=day)
        elif kind == 4 or not watched:
            watched.append(follow(at, rng.choice(where), degree=rng.choice([0, 1, 2])))
        elif rng.random() < 0.5:
            change(at, rng.choice(watched).person, unit=rng.choice(where))
        else:
            change(at, rng.choice(watched), ended_at=at, why="over")
    return START + 21 * DAY
