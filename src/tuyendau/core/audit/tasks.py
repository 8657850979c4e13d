"""The worker's part: verifying the chain of events each night, and noting an anchor."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from tuyendau.core.audit import actions
from tuyendau.lib import clock


@app.periodic(cron="23 18 * * *")
@app.task(queueing_lock="audit.check_chain", pass_context=False)
def check_chain(timestamp: int) -> None:
    """Verify what came since yesterday; 18:23 UTC is 01:23 in the province."""
    actions.check_chain(settings.AUDIT_ANCHORS, at=clock.real_now())


@app.periodic(cron="53 18 * * 6")
@app.task(queueing_lock="audit.check_whole_chain", pass_context=False)
def check_whole_chain(timestamp: int) -> None:
    """Verify the whole chain, once a week."""
    actions.check_chain(settings.AUDIT_ANCHORS, at=clock.real_now(), whole=True)
