"""The list of people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.lib.text import fold
from tuyendau.records.people import queries
from tuyendau.records.people.forms import PeopleFilter
from tuyendau.records.people.views.common import seen


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
            seen(request, "people.searched", "people", {"words": words})
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
