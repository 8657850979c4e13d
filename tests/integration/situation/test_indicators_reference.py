"""The indicators equal what going through every version one by one gives, at any moment, for any place and window."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from tests.factories import make_user
from tests.integration.situation.chance import DAYS, FIRST, Chance, places
from tests.reference.indicators import Slow, Told
from tuyendau.access import Viewer
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation.queries.indicators import Indicator, indicators
from tuyendau.insight.situation.queries.indicators.words import SETTINGS
from tuyendau.insight.situation.rules import Window, before, days_of, last
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
SEEDS = range(12)


def told(found: Indicator) -> Told:
    one = found.counted
    return Told(one.numerator, one.denominator, one.value, one.waiting, one.unknown)


def slowly(slow: Slow) -> dict[str, Told]:
    return {
        "reported": slow.reported(),
        "interviewed": slow.interviewed_in_time(),
        "quarantined": slow.quarantined(),
        "followed": slow.followed(),
        "no_contacts": slow.no_contacts(),
        "known": slow.known(),
        "apart": slow.apart(),
        "unlinked": slow.unlinked(),
        "interviews_needed": slow.interviews_needed(),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fast_one_equals_the_slow_one(seed: int) -> None:
    of = places()
    Chance(seed, of).write()
    leader = viewer_of(make_user("lanhdao", "leader", unit=of.province), on=FIRST)
    district = viewer_of(make_user("huyen", "leader", unit=of.districts[0]), on=FIRST)
    every = {unit.pk for unit in (of.province, *of.districts, *of.communes)}
    first = {unit.pk for unit in (of.districts[0], *of.communes[:2])}
    draw = Random(seed)
    asked: list[tuple[Viewer, Unit | None, set[int], bool]] = [
        (leader, None, every, True),
        (leader, of.communes[0], {of.communes[0].pk}, False),
        (district, None, first, False),
        (district, of.communes[2], set(), False),
    ]
    for viewer, unit, units, nowhere in asked:
        at = clock.midnight(FIRST + timedelta(days=draw.randint(3, DAYS + 2), hours=draw.choice((0, 8, 20))))
        window = last(draw.choice((1, 4, 8)), FIRST + timedelta(days=draw.randint(3, DAYS)))
        found = {one.code: one for one in indicators(viewer, at, unit, window)}
        now = Slow(at, units, nowhere, window.first, window.last)
        then = Slow(at, units, nowhere, before(window).first, before(window).last)
        assert {code: told(found[code]) for code in slowly(now)} == slowly(now)
        assert {code: found[code].before.value for code in slowly(then)} == {
            code: one.value for code, one in slowly(then).items()
        }
        for code in ("contacts", "onset_to_result", "result_to_interview"):
            one, quartiles = found[code].counted, getattr(now, code)()
            assert (one.low, one.value, one.high) == (quartiles or (None, None, None)), code
        settings = {word: (of.low, of.value, of.high) for word, of in found["contacts"].settings}
        slow = {str(SETTINGS[group]): quartiles for group in SETTINGS if (quartiles := now.met_on(group))}
        assert settings == slow


@pytest.mark.parametrize("seed", range(3))
def test_each_day_of_the_trend_is_the_indicator_of_that_day(seed: int) -> None:
    of = places()
    Chance(seed + 500, of).write()
    viewer = viewer_of(make_user("lanhdao", "leader", unit=of.province), on=FIRST)
    at = clock.midnight(FIRST + timedelta(days=DAYS - 1)) + timedelta(hours=9)
    window = Window(FIRST + timedelta(days=2), FIRST + timedelta(days=8))
    whole = {one.code: one for one in indicators(viewer, at, None, window)}
    for place, day in enumerate(days_of(window)):
        for one in indicators(viewer, at, None, Window(day, day)):
            point = whole[one.code].trend[place]
            assert point.day == day
            # Whoever is listed on two days of a window counts on the first of them alone.
            if not one.definition.of_people and one.code != "interviews_needed":
                assert point.counted == one.counted, one.code
            if one.code == "followed":
                assert point.counted == one.counted
