"""The map page, and the communes on it as GeoJSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from tuyendau.access import Permission
from tuyendau.insight.map import queries, rules
from tuyendau.insight.map.forms import MapForm
from tuyendau.insight.map.queries import Choice, Commune, Outline
from tuyendau.lib import clock

LEVEL_WORDS = (
    gettext_lazy("none"),
    gettext_lazy("single cases"),
    gettext_lazy("few"),
    gettext_lazy("many"),
    gettext_lazy("very many"),
    gettext_lazy("extreme"),
)


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Communes shaded by recent cases, with a legend and the same as a table."""
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.MAP_VIEW)
    form = MapForm(request.GET, today=clock.local_day(clock.now()))
    if not form.is_valid():
        return render(request, "map/page.html", {"form": form})
    choice = form.choice()
    found = queries.situation(viewer=viewer, choice=choice)
    outlines = queries.outlines(viewer=viewer, day=choice.as_of)
    context: dict[str, Any] = {
        "form": form,
        "choice": choice,
        "situation": found,
        "query": _query(choice),
        "with_cases": [_row(c, choice) for c in found.seen if c.count],
        "without_cases": [_row(c, choice) for c in found.seen if not c.count],
        "hidden": len(found.communes) - len(found.seen),
        "with_rates": any(c.rate is not None for c in found.seen),
        "approximate": any(outline.approximate for outline in outlines.values()),
        "undrawn": sum(c.pk not in outlines for c in found.communes),
        "no_unit_url": _list_url(choice, no_unit="1"),
        "legend": _legend(),
        "colours": json.dumps(rules.COLOURS),
        "hidden_colour": rules.HIDDEN_COLOUR,
    }
    if not found.total:
        context["latest"] = _latest(viewer, choice)
    if not found.communes:
        context["units_from"] = queries.first_day_of_units(viewer=viewer)
    return render(request, "map/page.html", context)


@require_safe
@gzip_page
@conditional_page
@cache_control(private=True, no_cache=True)
def communes(request: HttpRequest) -> HttpResponse:
    """The communes as GeoJSON features with `code`, `name`, `count`, `rate`, `level`, `label`, `url`, `approximate`.

    `count`, `rate`, `level` and `url` are null where the viewer may not see the numbers.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.MAP_VIEW)
    form = MapForm(request.GET, today=clock.local_day(clock.now()))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    choice = form.choice()
    outlines = queries.outlines(viewer=viewer, day=choice.as_of)
    found = queries.situation(viewer=viewer, choice=choice)
    features = ",".join(_feature(c, outlines[c.pk], choice) for c in found.communes if c.pk in outlines)
    body = '{"type":"FeatureCollection","features":[' + features + "]}"
    return HttpResponse(body, content_type="application/geo+json")


def _feature(commune: Commune, outline: Outline, choice: Choice) -> str:
    """One feature; the outline is text already, which saves parsing it."""
    properties = {
        "code": commune.code,
        "name": commune.name,
        "count": commune.count,
        "rate": commune.rate,
        "level": commune.level,
        "label": _label(commune),
        "url": None if commune.count is None else _list_url(choice, unit=commune.code),
        "approximate": outline.approximate,
    }
    text = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","id":{commune.pk},"properties":{text},"geometry":{outline.geometry}}}'


def _label(commune: Commune) -> str:
    """The commune in words, for who points at it."""
    name = f"{commune.name}, {commune.above}" if commune.above else commune.name
    if commune.count is None:
        return name
    cases = ngettext("%(count)s case", "%(count)s cases", commune.count)
    cases %= {"count": number_format(commune.count, 0, force_grouping=True)}
    if commune.rate is None:
        return f"{name}: {cases}"
    rate = _("%(rate)s per 100,000") % {"rate": number_format(commune.rate, 1, force_grouping=True)}
    return f"{name}: {cases}, {rate}"


def _row(commune: Commune, choice: Choice) -> dict[str, Any]:
    level = commune.level or 0
    return {
        "commune": commune,
        "url": _list_url(choice, unit=commune.code),
        "colour": rules.COLOURS[level],
        "word": LEVEL_WORDS[level],
    }


def _legend() -> list[dict[str, Any]]:
    """The classes, from none to most: colour, word, numbers."""
    classes = []
    for level, colour in enumerate(rules.COLOURS):
        low, high = rules.span_of(level)
        span = str(low) if low == high else f"{low}–{high}" if high is not None else f"≥ {low}"
        classes.append({"colour": colour, "word": LEVEL_WORDS[level], "span": span})
    return classes


def _query(choice: Choice) -> str:
    return urlencode(
        {
            "as_of": choice.as_of.isoformat(),
            "days": choice.days,
            "basis": choice.basis,
            "status": choice.status,
        }
    )


def _list_url(choice: Choice, **where: str) -> str:
    """The line list of the cases of the window in a unit (`unit`), or in none (`no_unit`)."""
    span = choice.window
    asked = where | {"unit_on": choice.as_of.isoformat(), "from": span.first.isoformat()}
    asked |= {"to": span.last.isoformat(), "basis": choice.basis, "status": choice.status}
    return f"{reverse('cases:list')}?{urlencode(asked)}"


def _latest(viewer: Any, choice: Choice) -> dict[str, Any] | None:
    """The last day that has cases, with the address of its map; None if there is none."""
    day = queries.latest_day(viewer=viewer, choice=choice)
    if day is None:
        return None
    then = Choice(day, choice.days, choice.basis, choice.status)
    return {"day": day, "url": f"{reverse('map:page')}?{_query(then)}"}
