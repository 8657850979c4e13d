"""What the start page puts first."""

from __future__ import annotations

from datetime import UTC, datetime

from tuyendau.insight.home.rules import Due, Urgency, in_order

EARLY, LATE = datetime(2021, 5, 1, tzinfo=UTC), datetime(2021, 5, 2, tzinfo=UTC)


def due(key: str, count: int = 1, urgency: Urgency = Urgency.TODAY, **more: object) -> Due:
    return Due(key, key, count, "/", urgency, "home", **more)  # type: ignore[arg-type]


def test_the_sooner_comes_first_then_what_waits_longest() -> None:
    found = [
        due("soon", urgency=Urgency.SOON),
        due("late", oldest=LATE),
        due("early", oldest=EARLY),
        due("undated"),
        due("now", urgency=Urgency.NOW),
    ]
    assert [d.key for d in in_order(found)] == ["now", "early", "late", "undated", "soon"]


def test_what_has_nothing_waiting_is_left_out_unless_some_was_done() -> None:
    found = [due("none", 0), due("finished", 0, Urgency.NOW, done=4), due("waits")]
    assert [d.key for d in in_order(found)] == ["waits", "finished"]


def test_the_share_done_is_of_all_of_the_day() -> None:
    assert due("a", 3, done=1).share_done == 25
    assert due("a", 0, done=0).share_done == 100
    assert due("a", 3).share_done is None
