"""The public map: a page of its own, light, the same for everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tuyendau.core.places.models import SiteKind
from tuyendau.insight.public import queries
from tuyendau.insight.public.rules import Band
from tuyendau.lib import clock

FRESH = 20
"""Seconds for which a browser or a proxy may show the page without asking again."""


@login_not_required
@require_safe
def vietnamese(request: HttpRequest) -> HttpResponse:
    """The public map in Vietnamese."""
    return _page("vi", "public:english")


@login_not_required
@require_safe
def english(request: HttpRequest) -> HttpResponse:
    """The public map in English."""
    return _page("en", "public:vietnamese")


def _page(language: str, other: str) -> HttpResponse:
    """The whole page. It takes nothing from the request: no cookie, no language, no user changes a letter of it."""
    if not settings.PUBLIC_MAP:
        raise Http404
    at = clock.now()
    with translation.override(language):
        body = render_to_string("public/page.html", _context(at, language, reverse(other)))
    response = HttpResponse(body)
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    response.headers["Content-Language"] = language
    return response


def _context(at: Any, language: str, other: str) -> dict[str, Any]:
    told = queries.numbers(at=at)
    drawn = queries.drawing(told)
    words = {band.place: band_in_words(band) for band in told.bands}
    areas: list[dict[str, Any]] = [
        {
            "commune": commune,
            "path": drawn.paths.get(commune.pk, ""),
            "word": words[commune.band.place],
            "where": f"{commune.name}, {commune.above}" if commune.above else commune.name,
        }
        for commune in told.communes
    ]
    points = [
        {"point": point, "at": place, "test": point.kind == SiteKind.TEST_POINT}
        for point, place in zip(told.points, drawn.points, strict=True)
    ]
    return {
        "LANGUAGE_CODE": language, "other": other, "at": at, "told": told, "drawing": drawn,
        "areas": areas, "points": points, "total": _total(told, words),
        "some": [area for area in areas if area["commune"].band.place],
        "few": [area for area in areas if not area["commune"].band.place],
        "legend": [(band, words[band.place]) for band in told.bands],
    }  # fmt: skip


def _total(told: queries.Numbers, words: dict[int, str]) -> str:
    if told.total is None:
        return words[told.band.place]
    return _("at least %(count)s") % {"count": number_format(told.total, 0, force_grouping=True)}


def band_in_words(band: Band) -> str:
    """A band as people read it: “fewer than 5”, “5–9”, “100 or more”."""
    if band.low == 0:
        return _("fewer than %(count)d") % {"count": (band.high or 0) + 1}
    if band.high is None:
        return _("%(count)d or more") % {"count": band.low}
    return f"{band.low}–{band.high}"
