"""The worker's part: checking and applying files that are too long for a request."""

from __future__ import annotations

from contextlib import suppress

from django.utils import translation
from procrastinate.contrib.django import app

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.insight.exchange.actions import staging
from tuyendau.insight.exchange.models import StagedImport
from tuyendau.lib import clock


@app.task
def check(public_id: str, user: int) -> None:
    """Check a staged import for a user (a row id)."""
    by, now = User.objects.get(pk=user), clock.now()
    with translation.override(by.language):
        staged = StagedImport.objects.get(public_id=public_id)
        staging.check(staged, viewer=viewer_of(by, on=clock.local_day(now)), at=now)


@app.task
def apply(public_id: str, user: int) -> None:
    """Apply a staged import for a user (a row id)."""
    by, now = User.objects.get(pk=user), clock.now()
    with translation.override(by.language), suppress(staging.StagedRefused):
        staged = StagedImport.objects.get(public_id=public_id)
        staging.apply(staged, viewer=viewer_of(by, on=clock.local_day(now)), by=by, at=now)
