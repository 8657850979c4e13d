"""The page of the map: its layers to choose from; the browser draws those that are on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.map import queries, rules
from tuyendau.insight.map.forms import MapForm, options_of, shown_layers
from tuyendau.insight.map.layers import Layer, layers_for
from tuyendau.insight.map.views.words import select_words, words
from tuyendau.lib import clock


@require_safe
def map_page(request: SignedRequest) -> HttpResponse:
    """The map with the layers that the viewer may see, those of the address turned on."""
    request.viewer.require(Permission.MAP_VIEW)
    layers = layers_for(request.viewer)
    form = MapForm(request.GET, now=clock.now())
    shown = shown_layers(request.GET, layers)
    entries = [_entry(request, layer, layer.code in shown) for layer in layers]
    context = {
        "form": form,
        "groups": _grouped(entries),
        "unknown": sorted(shown - {layer.code for layer in layers}),
        "words": json.dumps(words(), ensure_ascii=False),
        "ground": _ground(),
        "without_ground": request.GET.get("ground") == "off",
        "select_words": json.dumps(select_words(), ensure_ascii=False),
        "hidden_colour": rules.HIDDEN_COLOUR,
        "today": clock.local_day(clock.now()),
        "without_units": queries.first_day_of_units(viewer=request.viewer) is None,
    }
    return render(request, "map/page.html", context)


def _ground() -> str:
    """The ground under the map that the province has named, for the browser; empty where there is none."""
    basemap = settings.BASEMAP
    if not basemap.style and not basemap.tiles:
        return ""
    return json.dumps({"style": basemap.style, "tiles": basemap.tiles, "credit": basemap.credit})


def _grouped(entries: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The lines by the heading under which they stand, in the order of the first of each."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry["group"], []).append(entry)
    return groups


def _entry(request: SignedRequest, layer: Layer, shown: bool) -> dict[str, Any]:
    """A line of the panel of layers."""
    chosen = options_of(layer, request.GET).options
    defaults = {option.name: option.default for option in layer.options[1:]}
    return {
        "layer": layer,
        "group": str(layer.group),
        "shown": shown,
        "topics": " ".join(layer.topics),
        "chosen": any(chosen.get(name, default) != default for name, default in defaults.items()),
        "options": [
            {"option": option, "value": chosen.get(option.name, option.default)} for option in layer.options
        ],
        "said": _("of people, looking at it goes on record") if layer.sensitive else "",
    }
