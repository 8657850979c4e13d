"""A province of two districts whose records change over eight days, held in memory as well."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.factories import CaseFactory, PersonFactory, UnitFactory
from tests.reference.situation import State
from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Unit
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person

START = datetime(2021, 6, 10, 1, tzinfo=UTC)
"""Ten past eight in the province: the records begin."""
OLD: dict[str, Any] = {"valid_from": date(2020, 2, 1), "valid_to": date(2025, 7, 1)}


class Province:
    """Two districts, four communes, a neighbour."""

    def __init__(self) -> None:
        self.root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang", **OLD)
        self.viet_yen = UnitFactory.create(
            code="222", level=2, name="Huyện Việt Yên", parent=self.root, **OLD
        )
        self.yen_dung = UnitFactory.create(
            code="221", level=2, name="Huyện Yên Dũng", parent=self.root, **OLD
        )
        self.communes = {
            code: UnitFactory.create(code=code, name=f"Xã {code}", parent=parent, population=10_000, **OLD)
            for code, parent in (
                ("07807", self.viet_yen), ("07795", self.viet_yen), ("07681", self.yen_dung), ("07684", self.yen_dung),
            )
        }  # fmt: skip
        self.neighbour = UnitFactory.create(code="01", level=1, name="Hà Nội", **OLD)
        self.far = UnitFactory.create(code="00004", name="Phường Xa", parent=self.neighbour, **OLD)

    def unit(self, code: str) -> Unit | None:
        return self.far if code == "00004" else self.communes.get(code)


def viewer(unit: Unit, role: str = "leader") -> Viewer:
    return Viewer(1, (Grant(role, ScopeKind.UNIT, str(unit.path)),))


@contextmanager
def known_from(at: datetime) -> Iterator[None]:
    """What is written is known from that moment."""
    yield
    audit.record("case.edited", by=None, at=at, subject="case_x")


def play(province: Province, cases: int, seed: int) -> list[list[State]]:
    """Write cases and their changes at moments of eight days; what was told of each, oldest first."""
    chance = random.Random(seed)
    histories: list[list[State]] = [[] for _ in range(cases)]
    rows: list[Case | None] = [None] * cases
    moments = sorted(
        (START + timedelta(minutes=chance.randrange(8 * 1440)), chance.randrange(cases))
        for _ in range(3 * cases)
    )
    for at, which in moments:
        state = _state(chance, at)
        with known_from(at):
            rows[which] = _write(province, rows[which], state)
        histories[which].append(state)
    return histories


def _state(chance: random.Random, at: datetime) -> State:
    reported = date(2021, 6, 18) - timedelta(days=chance.randrange(30))
    onset = None if chance.random() < 0.2 else reported - timedelta(days=chance.randrange(6))
    return State(
        at,
        chance.choice(["suspected", "probable", "confirmed", "confirmed", "confirmed", "discarded"]),
        chance.choice(["07807", "07807", "07795", "07681", "07684", "", "00004"]),
        reported,
        onset,
        chance.choice(["", "", "", "recovered", "died"]),
        chance.random() < 0.5,
        chance.choice(["F", "M", ""]),
        chance.choice([None, *range(1930, 2021)]),
    )


def _write(province: Province, case: Case | None, state: State) -> Case:
    unit = province.unit(state.unit)
    fields = {
        "status": state.status, "unit": unit, "reported_on": state.reported, "onset_on": state.onset,
        "outcome": state.outcome, "isolated_at": state.at if state.isolated else None,
    }  # fmt: skip
    if case is None:
        person = PersonFactory.create(sex=state.sex, birth_year=state.born, unit=unit)
        return CaseFactory.create(person=person, **fields)
    Person.objects.filter(pk=case.person_id).update(sex=state.sex, birth_year=state.born, unit=unit)
    Case.objects.filter(pk=case.pk).update(**fields)
    return case
