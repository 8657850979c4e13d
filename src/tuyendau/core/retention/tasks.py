"""The worker's part: removing, each night, what was kept long enough."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.core.retention import actions
from tuyendau.lib import clock


@app.periodic(cron="41 19 * * *")
@app.task(queueing_lock="retention.carry_out", pass_context=False)
def carry_out(timestamp: int) -> None:
    """Carry out the policy in force; 19:41 UTC is 02:41 in the province."""
    actions.carry_out(clock.local_day(clock.now()), at=clock.now())
