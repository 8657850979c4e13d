"""The worker's part: publishing what is due, and the parts of the table for the days to come."""

from __future__ import annotations

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


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="visits.make_ahead", pass_context=False)
def make_ahead(timestamp: int) -> None:
    """Make the parts of the days to come."""
    actions.make_ahead(clock.local_day(clock.now()))
