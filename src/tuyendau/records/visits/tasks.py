"""The worker's part: publishing what is due, and the parts of the table for the days to come."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from tuyendau.lib import clock
from tuyendau.records.visits import actions


# No lock of the queue's own: one left by a worker that was killed would stop all publishing. Two runs at once are
# kept apart by a lock in the database, which goes with its session.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="visits.publish_due", pass_context=False)
def publish_due(timestamp: int) -> None:
    """Publish the days whose changes are many or old."""
    actions.publish_due(at=clock.real_now())


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="visits.make_rosters", pass_context=False)
def make_rosters(timestamp: int) -> None:
    """Let what rosters suppose of yesterday and today be in the table, as far as it has begun."""
    at = clock.now()
    for day in (clock.local_day(at - timedelta(days=1)), clock.local_day(at)):
        actions.make_roster_visits(day, at=at)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="visits.make_ahead", pass_context=False)
def make_ahead(timestamp: int) -> None:
    """Make the parts of the days to come."""
    actions.make_ahead(clock.local_day(clock.now()))
