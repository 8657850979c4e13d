"""The worker's part: publishing what is due."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.lib import clock
from tuyendau.records.visits import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="visits.publish_due", lock="visits.publish", pass_context=False)
def publish_due(timestamp: int) -> None:
    """Publish the days whose changes are many or old."""
    actions.publish_due(at=clock.now())
