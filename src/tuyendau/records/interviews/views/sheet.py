"""The investigation sheet of an interview, for paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.interviews import queries
from tuyendau.records.interviews.forms.answers import LABELS, in_words
from tuyendau.records.interviews.models import Named
from tuyendau.records.interviews.rules import Step, questions_of
from tuyendau.records.interviews.views.common import RECORD, interview_or_404, titles
from tuyendau.records.visits.models import VisitSource


@require_GET
def sheet(request: SignedRequest, public_id: str) -> HttpResponse:
    """Everything that was asked and answered, on A4; that it was printed is on record."""
    interview = interview_or_404(request, public_id)
    audit.record_export(
        "interview.printed", viewer=request.viewer, permission=RECORD, subject=interview.case.public_id, at=clock.now(),
        data={"interview": public_id},
    )  # fmt: skip
    values = queries.values_of(queries.answers_of(interview))
    named_steps = titles()
    sections = [
        (
            named_steps[step],
            [
                (
                    LABELS[question.name],
                    in_words(question.name, values.get(question.name, ""), interview.case),
                )
                for question in questions_of(step)
            ],
        )
        for step in Step
    ]
    context = {
        "interview": interview,
        "case": interview.case,
        "sections": sections,
        "days": queries.calendar(interview, viewer=request.viewer, at=clock.now()),
        "named": (
            Named.objects.filter(interview=interview).select_related("site", "stay", "unit").order_by("source", "pk")
        ),
        "sources": dict(VisitSource.choices),
        "now": clock.now(),
    }  # fmt: skip
    return render(request, "interviews/sheet.html", context)
