"""The list of sites, and one site."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tuyendau.access import Permission, Viewer
from tuyendau.core.places import queries
from tuyendau.core.places.forms import SiteFilterForm
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.lib import clock
from tuyendau.science.epi.settings import Setting

PAGE = 50


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """The sites that the viewer may see, by tree, 50 a page; found by name, code, kind, commune."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = SiteFilterForm(request.GET)
    chosen = form.chosen()
    sites = queries.site_list(viewer=viewer, chosen=chosen)
    page = Paginator(sites, PAGE).get_page(request.GET.get("page"))
    above = queries.names_above(list(page))
    context = {
        "form": form,
        "page": page,
        "rows": [{"site": site, "above": above[site.pk]} for site in page],
        "under": _named(viewer, chosen.under),
    }
    template = "places/site_list.html#rows" if getattr(request, "htmx", False) else "places/site_list.html"
    return render(request, template, context)


@require_safe
def site(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a site is, what it is a part of, and its parts."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        found = queries.site_by_public_id(viewer=viewer, public_id=public_id)
    except Site.DoesNotExist:
        raise Http404 from None
    context: dict[str, Any] = {
        "site": found,
        "setting": _setting_word(found.setting),
        "above": queries.sites_above(found),
        "page": Paginator(queries.children_of(viewer=viewer, site=found), PAGE).get_page(
            request.GET.get("page")
        ),
        "may_people": viewer.may(Permission.PERSON_VIEW),
        "may_cases": viewer.may(Permission.CASE_VIEW),
    }
    return render(request, "places/site.html", context)


@require_safe
def pick(request: HttpRequest) -> HttpResponse:
    """Sites or communes to choose from by what was typed: their names, codes and where they are, and nobody there.

    For whoever records where a person was: `what` is "site" or "commune", `q` what was typed.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.VISIT_RECORD)
    # A form may call its field as it likes: htmx sends it under its own name.
    written = str(next((value for name, value in request.GET.items() if name != "what"), ""))[:100]
    found: list[dict[str, str]] = []
    if request.GET.get("what") == "commune":
        for unit in queries.pick_communes(written, clock.local_day(clock.now())):
            found.append(
                {"value": unit.code, "name": unit.name, "where": unit.parent.name if unit.parent else ""}
            )
    else:
        for site in queries.pick_sites(viewer, Permission.VISIT_RECORD, written):
            where = [
                site.get_kind_display(),
                site.parent.name if site.parent else "",
                site.unit.name if site.unit else "",
            ]
            found.append({"value": site.code, "name": site.name, "where": " · ".join(filter(None, where))})
    return render(request, "places/picked.html", {"found": found, "written": written.strip()})


def _setting_word(setting: int) -> str:
    """How contact at a site counts, in words: mostly the kind of place whose rule holds there."""
    slug = Setting(setting).slug
    if slug == Setting.COMPANY.slug or slug not in SiteKind.values:
        return _("the place as a whole: people were around each other")
    return str(SiteKind(slug).label)


def _named(viewer: Viewer, public_id: str) -> Site | None:
    """The site that the list is under, if the viewer may see it."""
    if not public_id:
        return None
    return queries.visible_sites(viewer).filter(public_id=public_id).first()
