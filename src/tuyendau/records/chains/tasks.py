"""The worker's part: computing what changed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.lib import clock
from tuyendau.records.chains.actions import computing


@app.task(queueing_lock="chains.compute")
def compute() -> None:
    """Compute the chains of the cases that wait."""
    computing.compute_waiting(at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="chains.compute_left", pass_context=False)
def compute_left(timestamp: int) -> None:
    """Compute what no call was left for, such as after a worker that was killed."""
    computing.compute_waiting(at=clock.now())
