"""The cases as officers hear of them and decide: when each is reported, when confirmed, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tuyendau.demo.plan import DISTRICT, Plan
from tuyendau.demo.presence import UNIX
from tuyendau.lib import clock
from tuyendau.records.cases.rules import Status
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import kinds
from tuyendau.science.sim.days import Days
from tuyendau.science.sim.truth import AS_CONTACT, BY_MASS_TEST, BY_SYMPTOMS, NEVER, Outbreak
from tuyendau.science.sim.world import World

NOTES = {
    BY_SYMPTOMS: "Sốt, ho; tự đến cơ sở y tế.",
    AS_CONTACT: "Người tiếp xúc đang theo dõi; xét nghiệm theo lịch.",
    BY_MASS_TEST: "Phát hiện khi xét nghiệm diện rộng.",
}
WAITING = "RT-PCR dương tính, chờ xác nhận."
NEGATIVE = "Ho, đau họng; RT-PCR âm tính hai lần."
UNTESTED = "Đau họng; đã lấy mẫu, chưa có kết quả."
CASES_A_NEGATIVE = 14
"""So many cases come with one who was suspected and turned out to be none: assumed."""
OPENS, CLOSES = timedelta(hours=7, minutes=30), timedelta(hours=21)
"""When the officers who decide are at work."""
LOOKBACK, CANDIDATES, STAGED = timedelta(days=3), 40, timedelta(days=6)
"""The waiting case is one of so many that the run reports within so many days of the scenario's moment."""
NEWS = timedelta(hours=6, minutes=10)
"""When, on the scenario's own day, the result comes that waits for whoever tries the program."""


@dataclass(frozen=True, slots=True)
class Story:
    """One case: whose (row id), its dates, when it is reported and by whom, when it is decided and how.

    `decided` None is left to whoever tries the program.
    """

    person: int
    officer: str
    reported: datetime
    decided: datetime | None
    status: Status
    onset: date | None
    sampled: date | None
    result: date | None
    isolated: datetime | None
    note: str


def stories(world: World, outbreak: Outbreak, plan: Plan) -> list[Story]:
    """Every case of the run, with some that were none, in the order of their report; the one that waits among them."""
    told = [_story(world, outbreak, row, plan) for row in range(len(outbreak.cases))]
    waiting = _waiting(world, outbreak, told, plan)
    if waiting is not None:
        told[waiting] = _to_be_confirmed(told[waiting], plan)
    ill = {story.person for story in told}
    told += [story for story in _negatives(world, told, plan) if story.person not in ill]
    return sorted(told, key=lambda story: (story.reported, story.person))


def _story(world: World, outbreak: Outbreak, row: int, plan: Plan) -> Story:
    cases = outbreak.cases
    person = int(cases.person[row])
    reported = _moment(cases.reported[row])
    onset = _day(cases.onset[row], reported)
    isolated = _moment(cases.isolated[row]) if cases.isolated[row] < NEVER else None
    decided = _decided(plan.seed, person, reported)
    return Story(
        person + 1,
        officer_of(world, person),
        reported,
        decided,
        Status.CONFIRMED,
        onset,
        _day(cases.sampled[row], reported),
        _day(cases.result[row], reported),
        min(isolated, decided) if isolated is not None else None,
        NOTES.get(int(cases.found[row]), ""),
    )


def officer_of(world: World, person: int) -> str:
    """Who reports and decides: the district's officer where the demonstration has one, else the province's."""
    district = world.communes.district[world.people.commune[person]]
    return "vietyen" if district == DISTRICT else "dichte"


def _decided(seed: int, person: int, reported: datetime) -> datetime:
    """Half an hour to four hours after the report, in working hours."""
    rng = np.random.default_rng([seed, 3, person])
    moment = reported + timedelta(minutes=int(rng.integers(30, 240)))
    begins = clock.midnight(clock.local_day(moment))
    if moment < begins + OPENS:
        return begins + OPENS + timedelta(minutes=int(rng.integers(0, 90)))
    if moment > begins + CLOSES:
        return begins + timedelta(days=1) + OPENS + timedelta(minutes=int(rng.integers(0, 90)))
    return moment


