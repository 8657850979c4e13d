"""Whatever breaks, and however many commit at once: a page is told of each event once, in the order of commits."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tests.integration.live.server import Listener, Server, eventually
from tuyendau.core.accounts.models import User
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import events_after
from tuyendau.lib import clock

WRITERS = 4
EACH = 30
pytestmark = pytest.mark.django_db(transaction=True)


class Committer(threading.Thread):
    """Commits events of its cases, some together, some after a wait, and lets some be rolled back."""

    def __init__(self, seed: int, cases: list[str]) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.cases = cases

    def run(self) -> None:
        waiting = list(self.cases)
        while waiting:
            some = [waiting.pop() for _ in range(min(len(waiting), self.chance.choice([1, 1, 1, 3])))]
            if self.chance.random() < 0.2:
                with transaction.atomic():
                    self.record(some)
                    transaction.set_rollback(True)
            with transaction.atomic():
                self.record(some)
                time.sleep(self.chance.choice([0, 0, 0.01, 0.05]))
        connections.close_all()

    def record(self, cases: list[str]) -> None:
        for case in cases:
            audit.record("case.dates_corrected", by=None, at=clock.now(), subject=case)


def break_the_feed() -> None:
    """Cut every connection of the server to the database, as its new start does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'tuyendau live'"
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_missed_and_nothing_comes_twice(
    server: Server, session: Callable[[User], str], seed: int
) -> None:
    chance = random.Random(seed)
    unit = UnitFactory()
    key = session(make_user("tram", "commune_officer", unit=unit))
    cases = [CaseFactory(person=PersonFactory(unit=unit)).public_id for _ in range(WRITERS * EACH)]
    writers = [Committer(seed * 10 + n, cases[n * EACH : (n + 1) * EACH]) for n in range(WRITERS)]
    got: list[tuple[int, str]] = []
    last = 0
    for writer in writers:
        writer.start()
    while len(got) < len(cases):
        page = Listener(server, key, "cases", after=last).opened()
        wanted = chance.choice([1, 1, 3, 1000])
        # A page that is not told for a while has lost its connection, or all was told.
        began = time.monotonic()
        while len(page.changes()) < wanted and time.monotonic() - began < 2:
            time.sleep(0.01)
        if chance.random() < 0.3:
            break_the_feed()
        page.close()
        got += [(change["seq"], change["id"]) for change in page.changes()]
        last = max([last, *(seq for _event, seq, _data in page.messages if seq is not None)])
        assert time.monotonic() - began < 30
    for writer in writers:
        writer.join()
    committed = [(seq, event.subject) for seq, event in events_after(0, 10_000)]
    assert got == committed
    assert sorted(case for _seq, case in got) == sorted(cases)


def test_a_server_that_is_killed_loses_nothing(own_server: Server, session: Callable[[User], str]) -> None:
    unit = UnitFactory()
    key = session(make_user("tram", "commune_officer", unit=unit))
    cases = [CaseFactory(person=PersonFactory(unit=unit)).public_id for _ in range(40)]
    writer = Committer(7, cases)
    first = Listener(own_server, key, "cases", after=0).opened()
    writer.start()
    eventually(lambda: first.changes())
    own_server.kill()
    assert first.closed.wait(5)
    writer.join()
    own_server.start()
    again = Listener(own_server, key, "cases", after=first.last_id).opened()
    eventually(lambda: len(first.changes()) + len(again.changes()) >= len(cases))
    got = [change["id"] for listener in (first, again) for change in listener.changes()]
    assert got == [event.subject for _seq, event in events_after(0, 1000)]
    again.close()
