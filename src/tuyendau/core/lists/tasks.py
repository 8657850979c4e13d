"""The worker's part: acts on more rows than a page waits for."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuyendau.core.lists import actions


@app.task
def run_batch(batch: str) -> None:
    """Do what a batch (its public id) says."""
    actions.run(batch)
