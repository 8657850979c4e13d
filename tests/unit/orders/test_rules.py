"""What an order may say, and until when it binds, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from tuyendau.lib.dates_vi import in_words
from tuyendau.records.orders import rules
from tuyendau.records.orders.rules import Fault, State, Terms

TODAY = date(2021, 5, 20)


def day(n: int, month: int = 5) -> date:
    return date(2021, month, n)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (Terms(day(20), day(20)), None),
        (Terms(day(20), day(19)), Fault.ENDS_BEFORE_START),
        (Terms(day(14), day(30), exposed_on=day(15)), Fault.BEFORE_EXPOSURE),
        (Terms(day(15), day(30), exposed_on=day(15)), None),
        (Terms(day(20), date(2021, 7, 18)), None),
        (Terms(day(20), date(2021, 7, 19)), Fault.TOO_LONG),
        (Terms(date(2021, 4, 20), day(25)), None),
        (Terms(date(2021, 4, 19), day(25)), Fault.LONG_AGO),
        (Terms(day(3, 6), day(20, 6)), None),
        (Terms(day(4, 6), day(20, 6)), Fault.FAR_AHEAD),
        (Terms(day(20), day(30), placed=False), Fault.NO_PLACE),
    ],
)
def test_what_an_order_may_say(terms: Terms, fault: Fault | None) -> None:
    assert rules.fault_of(terms, TODAY) is fault


@pytest.mark.parametrize(
    ("state", "on", "binds"),
    [
        (State.SIGNED, day(19), False),
        (State.SIGNED, day(20), True),
        (State.SIGNED, day(30), True),
        (State.SIGNED, day(31), False),
        (State.DRAFT, day(25), False),
        (State.SUPERSEDED, day(25), False),
    ],
)
def test_an_order_binds_from_its_first_day_to_the_end_of_its_last(
    state: State, on: date, binds: bool
) -> None:
    assert rules.in_force(state, day(20), rules.over_from(day(30)), on) is binds


@pytest.mark.parametrize(
    ("lifted", "over"), [(day(18), day(20)), (day(20), day(20)), (day(25), day(25)), (day(31), day(31))]
)
def test_a_lifted_order_does_not_bind_on_the_day_of_lifting(lifted: date, over: date) -> None:
    assert rules.lifted_from(day(20), day(30), lifted) == over


def test_what_may_follow_what() -> None:
    allowed = {(a.value, b.value) for a in State for b in State if rules.may_become(a, b)}
    assert allowed == {
        ("draft", "signed"), ("draft", "dropped"), ("signed", "lifted"), ("signed", "superseded")
    }  # fmt: skip


@pytest.mark.parametrize(("number", "text"), [(7, "07/QĐ-UBND"), (123, "123/QĐ-UBND")])
def test_a_number_as_it_is_written(number: int, text: str) -> None:
    assert rules.number_text(number, "QĐ-UBND") == text


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2021, 5, 5), "ngày 05 tháng 5 năm 2021"),
        (date(2021, 1, 12), "ngày 12 tháng 01 năm 2021"),
        (date(2021, 12, 30), "ngày 30 tháng 12 năm 2021"),
    ],
)
def test_a_date_as_official_papers_write_it(on: date, text: str) -> None:
    assert in_words(on) == text


def test_both_days_of_an_order_count() -> None:
    assert rules.days(day(20), day(20)) == 1
    assert rules.days(day(10), day(30)) == 21


def day(n: int) -> date:
    return date(2021, 5, n)


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        ([], None),
        ([(10, 24)], 10),
        ([(1, 15)], None),
        ([(1, 20)], None),
        ([(1, 21)], 1),
        ([(22, 31)], 22),
        # Extended, or replaced: one time apart.
        ([(10, 15), (15, 29)], 10),
        ([(10, 24), (12, 26)], 10),
        # Let go and bound again.
        ([(1, 10), (15, 29)], 15),
        ([(1, 21), (25, 29)], 1),
        # Lifted before it began.
        ([(12, 12)], None),
    ],
)
def test_from_when_orders_keep_somebody_apart(periods: list[tuple[int, int]], since: int | None) -> None:
    found = rules.apart_since([(day(a), day(b)) for a, b in periods], day(20))
    assert found == (day(since) if since else None)
