"""Reads of the situation room: numbers of a unit as they were known at any moment.

scope = scope_of(viewer, at, "222", "covid19")   # a unit by its code; "" the viewer's own area
numbers(scope, Basis.ONSET)["week"].value
curve(scope, Basis.ONSET, By.FOUND)
growth(scope).growth
"""

from tuyendau.insight.situation.queries.ages import Ages, Band, ages
from tuyendau.insight.situation.queries.apart import Apart, Facility, apart
from tuyendau.insight.situation.queries.changes import Change, Changes, changes
from tuyendau.insight.situation.queries.curve import Curve, Series, curve
from tuyendau.insight.situation.queries.growth import Trend, growth
from tuyendau.insight.situation.queries.laboratory import Day, Period, Testing, laboratory
from tuyendau.insight.situation.queries.numbers import Figure, Numbers, numbers, population
from tuyendau.insight.situation.queries.places import Places, Row, places
from tuyendau.insight.situation.queries.scope import Known, Scope, own_unit, scope_of, units_to_choose

__all__ = [
    "Ages",
    "Apart",
    "Band",
    "Change",
    "Changes",
    "Curve",
    "Day",
    "Facility",
    "Figure",
    "Known",
    "Numbers",
    "Period",
    "Places",
    "Row",
    "Scope",
    "Series",
    "Testing",
    "Trend",
    "ages",
    "apart",
    "changes",
    "curve",
    "growth",
    "laboratory",
    "numbers",
    "own_unit",
    "places",
    "population",
    "scope_of",
    "units_to_choose",
]
