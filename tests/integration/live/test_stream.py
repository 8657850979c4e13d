"""The stream of the running server: who is told of what, for how long, and what a break does."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest
from django.db import connection

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tests.integration.live.server import Listener, Server, cut, eventually
from tuyendau.core.accounts import actions as accounts
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import SiteKind, Unit, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases import actions, rules
from tuyendau.records.cases.models import Case
from tuyendau.records.visits.actions import scan_in

Listen = Callable[..., Listener]
pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """A province of two communes, with somebody in each who looks, and a suspected case in the first."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE)
        self.here, self.there = (UnitFactory(parent=self.province) for _ in range(2))
        self.epidemiologist = make_user("dich", "epidemiologist", unit=self.province)
        self.nurse = make_user("tram", "commune_officer", unit=self.here)
        self.other = make_user("khac", "commune_officer", unit=self.there)
        self.case = self.new_case()

    def new_case(self, unit: Unit | None = None) -> Case:
        return CaseFactory(person=PersonFactory(unit=unit or self.here), status="suspected")

    def change(self, case: Case | None = None) -> None:
        """The epidemiologist decides something of the case."""
        case = Case.objects.get(pk=(case or self.case).pk)
        status = rules.Status.PROBABLE if case.status == "suspected" else rules.Status.SUSPECTED
        viewer = viewer_of(self.epidemiologist, on=clock.local_day(clock.now()))
        actions.classify(
            case.public_id, status, viewer=viewer, by=self.epidemiologist, at=clock.now(), ground="xét nghiệm"
        )


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def test_whoever_may_see_it_is_told_within_a_second_and_nobody_else(
    server: Server, listen: Listen, world: World
) -> None:
    nurse, other = (
        listen(server, user, "cases", f"case:{world.case.public_id}") for user in (world.nurse, world.other)
    )
    began = time.monotonic()
    world.change()
    change = nurse.told("case.probable")
    assert time.monotonic() - began < 1
    assert change["id"] == world.case.public_id
    assert {change["topic"] for change in nurse.changes()} == {"cases", f"case:{world.case.public_id}"}
    elsewhere = world.new_case(world.there)
    world.change(elsewhere)
    assert other.told("case.probable")["id"] == elsewhere.public_id
    assert {change["id"] for change in other.changes()} == {elsewhere.public_id}


def test_what_is_sent_names_no_person(server: Server, listen: Listen, world: World) -> None:
    stream = listen(server, world.epidemiologist, "cases", "map", f"person:{world.case.person.public_id}")
    world.change()
    stream.told("case.probable")
    assert {change["topic"] for change in stream.changes()} == {
        "cases", "map", f"person:{world.case.person.public_id}"
    }  # fmt: skip
    assert all(set(change) == {"seq", "topic", "kind", "id"} for change in stream.changes())
    text = str(stream.messages)
    assert world.case.person.full_name not in text
    assert "xét nghiệm" not in text


def test_an_employer_is_told_of_presence_on_its_own_ground_only(
    server: Server, listen: Listen, world: World
) -> None:
    company, market = (
        SiteFactory(kind=kind, unit=world.here) for kind in (SiteKind.COMPANY, SiteKind.MARKET)
    )
    officer = make_user("cty", "company_officer", site=company)
    person = PersonFactory(unit=world.there)
    stream = listen(
        server, officer, f"person:{person.public_id}", f"site:{company.public_id}", f"site:{market.public_id}"
    )
    at = clock.now()
    viewer = viewer_of(world.epidemiologist, on=clock.local_day(at))
    for site in (market, company):
        scan_in(person.code, site.code, at, viewer=viewer, by=world.epidemiologist, at=at)
    change = stream.told("visit.in")
    assert {c["topic"] for c in stream.changes()} == {
        f"person:{person.public_id}",
        f"site:{company.public_id}",
    }
    assert {c["seq"] for c in stream.changes()} == {change["seq"]}


def test_a_page_that_lost_its_stream_misses_nothing_and_gets_nothing_twice(
    server: Server, listen: Listen, world: World
) -> None:
    first = listen(server, world.nurse, "cases")
    world.change()
    first.told("case.probable")
    last = first.last_id
    first.close()
    cases = [world.new_case() for _ in range(3)]
    for case in cases:
        world.change(case)
    again = listen(server, world.nurse, "cases", after=last)
    eventually(lambda: len(again.changes()) == 3)
    assert [change["id"] for change in again.changes()] == [case.public_id for case in cases]


def test_events_of_before_the_server_started_can_be_resumed(
    world: World, session, listen: Listen, own_server: Server
) -> None:
    key = session(world.nurse)
    world.change()
    own_server.kill()
    world.change(world.new_case())
    own_server.start()
    stream = listen(own_server, key, "cases", after=0)
    eventually(lambda: len(stream.changes()) == 2)


