"""The worker's part: the passing of days."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.lib import clock
from tuyendau.records.followup import actions


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="followup.pass_days", pass_context=False)
def pass_days(timestamp: int) -> None:
    """End who is through, put off a last day without an answer, let the next level answer for who is lost."""
    actions.pass_days(at=clock.now())
