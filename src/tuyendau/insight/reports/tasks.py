"""The worker's part: making situation reports, those asked for and those of every day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.core.acting import as_program
from tuyendau.insight.reports import actions
from tuyendau.lib import clock


@app.task
def make_report(report: str) -> None:
    """Make one report (its public id)."""
    actions.make_report(report)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="reports.make_due", pass_context=False)
def make_due(timestamp: int) -> None:
    """Make what is due by its schedule, and what was left unfinished."""
    for report in actions.due_by_schedule(clock.now()):
        actions.make_report(report)


def ask_to_make(report: str) -> None:
    """Have the worker make a report soon."""
    # After the commit whoever asked acts again, who may put nothing into the queue.
    with as_program():
        make_report.defer(report=report)
