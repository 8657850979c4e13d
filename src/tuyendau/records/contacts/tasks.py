"""The worker's part: tracing what no officer's decision traced."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.lib import clock
from tuyendau.records.contacts import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="contacts.trace_untraced", pass_context=False)
def trace_untraced(timestamp: int) -> None:
    """Trace the confirmed cases that came in by a file."""
    while actions.trace_untraced(at=clock.now()):
        pass


@app.task
def trace_again(case: int) -> None:
    """Trace a confirmed case anew (a row id): whom its people are changed."""
    actions.trace_confirmed(case, at=clock.now())