def test_whoever_was_away_too_long_is_told_to_fetch_all(server: Server, listen: Listen, world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, kind, subject, data) "
            "SELECT now(), 'file.imported', 'import:' || n, '{}' FROM generate_series(1, 2100) n"
        )
    there = listen(server, world.nurse, "cases")
    world.change()
    there.told("case.probable")
    stream = listen(server, world.nurse, "cases", after=1)
    _event, seq, _data = stream.of("reload")
    assert seq == 2101
    assert stream.changes() == []


def test_a_restored_database_is_noticed(server: Server, listen: Listen, world: World) -> None:
    world.change()
    stream = listen(server, world.nurse, "cases", after=1_000_000)
    assert stream.of("reload")[1] == 1
    world.change(world.new_case())
    assert stream.told("case.probable")["seq"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?topic=",
        "?topic=a%20b",
        "?topic=cases&after=x",
        "?" + "&".join(f"topic=t{n:0>4}" for n in range(200)),
    ],
)
def test_what_cannot_be_understood_is_refused(server: Server, world: World, session, query: str) -> None:
    answer = httpx.get(f"{server.url}/live/{query}", cookies={"sessionid": session(world.nurse)})
    assert answer.status_code == 400


def test_nobody_gets_no_stream(server: Server, world: World, session) -> None:
    key = session(world.nurse)
    for cookies in ({}, {"sessionid": "x" * 32}, {"sessionid": "'; --"}):
        assert httpx.get(f"{server.url}/live/?topic=cases", cookies=cookies).status_code == 401
    User.objects.filter(pk=world.nurse.pk).update(is_active=False)
    assert httpx.get(f"{server.url}/live/?topic=cases", cookies={"sessionid": key}).status_code == 401
    assert httpx.post(f"{server.url}/live/?topic=cases", cookies={"sessionid": key}).status_code == 405


def test_a_session_has_only_so_many_streams(server: Server, world: World, session, listen: Listen) -> None:
    key = session(world.nurse)
    streams = [listen(server, key, "cases") for _ in range(20)]
    assert httpx.get(f"{server.url}/live/?topic=cases", cookies={"sessionid": key}).status_code == 429
    streams[0].close()
    again = eventually(lambda: _opened(server, key), 10)
    again.close()


def _opened(server: Server, key: str) -> Listener | None:
    listener = Listener(server, key, "cases")
    eventually(lambda: listener.status)
    return listener if listener.status == 200 else None


def test_a_role_that_ends_ends_the_stream_before_anything_more_is_told(
    server: Server, listen: Listen, world: World
) -> None:
    stream = listen(server, world.nurse, "cases")
    accounts.end_roles("tram", by=None, at=clock.now())
    world.change()
    assert stream.of("ended", 5)[2] == {"why": "role"}
    assert stream.closed.wait(5)
    assert stream.changes() == []


def test_a_role_in_place_of_another_ends_it_and_one_more_does_not(
    server: Server, listen: Listen, world: World
) -> None:
    stream, other = listen(server, world.nurse, "cases"), listen(server, world.other, "cases")
    accounts.give_role(
        "khac", role="commune_officer", unit=world.here.code, keep=True, by=None, at=clock.now()
    )
    accounts.give_role("tram", role="commune_officer", unit=world.there.code, by=None, at=clock.now())
    assert stream.of("ended", 5)[2] == {"why": "role"}
    world.change()
    assert other.told("case.probable")["id"] == world.case.public_id


@pytest.mark.parametrize("act", ["disable", "password", "sign out"])
def test_a_session_that_ends_ends_the_stream(
    server: Server, listen: Listen, world: World, session, act: str
) -> None:
    key = session(world.nurse)
    stream = listen(server, key, "cases")
    if act == "disable":
        accounts.disable_user("tram", by=None, at=clock.now())
    elif act == "password":
        accounts.set_password("tram", password="một mật khẩu khác hẳn", by=None, at=clock.now())
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_session SET expire_date = now()")
    assert stream.of("ended", 40)[2] == {"why": "session"}
    assert stream.closed.wait(5)


def test_a_membership_that_runs_out_unannounced_is_noticed(
    server: Server, listen: Listen, world: World
) -> None:
    stream = listen(server, world.nurse, "cases")
    Membership.objects.filter(user=world.nurse).update(valid_to=clock.local_day(clock.now()))
    assert stream.of("ended", 40)[2] == {"why": "role"}


def test_a_cut_connection_to_the_database_costs_nothing(server: Server, listen: Listen, world: World) -> None:
    stream = listen(server, world.nurse, "cases")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
    cases = [world.new_case() for _ in range(5)]
    for case in cases:
        world.change(case)
    cut()
    eventually(lambda: len(stream.changes()) >= 5)
    assert [change["id"] for change in stream.changes()] == [case.public_id for case in cases]


def test_the_server_stops_within_seconds_though_streams_are_open(
    own_server: Server, listen: Listen, world: World
) -> None:
    streams = [listen(own_server, world.nurse, "cases") for _ in range(5)]
    assert own_server.stop() < 15
    assert all(stream.closed.wait(5) for stream in streams)
    assert "refused to gracefully stop" not in own_server.log.read_text()
