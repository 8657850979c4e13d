"""The worker's part: pairs that may be one person, and merging many of them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.lib import clock
from tuyendau.records.people.actions import batches, duplicates


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="people.find_duplicates", pass_context=False)
def find_duplicates(timestamp: int) -> None:
    """Compare all people once a night."""
    duplicates.find_duplicates(at=clock.now())


@app.task
def run_batch(batch: str) -> None:
    """Merge the pairs of a batch (its public id)."""
    batches.run_batch(batch, at=clock.now())


@app.task
def undo_batch(batch: str, user: int) -> None:
    """Take a batch apart for a user (a row id)."""
    by = User.objects.get(pk=user)
    now = clock.now()
    batches.undo_batch(batch, viewer=viewer_of(by, on=clock.local_day(now)), by=by, at=now)
