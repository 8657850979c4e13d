"""The worker's part: tracing what no officer's decision traced, and what follows from late presence."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

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


@app.task(queueing_lock="contacts.count_met", pass_context=False)
def count_met() -> None:
    """Count whom the F1 met, as far as it has changed."""
    while actions.count_met(at=clock.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="contacts.keep_up", pass_context=False)
def keep_up(timestamp: int) -> None:
    """Take in presence that was recorded late, and count what is left to count: nothing stays behind for long."""
    while actions.count_met(at=clock.now()):
        pass


def ask_to_count() -> None:
    """Have the worker count soon; it may have been asked already."""
    with suppress(AlreadyEnqueued):
        count_met.defer()
