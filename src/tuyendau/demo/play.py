"""Letting the scenario go on: what gates, rosters and officers bring between two moments of its clock."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import close_old_connections

from tuyendau.config import demonstration
from tuyendau.config.storage import write_private
from tuyendau.core.audit.queries import events_of
from tuyendau.demo import course, interviews
from tuyendau.demo.ground import ground
from tuyendau.demo.officers import Officers
from tuyendau.demo.plan import Plan
from tuyendau.demo.presence import Known, known_between
from tuyendau.demo.stories import Story, stories
from tuyendau.lib import clock
from tuyendau.records.visits import actions
from tuyendau.records.visits.models import VisitSource
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Days, Presence

log = logging.getLogger(__name__)

PLAYED = "played"
STEP = timedelta(hours=1)
"""At most so much of the scenario is brought at once: a clock that was set days ahead is caught up with in parts."""
PAUSE_SECONDS, WAIT_SECONDS = 1.0, 10
KEPT_DAYS = 3


def plan_of_database() -> Plan | None:
    """The plan of the demonstration that this database holds whole; None where there is none."""
    events = {event.kind: event for event in events_of(demonstration.SUBJECT)}
    if demonstration.LOADED not in events:
        return None
    return Plan.of_data(events[demonstration.BEGUN].data)


class Player:
    """Brings a demonstration up to its clock, step by step.

    How far it has come is kept in a file, written after each step. A step that is done again after a kill changes
    nothing: visits that are there are not doubled, and neither are cases.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._file = folder / demonstration.FOLDER / PLAYED
        self._plan = plan
        self._world = course.world_of(plan, ground(plan.day).communes)
        self._course = course.of_plan(folder, plan, self._world)
        self._stories: list[Story] = stories(self._world, self._course, plan)
        self._officers = Officers()
        self._days = Days(self._world)
        self._lived: dict[int, Presence] = {}
        self.until = self._kept() or plan.moment

    def catch_up(self, moment: datetime) -> bool:
        """Bring the next step on the way to `moment`; whether there was any."""
        if moment <= self.until:
            return False
        last = min(moment, self.until + STEP)
        self._bring_visits(self.until, last)
        for _step in self._officers.act(self._stories, self.until, last):
            pass
        interviews.hold(self._stories, self._plan, self.until, last)
        self.until = last
        write_private(self._file, last.isoformat())
        return True

    def _kept(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._file.read_text())
        except (OSError, ValueError):
            return None

    def _bring_visits(self, first: datetime, last: datetime) -> None:
        """What becomes known in [`first`, `last`): stays that began the day before may end now."""
        today, later = (date_to_day(clock.local_day(moment)) for moment in (first, last))
        for day in sorted({today - 1, today, later}):
            self._add(known_between(self._world, self._presence(day), first, last), last)

    def _add(self, known: Known, at: datetime) -> None:
        for source in VisitSource:
            rows = known.take(known.source == source)
            if len(rows):
                actions.add_visits(
                    person=rows.person, site=rows.site, start=rows.start, end=rows.end, assumed=rows.assumed,
                    source=source, by=None, at=at,
                )  # fmt: skip

    def _presence(self, day: int) -> Presence:
        """What is recorded of the cycles that begin on a day; lived once and kept for a while."""
        if day not in self._lived:
            movement = self._course.movement(self._world, day)
            self._lived[day] = self._days.presence(day, movement, want="recorded")
            for old in sorted(self._lived)[:-KEPT_DAYS]:
                del self._lived[old]
        return self._lived[day]


def play(folder: Path) -> None:
    """Play the demonstration of this database as its clock goes, until the process is stopped.

    Without a demonstration it waits for one, and for a database that is away. What fails is logged and tried again, a
    little later: the program beside it goes on, only its screens stand.
    """
    player: Player | None = None
    while True:
        try:
            if clock.scenario() is not None:
                if player is None and (plan := plan_of_database()) is not None:
                    player = Player(folder, plan)
                while player is not None and player.catch_up(clock.now()):
                    pass
        except Exception:
            log.exception("the scenario waits, and goes on in %d s", WAIT_SECONDS)
            close_old_connections()
            time.sleep(WAIT_SECONDS)
        time.sleep(PAUSE_SECONDS)
