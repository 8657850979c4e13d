"""What is due of interviews and milestones, and the interviews of one case."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.models import InterviewState
from tuyendau.records.interviews.rules import Step
from tuyendau.records.interviews.views.common import RECORD, acting, case_or_404, seen

LISTED = 50


@require_GET
def overview(request: SignedRequest) -> HttpResponse:
    """Cases to interview, interviews under way, milestones to send."""
    request.viewer.require(RECORD)
    due = queries.due(request.viewer, clock.local_day(clock.now()), most=LISTED)
    return render(request, "interviews/overview.html", {"due": due, "inner_kinds": queries.INNER_KINDS})


@require_http_methods(["GET", "POST"])
def of_case(request: SignedRequest, case_id: str) -> HttpResponse:
    """The interviews of a case; posting begins one, or goes on with the one under way."""
    if request.method == "POST":
        try:
            interview = actions.begin(case_id, **acting(request))
        except Case.DoesNotExist as error:
            raise Http404 from error
        return redirect("interviews:step", interview.public_id, Step.IDENTITY)
    case = case_or_404(request, case_id)
    seen(request, "interview.read", case.public_id, {"person": case.person.public_id})
    interviews = queries.interviews_of(request.viewer, case)
    under_way = next((each for each in interviews if each.state == InterviewState.BEGUN), None)
    context = {"case": case, "tab": "interview", "interviews": interviews, "under_way": under_way}
    return render(request, "interviews/of_case.html", context)