def _waiting(world: World, outbreak: Outbreak, told: Sequence[Story], plan: Plan) -> int | None:
    """The case that a newcomer confirms: of those around the scenario's day the one whose contacts show most.

    Somebody on a line, at a canteen table, on a bus and in a rented room, who fell ill while the company still worked,
    shows every grade.
    """
    away = np.array([abs((story.reported - plan.moment).total_seconds()) for story in told])
    near = [int(row) for row in np.argsort(away, kind="stable")]
    recent = [row for row in near if _may_wait(told[row], plan)][:CANDIDATES] or near[:1]
    if not recent:
        return None
    shown = _shown(world, outbreak, [told[row] for row in recent], plan)
    return recent[int(np.argmax(shown))]


def _may_wait(story: Story, plan: Plan) -> bool:
    """Whether somebody who fell ill these days can have been sampled yesterday, and not before the scenario's week."""
    near = abs((story.reported - plan.moment).total_seconds()) < STAGED.total_seconds()
    return near and story.onset is not None and plan.day - timedelta(days=13) <= story.onset < plan.day


def _shown(world: World, outbreak: Outbreak, told: Sequence[Story], plan: Plan) -> NDArray[np.float64]:
    """For each story how much was recorded of its person since they could infect anybody: kinds of place, and hours."""
    who = np.array([story.person - 1 for story in told], np.int32)
    since = np.zeros(len(world.people), np.int32)
    since[who] = [date_to_day((story.onset or story.sampled or plan.day) - LOOKBACK) for story in told]
    days, hours = Days(world), np.zeros((len(world.people), len(kinds.KINDS)))
    for day in range(int(since[who].min()), date_to_day(plan.day)):
        rows = days.presence(day, outbreak.movement(world, day), want="recorded", people=who)
        there = since[rows.person] <= day
        spent = (rows.seen_end - rows.seen_start)[there] / 3_600
        np.add.at(hours, (rows.person[there], world.sites.kind[rows.site[there]]), spent)
    telling = hours[who][:, [kinds.LINE, kinds.ROOM, kinds.CANTEEN_ZONE, kinds.BUS]]
    kept: NDArray[np.float64] = (telling > 0) @ np.array([4.0, 3.0, 2.0, 1.0])
    return kept + np.minimum(telling[:, 0], 40) / 100


def _to_be_confirmed(story: Story, plan: Plan) -> Story:
    return replace(
        story,
        reported=clock.midnight(plan.day) + NEWS,
        decided=None,
        status=Status.SUSPECTED,
        sampled=plan.day - timedelta(days=1),
        result=plan.day,
        isolated=None,
        officer="dichte",
        note=WAITING,
    )


def _negatives(world: World, told: Sequence[Story], plan: Plan) -> list[Story]:
    """People who were suspected and were none; the last of them has no result yet."""
    rng = np.random.default_rng([plan.seed, 4])
    before = [story.reported for story in told]
    found = []
    for moment in before[::CASES_A_NEGATIVE]:
        person = int(rng.integers(0, len(world.people)))
        reported = moment + timedelta(minutes=int(rng.integers(20, 600)))
        day = clock.local_day(reported)
        found.append(
            Story(
                person + 1, officer_of(world, person), reported,
                _decided(plan.seed, person, reported) + timedelta(days=1),
                Status.DISCARDED, day - timedelta(days=1), day, None, None, NEGATIVE,
            )
        )  # fmt: skip
    evening = clock.midnight(plan.day) - timedelta(hours=4)
    person = int(rng.integers(0, len(world.people)))
    found.append(
        Story(
            person + 1, officer_of(world, person), evening, None, Status.SUSPECTED, plan.day - timedelta(days=2),
            clock.local_day(evening), None, None, UNTESTED,
        )
    )  # fmt: skip
    return found


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds) + UNIX, UTC)


def _day(seconds: int, reported: datetime) -> date | None:
    """The local day of an instant that had come by the report, else None."""
    if not 0 < seconds < NEVER:
        return None
    moment = _moment(seconds)
    return clock.local_day(moment) if moment <= reported else None
