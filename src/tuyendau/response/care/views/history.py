"""The epidemiological history of a patient, on one page that prints."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.contacts.models import NEARNESS, Grade
from tuyendau.records.interviews.forms.answers import LABELS, in_words
from tuyendau.response.care.models import Condition
from tuyendau.response.care.queries import patients
from tuyendau.response.care.queries.history import history as history_of
from tuyendau.response.care.views.common import stay_of

TOLD = ("work", "illness_words", "conditions", "doses", "travel_words")
"""What of an interview stands on the page: the rest is on the investigation sheet."""


@require_GET
def history(request: SignedRequest, public_id: str) -> HttpResponse:
    """Where, with whom, since when; that it was read is on record each time, since it is taken along on paper."""
    stay = stay_of(request, public_id)
    audit.record_export(
        "stay.history_read", viewer=request.viewer, permission=Permission.STAY_VIEW, subject=public_id,
        at=clock.now(), data={"person": stay.person.public_id},
    )  # fmt: skip
    found = history_of(request.viewer, stay)
    now = clock.now()
    told = []
    if found.held is not None and stay.case is not None:
        values = found.held.values
        told = [(LABELS[name], in_words(name, values[name], stay.case)) for name in TOLD if values.get(name)]
    context = {
        "stay": stay,
        "case": stay.case,
        "found": found,
        "day": patients.day_of(stay, clock.local_day(now)),
        "conditions": [Condition(code).label for code in stay.conditions],
        "counts": [(Grade(grade).label, found.counts[grade]) for grade in NEARNESS],
        "unnamed": max(0, sum(found.counts[grade] for grade in NEARNESS[:2]) - len(found.named)),
        "told": told,
        "now": now,
        "printing": "print" in request.GET,
    }
    return render(request, "care/history.html", context)
