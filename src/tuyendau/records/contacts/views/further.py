"""F2 of a case, and further."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.contacts import queries

PAGE = 100


@require_GET
def further_of_case(request: SignedRequest, public_id: str, degree: int) -> HttpResponse:
    """The people at some distance from a case, those met by most first."""
    request.viewer.require(Permission.CONTACT_VIEW)
    case = get_object_or_404(visible_cases(request.viewer).select_related("trace"), public_id=public_id)
    degree = min(max(degree, 2), queries.FARTHEST)
    audit.record_read(
        "case.contacts_read",
        viewer=request.viewer,
        permission=Permission.CONTACT_VIEW,
        subject=case.public_id,
        at=clock.now(),
        data={"person": case.person.public_id, "degree": degree},
    )
    found = queries.farther(case, degree, at=clock.now())
    page = Paginator(queries.in_reach_of(request.viewer, found.people), PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    people = queries.named(request.viewer, shown)
    rows = [
        (people[far.person_id], [people[pk] for pk in far.through if pk in people][:3], len(far.through))
        for far in shown
        if far.person_id in people
    ]
    context = {
        "case": case, "tab": "contacts", "degree": degree, "page": page, "rows": rows, "behind": found.behind,
        "degrees": range(2, queries.FARTHEST + 1), "trace": getattr(case, "trace", None),
    }  # fmt: skip
    return render(request, "contacts/further.html", context)
