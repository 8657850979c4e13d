"""What a page is told of, on small examples."""

from __future__ import annotations

import json

import pytest

from tuyendau.access import Permission
from tuyendau.core.live import rules
from tuyendau.core.live.rules import Change, Gap, Log, Notice, Reach, Whereabouts

SEEN = Permission.CASE_VIEW


def change(seq: int, topic: str = "cases", thing: str | None = None) -> Change:
    return Change(seq, "case.confirmed", (Notice(topic, thing or f"case_{seq}", SEEN, None),))


def numbers(log: Log, after: int) -> list[int]:
    return [found.seq for found in log.after(after)]


def test_the_log_gives_what_follows_a_number() -> None:
    log = Log(10)
    log.extend([change(11), Change(12, "person.read", ()), change(13)], 14)
    assert numbers(log, 10) == [11, 13]
    assert numbers(log, 11) == numbers(log, 12) == [13]
    assert numbers(log, 13) == numbers(log, 14) == []


@pytest.mark.parametrize("after", [9, 15])
def test_what_the_log_does_not_reach_is_a_gap(after: int) -> None:
    log = Log(10)
    log.extend([change(11)], 14)
    with pytest.raises(Gap):
        log.after(after)


def test_the_log_forgets_by_numbers_and_by_notices() -> None:
    log = Log(0, most_numbers=10)
    log.extend([change(n) for n in range(1, 31)], 30)
    assert numbers(log, 20) == list(range(21, 31))
    with pytest.raises(Gap):
        log.after(19)
    log = Log(0, most_notices=3)
    log.extend([change(n) for n in range(1, 6)], 9)
    assert numbers(log, 2) == [3, 4, 5]
    with pytest.raises(Gap):
        log.after(1)


@pytest.mark.parametrize(
    ("reach", "where", "held"),
    [
        (Reach(), Whereabouts(frozenset([1, None]), frozenset(["/1/"])), False),
        (Reach(frozenset([1, 2])), Whereabouts(frozenset([2, 9])), True),
        (Reach(frozenset([1, 2])), Whereabouts(frozenset([None, 9])), False),
        (Reach(frozenset([1]), province=True), Whereabouts(frozenset([None])), True),
        (Reach(sites=("/4/",)), Whereabouts(sites=frozenset(["/4/5/"])), True),
        (Reach(sites=("/4/",)), Whereabouts(sites=frozenset(["/41/"])), False),
        (Reach(sites=("/4/5/",)), Whereabouts(sites=frozenset(["/4/"])), False),
        (Reach(frozenset([1]), ("/4/",), True), Whereabouts(), False),
    ],
)  # fmt: skip
def test_reach(reach: Reach, where: Whereabouts, held: bool) -> None:
    assert reach.holds(where) is held


def test_a_thing_that_changed_twice_is_told_of_once_by_its_last_change() -> None:
    changes = [change(1, thing="a"), change(2, thing="b"), change(3, thing="a"), change(4, "map", "a")]
    told = rules.told(changes, frozenset(["cases"]), lambda notice: True)
    assert [(found["seq"], found["id"]) for found in told] == [(2, "b"), (3, "a")]
    assert rules.told(changes, frozenset(["cases"]), lambda notice: notice.id == "b")[0]["seq"] == 2


def test_of_very_many_only_their_topic_is_told() -> None:
    changes = [change(n) for n in range(1, 300)] + [change(300, "map")]
    told = rules.told(changes, frozenset(["cases", "map"]), lambda notice: True)
    assert [(found["seq"], found["topic"], found["id"]) for found in told] == [
        (299, "cases", rules.MUCH), (300, "map", "case_300")
    ]  # fmt: skip


def test_a_message_is_one_block_of_lines() -> None:
    text = rules.message("change", seq=7, data=[{"id": "a\nb"}], retry=1000).decode()
    assert text.endswith("\n\n")
    lines = text.strip().split("\n")
    assert lines[:3] == ["event: change", "id: 7", "retry: 1000"]
    assert json.loads(lines[3].removeprefix("data: ")) == [{"id": "a\nb"}]


def test_what_is_asked() -> None:
    assert rules.asked(["cases", "case:case_7k3", "cases"], "12") == rules.Asked(
        frozenset(["cases", "case:case_7k3"]), 12
    )
    assert rules.asked(["map"]).after is None


@pytest.mark.parametrize(
    ("topics", "after"),
    [([], ""), (["Cases"], ""), (["a:b:c"], ""), (["x\n"], ""), (["cases"], "-1"), (["cases"], "9" * 19)],
)
def test_what_is_asked_unclearly(topics: list[str], after: str) -> None:
    with pytest.raises(rules.Unclear):
        rules.asked(topics, after)
