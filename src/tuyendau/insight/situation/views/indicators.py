"""The indicators of contact tracing on a page, and the list behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.insight.situation.forms.indicators import Asked, IndicatorForm
from tuyendau.insight.situation.queries import indicators as queries
from tuyendau.insight.situation.queries.indicators import Indicator, Missed, Row
from tuyendau.insight.situation.rules.indicators import Definition, Goal, Measure, Shape, Tally
from tuyendau.lib import clock

PAGE = 50
WIDE, HIGH, GAP = 140, 36, 2
"""The drawing of a trend, in its own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a trend as it is drawn; `height` 0 and `nothing` where nothing can be said of it."""

    x: float
    y: float
    width: float
    height: float
    nothing: bool
    title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator as a page shows it. `target_y` is where its target lies in the drawing, None where it has none."""

    indicator: Indicator
    value: str
    of: str
    unit: str
    basis: str
    target: str
    before: str
    arrow: str
    bars: tuple[Bar, ...]
    target_y: float | None
    url: str
    settings: tuple[tuple[str, str, str], ...] = ()

    @property
    def trend(self) -> str:
        """The trend for those who cannot see it."""
        return "; ".join(bar.title for bar in self.bars)


@require_GET
def page(request: SignedRequest) -> HttpResponse:
    """Every indicator for a place and a window, as known at any moment."""
    request.viewer.require(Permission.SITUATION_VIEW)
    form = IndicatorForm(request.GET, viewer=request.viewer, now=clock.now())
    if not form.is_valid():
        return render(request, "situation/indicators.html", {"form": form})
    asked = form.asked()
    found = queries.indicators(request.viewer, asked.at, asked.unit, asked.window, asked.disease)
    context = {"form": form, "asked": asked, "shown": shown(found, request.GET.urlencode())}
    return render(request, "situation/indicators.html", context)


@require_GET
def missed(request: SignedRequest, code: str) -> HttpResponse:
    """Who is missed by one indicator, and what to do next about each; that it was read is on record."""
    request.viewer.require(Permission.SITUATION_VIEW)
    if code not in queries.DEFINITIONS:
        raise Http404
    form = IndicatorForm(request.GET, viewer=request.viewer, now=clock.now())
    definition, words = queries.DEFINITIONS[code], queries.words_of(code)
    context: dict[str, Any] = {"form": form, "code": code, "definition": definition, "words": words}
    if form.is_valid():
        asked = form.asked()
        found = queries.missed(request.viewer, asked.at, asked.unit, asked.window, code, asked.disease)
        listed = _Pages(found, PAGE).get_page(request.GET.get("page"))
        context |= {"asked": asked, "missed": found, "page": listed, "back": request.GET.urlencode()}
        if found.seen:
            _on_record(request, code, asked)
    template = "situation/missed.html"
    return render(request, f"{template}#rows" if request.htmx else template, context)


def shown(found: Sequence[Indicator], query: str = "") -> list[Shown]:
    """Indicators as pages show them; `query` is the address's, for the lists behind them."""
    return [_shown(one, query) for one in found]


class _Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list behind an indicator: only the rows of one are read, as the viewer."""

    def __init__(self, missed: Missed, per_page: int) -> None:
        super().__init__(missed.seen, per_page)
        self._missed = missed

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        rows: list[Row] = self._missed.page((number - 1) * self.per_page, self.per_page)
        return Page(rows, number, self)


def _on_record(request: SignedRequest, code: str, asked: Asked) -> None:
    permission = Permission.CONTACT_VIEW if queries.DEFINITIONS[code].of_people else Permission.CASE_VIEW
    data = {"indicator": code, "unit": asked.unit.code if asked.unit else ""}
    audit.record_read(
        "indicator.read",
        viewer=request.viewer,
        permission=permission,
        subject="indicators",
        at=clock.now(),
        data=data | {"from": asked.window.first.isoformat(), "to": asked.window.last.isoformat()},
    )


def _shown(one: Indicator, query: str) -> Shown:
    definition, counted = one.definition, one.counted
    top = _top(one)
    return Shown(
        one,
        _value(definition, counted),
        _of(definition, counted),
        str(queries.MEASURES[definition.unit]),
        str(queries.DATED[definition.dated]),
        _target(definition),
        _value(definition, one.before) if one.before.value is not None else "",
        _arrow(one),
        tuple(_bars(one, top)),
        _place(definition.target, top) if definition.target is not None else None,
        f"{reverse('situation:missed', args=[one.code])}{'?' if query else ''}{query}",
        tuple((word, _value(definition, each), _of(definition, each)) for word, each in one.settings),
    )


def _value(definition: Definition, counted: Tally) -> str:
    if counted.value is None:
        return "–"
    if definition.unit == Measure.PERCENT:
        return f"{number_format(round(counted.value), 0)}%"
    if definition.shape is Shape.MEDIAN and counted.low is not None and counted.high is not None:
        return f"{_short(counted.value)} ({_short(counted.low)}–{_short(counted.high)})"
    return _short(counted.value)


def _whole(number: float) -> str:
    return str(number_format(number, 0, force_grouping=True))


def _short(value: float) -> str:
    return str(number_format(round(value, 1), 0 if value == int(value) else 1))


def _of(definition: Definition, counted: Tally) -> str:
    counts = {"n": _whole(counted.numerator or 0), "all": _whole(counted.denominator)}
    if definition.shape is Shape.MEDIAN:
        return _("%(all)s cases") % counts
    if definition.shape is Shape.RATIO:
        return _("%(n)s interviews, %(all)s contacts in quarantine") % counts
    return _("%(n)s of %(all)s") % counts


def _target(definition: Definition) -> str:
    if definition.target is None:
        return ""
    sign = "≥" if definition.goal is Goal.HIGH else "≤"
    return f"{sign} {number_format(definition.target, 0)}%"


def _arrow(one: Indicator) -> str:
    now, then = one.value, one.before.value
    # What reads the same on the page has not moved.
    if (
        now is None
        or then is None
        or _value(one.definition, one.counted) == _value(one.definition, one.before)
    ):
        return ""
    return "trending-up" if now > then else "trending-down"


def _top(one: Indicator) -> float:
    """The value at the top of the drawing: of a share 100, else the greatest."""
    if one.definition.unit == Measure.PERCENT:
        return 100.0
    return max((point.counted.value or 0.0 for point in one.trend), default=0.0) or 1.0


def _place(value: float, top: float) -> float:
    return round(HIGH - value / top * HIGH, 1)


def _bars(one: Indicator, top: float) -> list[Bar]:
    width = WIDE / len(one.trend)
    found = []
    for place, point in enumerate(one.trend):
        value = point.counted.value
        height = 0.0 if value is None else max(1.0, value / top * HIGH)
        day = date_format(point.day, "d/m")
        told = _value(one.definition, point.counted) if value is not None else _("nothing counted")
        counts = f" ({_of(one.definition, point.counted)})" if value is not None else ""
        found.append(
            Bar(
                round(place * width, 1),
                round(HIGH - height, 1),
                round(max(width - GAP, 1.0), 1),
                round(height, 1),
                value is None,
                f"{day}: {told}{counts}",
            )
        )
    return found
