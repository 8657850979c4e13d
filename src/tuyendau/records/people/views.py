"""Pages of people."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.lib.text import fold
from tuyendau.records.people import queries
from tuyendau.records.people.forms import PeopleFilter
from tuyendau.records.people.models import Person


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """People by name, searched and narrowed by the address; its rows alone for htmx."""
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.PERSON_VIEW)
    form = PeopleFilter(request.GET, communes=queries.communes_in_reach(viewer))
    after = request.GET.get("after")
    page = None
    if form.is_valid():
        chosen = form.cleaned_data
        if words := fold(chosen["q"]):
            _seen(request, "people.searched", "people", {"words": words})
        page = queries.people_page(
            viewer, chosen["q"], commune=form.chosen(), site=chosen["site"], after=after
        )
    filtered = any(request.GET.get(field) for field in form.fields)
    context = {"form": form, "page": page, "after": after, "filtered": filtered}
    return render(request, _part(request, "people/list.html", "rows"), context)


def _part(request: HttpRequest, template: str, part: str) -> str:
    """The template, or only its part where htmx asks to swap it; a page restored from history is whole."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return f"{template}#{part}" if htmx and not htmx.history_restore_request else template


@require_GET
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: who they are, where they belong; cases, contacts and visits load from their own addresses."""
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        found = queries.person_by_public_id(viewer, public_id)
    except Person.DoesNotExist:
        raise Http404(_("There is no such person.")) from None
    _seen(request, "person.read", found.public_id)
    assignments = queries.assignments_of(viewer, found)
    return render(request, "people/detail.html", {"person": found, "assignments": assignments})


def _seen(request: HttpRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    audit.record_read(
        kind, viewer=viewer, permission=Permission.PERSON_VIEW, subject=subject, at=clock.now(), data=data
    )
