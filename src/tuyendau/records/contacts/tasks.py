"""The worker's part: tracing what no officer's decision traced, and what follows from late presence."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.contacts import actions

REST = timedelta(minutes=10)
"""How long an F1 whose site is in use is left before the people met there are counted again."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="contacts.trace_untraced", pass_context=False)
def trace_untraced(timestamp: int) -> None:
    """Trace the confirmed cases that came in by a file."""
    while actions.trace_untraced(at=clock.now()):
        pass


@app.task(queueing_lock="contacts.catch_up", pass_context=False)
def catch_up() -> None:
    """Trace the cases whose presence was changed, and count whom the F1 met, as far as it has changed."""
    _catch_up()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="contacts.keep_up", pass_context=False)
def keep_up(timestamp: int) -> None:
    """Take in presence that was recorded late, and what is left to trace and to count."""
    actions.note_late_presence(at=clock.now())
    _catch_up()


def _catch_up() -> None:
    while actions.retrace_stale(at=clock.now()):
        pass
    while actions.count_met(at=clock.now(), rest=REST):
        pass


def ask_to_catch_up() -> None:
    """Have the worker catch up soon; it may have been asked already."""
    # After the commit whoever asked acts again, who may put nothing into the queue.
    with suppress(AlreadyEnqueued), as_program():
        catch_up.defer()
