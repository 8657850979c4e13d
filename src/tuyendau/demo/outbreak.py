"""Who falls ill in the invented outbreak, and what is known of it: it spreads by line, room, bus and household."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tuyendau.demo.people import Invented
from tuyendau.lib import clock
from tuyendau.records.cases.rules import Status

WAITING = "RT-PCR dương tính, chờ xác nhận."


@dataclass(frozen=True, slots=True)
class Story:
    """One case: days are counted back from today, `hour` is that of the decision on the last of them."""

    person: Invented
    status: Status
    note: str
    onset: int | None
    sampled: int
    result: int | None
    reported: int
    hour: int = 18

    def day(self, back: int | None, today: date) -> date | None:
        """The day so many days before today."""
        return None if back is None else today - timedelta(days=back)

    def moment(self, today: date) -> datetime:
        """When it was reported, and decided where it was."""
        return clock.midnight(today - timedelta(days=self.reported)) + timedelta(hours=self.hour)

    def isolated_at(self, today: date) -> datetime | None:
        """From when a confirmed case met nobody: two hours before it was confirmed."""
        return self.moment(today) - timedelta(hours=2) if self.status is Status.CONFIRMED else None


def stories(people: list[Invented]) -> list[Story]:
    """The cases from the oldest to the one that waits for the newcomer."""
    first = _one(people, lambda p: p.line == "SK-X1-C3" and p.bus and p.home.startswith("TRO"))
    roommate = _one(people, lambda p: p.home == first.home and p.code.startswith("LV"))
    lineside = _one(people, lambda p: p.line == first.line and p is not first)
    rider = _one(people, lambda p: p.bus == first.bus and p.line != first.line and p.home.startswith("HO"))
    relative = _one(people, lambda p: p.home == rider.home and p.company is None)
    seamstress = _one(people, lambda p: p.line == roommate.line and p.bus and p is not roommate)
    waiting = _one(
        people,
        lambda p: p.bus == seamstress.bus and p.line[:5] != seamstress.line[:5] and p.home.startswith("TRO"),
    )
    technician = _one(people, lambda p: bool(p.roams) and first.line in p.roams)
    tested = _one(people, lambda p: p.line == "SK-X1-C4" and p.home.startswith("HO"))
    negative = _one(people, lambda p: p.line == "SK-X2-C1")
    confirmed = Status.CONFIRMED
    return [
        Story(first, confirmed, "Sốt, ho; tự đến trạm y tế.", onset=9, sampled=7, result=7, reported=7),
        Story(negative, Status.DISCARDED, "Ho; RT-PCR âm tính hai lần.", onset=7, sampled=6, result=5, reported=5),
        Story(roommate, confirmed, "Cùng phòng trọ với ca đầu.", onset=5, sampled=4, result=4, reported=4),
        Story(lineside, confirmed, "Cùng chuyền với ca đầu.", onset=5, sampled=5, result=4, reported=4, hour=19),
        Story(rider, confirmed, "Không triệu chứng; cùng xe với ca đầu.", onset=None, sampled=4, result=3, reported=3),
        Story(relative, confirmed, "Người nhà của ca cùng xe.", onset=2, sampled=2, result=1, reported=1, hour=9),
        Story(seamstress, confirmed, "Cùng chuyền với ca cùng phòng trọ.", onset=2, sampled=1, result=1, reported=1),
        Story(tested, Status.SUSPECTED, "Đau họng; đã lấy mẫu, chưa có kết quả.", 1, 1, None, reported=1, hour=20),
        Story(technician, Status.SUSPECTED, WAITING, onset=2, sampled=1, result=1, reported=1, hour=21),
        Story(waiting, Status.SUSPECTED, WAITING, onset=1, sampled=1, result=0, reported=0, hour=6),
    ]  # fmt: skip


def _one(people: list[Invented], wanted: Callable[[Invented], object]) -> Invented:
    """The first whom the story can mean."""
    return next(person for person in people if wanted(person))
