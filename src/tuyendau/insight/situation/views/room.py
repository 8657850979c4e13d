"""The situation room: one page of numbers, and the same as a wall screen that turns through its views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation import actions, queries
from tuyendau.insight.situation.forms.room import Chosen, RoomForm
from tuyendau.insight.situation.queries import Change, Changes, Figure
from tuyendau.insight.situation.queries.indicators import indicators
from tuyendau.insight.situation.queries.words import BASES, CHANGES, COUNTED, FIGURES, SPLITS
from tuyendau.insight.situation.rules import last
from tuyendau.insight.situation.views.indicators import shown
from tuyendau.insight.situation.views.links import Links
from tuyendau.insight.situation.views.pictures import (
    ages_table,
    curve_table,
    growth_words,
    testing_table,
    testing_words,
)
from tuyendau.lib import clock
from tuyendau.response.care import queries as care
from tuyendau.response.care.models import Severity

INDICATOR_DAYS = 7
TURNS = (10, 20, 30, 60)
"""Seconds for which the wall shows each view."""
GOOD_WHEN_LOWER = frozenset({
    "total", "today", "week", "fortnight", "active", "not_isolated", "waiting", "died", "lost",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as the page tells it. `tone` is "worse", "better" or ""."""

    figure: Figure
    title: str | Promise
    definition: str | Promise
    basis: str | Promise
    url: str

    @property
    def tone(self) -> str:
        """What the change means; an arrow and a sign say which way it goes."""
        if self.figure.incomplete and self.figure.change < 0:
            return ""
        if not self.figure.change or self.figure.code not in GOOD_WHEN_LOWER | {"recovered"}:
            return ""
        worse = (self.figure.change > 0) == (self.figure.code in GOOD_WHEN_LOWER)
        return "worse" if worse else "better"


@require_safe
def page(request: SignedRequest) -> HttpResponse:
    """The situation of a unit, now or as it was known at a moment."""
    form, chosen = _chosen(request)
    if chosen is None:
        return render(request, "situation/page.html", {"form": form}, status=200 if form.is_valid() else 400)
    context = room(chosen) | {"form": form}
    if not chosen.past:
        place = str(chosen.scope.unit.path) if chosen.scope.unit else ""
        now = chosen.scope.at
        since = actions.note_look(place, viewer=request.viewer, by=request.user, at=now)
        context["changes"] = _changes(queries.changes(chosen.scope, since), Links(chosen))
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "situation/page.html#room" if part else "situation/page.html", context)


@require_safe
def wall(request: SignedRequest) -> HttpResponse:
    """The same on a screen on the wall, view by view. It marks nobody's look."""
    form, chosen = _chosen(request)
    if chosen is None:
        return render(request, "situation/page.html", {"form": form}, status=200 if form.is_valid() else 400)
    asked = request.GET.get("seconds", "")
    seconds = int(asked) if asked.isdecimal() and int(asked) in TURNS else 20
    context = room(chosen) | {
        "seconds": seconds,
        # Whoever sees people is signed out of an unattended screen as anywhere else.
        "stays": not request.viewer.may(Permission.CASE_VIEW),
    }
    return render(request, "situation/wall.html#room" if request.htmx else "situation/wall.html", context)


@require_safe
def indicators_part(request: SignedRequest) -> HttpResponse:
    """The indicators of the last week, as a part of the page that comes after the rest."""
    _form, chosen = _chosen(request)
    if chosen is None:
        return HttpResponse(status=400)
    scope = chosen.scope
    found = indicators(scope.viewer, scope.at, scope.unit, last(INDICATOR_DAYS, scope.day), scope.disease)
    about: dict[str, str] = {
        "unit": scope.unit.code if scope.unit and request.GET.get("unit") else "",
        "disease": scope.disease,
    }
    about |= {"days": str(INDICATOR_DAYS), "at": request.GET.get("at", "")}
    query = urlencode({name: value for name, value in about.items() if value})
    return render(request, "situation/_indicators.html", {"shown": shown(found, query), "query": query})


def _chosen(request: SignedRequest) -> tuple[RoomForm, Chosen | None]:
    request.viewer.require(Permission.SITUATION_VIEW)
    form = RoomForm(request.GET, viewer=request.viewer, now=clock.now())
    if not form.is_valid():
        return form, None
    try:
        return form, form.chosen()
    except Unit.DoesNotExist:
        form.add_error("unit", form.fields["unit"].error_messages["invalid_choice"])
        return form, None


@as_program()
def room(chosen: Chosen) -> dict[str, Any]:
    """Everything that the page shows of a scope."""
    scope, links = chosen.scope, Links(chosen)
    numbers = queries.numbers(scope, chosen.basis)
    curve = queries.curve(scope, chosen.basis, chosen.by)
    trend = queries.growth(scope, chosen.basis)
    ages = queries.ages(scope, chosen.basis, curve.window)
    apart = queries.apart(scope)
    testing = queries.laboratory(scope)
    places = queries.places(scope, chosen.basis)
    basis = BASES[chosen.basis]
    return {
        "chosen": chosen,
        "scope": scope,
        "basis": basis,
        "counted": COUNTED[scope.counted],
        "split": SPLITS[chosen.by],
        "numbers": numbers,
        "figures": [_told(figure, links, basis) for figure in numbers.figures],
        "curve": curve,
        "curve_table": curve_table(curve, links),
        "trend": trend,
        "growth": growth_words(trend),
        "ages": ages,
        "ages_table": ages_table(ages, links),
        "apart": apart,
        "apart_figures": [_told(figure, links, "") for figure in apart.figures],
        "care": _care(chosen),
        "testing": testing,
        "testing_table": testing_table(testing, links),
        "testing_shown": testing_words(testing),
        "testing_links": {
            "taken": links.samples(testing.now.window),
            "resulted": links.samples(testing.now.window, by="first"),
            "positive": links.samples(testing.now.window, by="first", result="positive"),
            "awaited": links.samples(show="awaited"),
            "late": links.samples(show="late"),
        },
        "places": places,
        "places_shown": _places(places, links),
        "with_rates": any(row.rate is not None for row in places.communes),
    }


def _told(figure: Figure, links: Links, basis: str | Promise) -> Told:
    title, definition = FIGURES[figure.code]
    return Told(figure, title, definition, basis if figure.basis else "", links.figure(figure))


def _care(chosen: Chosen) -> dict[str, Any]:
    """Who is in care, by severity, the gravest first; those not assessed last."""
    scope = chosen.scope
    # People of no known commune are left out where units are named.
    units = None if scope.orphans else scope.units
    found = care.in_care(scope.viewer, scope.at, units=units)
    order = [Severity.CRITICAL, Severity.SEVERE, Severity.MODERATE, Severity.MILD, *Severity]
    words = dict(Severity.choices)
    levels = [level for level in dict.fromkeys(order) if found.by_severity[level]]
    rows: list[tuple[str | Promise | None, int]] = [(words[each], found.by_severity[each]) for each in levels]
    if found.by_severity[""]:
        rows.append((None, found.by_severity[""]))
    return {"found": found, "rows": rows, "facilities": found.facilities}


def _places(places: queries.Places, links: Links) -> list[tuple[str, list[tuple[queries.Row, str]], int]]:
    """Each table of places: its name, its rows with their lists, and how many more there are."""
    shown = []
    for name in ("communes", "parks", "companies", "lines"):
        rows = getattr(places, name)
        link = links.unit if name == "communes" else links.site
        shown.append((name, [(row, link(row.code, places.window)) for row in rows], places.more[name]))
    return shown


def _changes(found: Changes, links: Links) -> dict[str, Any]:
    """What changed since the reader looked last, in words."""

    def row(change: Change) -> dict[str, Any]:
        return {"title": CHANGES[change.code], "count": change.count, "url": links.rows(change.ids)}

    return {
        "since": found.since,
        "nothing": found.nothing,
        "rows": [row(change) for change in found.changes],
        "communes": [(name, n, links.whole_unit(code)) for code, name, n in found.communes],
    }
