"""The demonstration as a newcomer meets it: loaded, its waiting case confirmed, its clock let run."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.db.models import Count

from tuyendau.access import ROLES, Viewer
from tuyendau.config import demonstration, signins
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Site
from tuyendau.demo import bulk, course, load, play, timing
from tuyendau.demo.ground import ground
from tuyendau.demo.interviews import held_between
from tuyendau.demo.officers import Officers
from tuyendau.demo.plan import PROVINCE, UNITS_FROM, Plan
from tuyendau.demo.signins import ACCOUNTS, ELECTRONICS, GARMENTS, PARK
from tuyendau.insight.map import queries as map_queries
from tuyendau.lib import clock, phones
from tuyendau.records.cases import actions
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts.models import Grade
from tuyendau.records.interviews.models import Interview
from tuyendau.records.orders.models import Order
from tuyendau.records.people.models import Assignment, Identifier, Person, Shift
from tuyendau.records.people.queries import visible_people
from tuyendau.records.visits.models import Pending, Segment, Visit

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = Plan(scale=0.002)
AT = PLAN.moment


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own, whose clock this process follows without delay."""
    settings.VAR = tmp_path
    settings.SEGMENTS = tmp_path / "segments"
    before = clock._followed
    monkeypatch.setattr(clock, "LOOK_SECONDS", 0.0)
    clock.follow(tmp_path / demonstration.CLOCK)
    yield tmp_path
    clock._followed = before


def viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username), on=PLAN.day)


def waiting() -> Case:
    """The case with a result from today."""
    return Case.objects.select_related("person").get(status=Status.SUSPECTED, result_on=PLAN.day)


def test_the_demonstration_from_loading_to_playing(folder: Path) -> None:
    """One load serves everything: first what only reads, then the walk-through, then the clock."""
    load.load(PLAN)
    numbers_agree()
    everybody_has_numbers_that_hold()
    what_is_known_ends_at_the_moment()
    samples_say_what_their_cases_say()
    cases_were_interviewed_and_contacts_kept_apart()
    each_role_has_a_user_who_sees_their_own()
    the_map_of_may_2021_has_the_cases()
    sign_ins_and_the_truth_are_their_owners_alone(folder)
    is_loaded_once()
    the_waiting_case_gives_a_graded_list()
    the_scenario_goes_on(folder)


def numbers_agree() -> None:
    assert 3_500 < Person.objects.count() < 3_700
    assert Shift.objects.count() >= Site.objects.filter(kind="company").count() > 5
    assert Assignment.objects.count() > Person.objects.count()
    assert sum(Segment.objects.values_list("rows", flat=True)) >= Visit.objects.count() > 10_000
    assert not Pending.objects.exists()
    confirmed = Case.objects.filter(status=Status.CONFIRMED)
    assert confirmed.count() > 3
    assert all(case.trace is not None for case in confirmed)
    assert confirmed.filter(contacts__isnull=False).exists()
    assert Case.objects.filter(status=Status.DISCARDED).exists()
    assert Case.objects.filter(status=Status.SUSPECTED, result_on__isnull=True).exists()
    for case in confirmed.filter(isolated_at__isnull=False):
        late = Visit.objects.filter(person=case.person_id, start__gt=case.isolated_at + timedelta(days=1))
        assert not late.exists()
    site = Site.objects.get(code=f"{ELECTRONICS}-X1")
    assert site.path == f"{site.parent.path}{site.pk}/"  # type: ignore[union-attr]
    assert Site.objects.create(code="NEW", name="Mới", kind="gate", setting=1).pk > site.pk


def cases_were_interviewed_and_contacts_kept_apart() -> None:
    finished = Interview.objects.filter(state="finished")
    assert finished.exists()
    for interview in finished.select_related("case"):
        assert interview.case.status == Status.CONFIRMED
        assert interview.begun_at < interview.finished_at < AT
        assert interview.answers.exists()
    assert all(order.signed_at < AT for order in Order.objects.filter(state="signed"))


def everybody_has_numbers_that_hold() -> None:
    people = Person.objects.exclude(phone="")
    assert people.count() > Person.objects.count() / 2
    for person in people[:200]:
        assert phones.normalise(person.phone) == person.phone
        assert phones.is_mobile(person.phone)
    for number in Identifier.objects.filter(kind="cccd").select_related("person")[:300]:
        year = number.person.birth_year
        assert year is not None
        century, female = divmod(int(number.value[3]), 2)
        assert (1900 + 100 * century + int(number.value[4:6]), "MF"[female]) == (year, number.person.sex)
    lengths = {"cccd": 12, "cmnd": 9, "bhyt": 10}
    for kind, length in lengths.items():
        assert {len(v) for v in Identifier.objects.filter(kind=kind).values_list("value", flat=True)} == {
            length
        }


def what_is_known_ends_at_the_moment() -> None:
    assert not Visit.objects.filter(start__gt=AT).exists()
    assert not Visit.objects.filter(end__gt=AT, end_assumed=False).exists()
    assert Visit.objects.filter(start__gt=AT - timedelta(hours=12)).exists()
    assert 0 < Visit.objects.filter(end_assumed=True).count() < Visit.objects.count() / 2
    assert not Case.objects.filter(reported_on__gt=PLAN.day).exists()


def samples_say_what_their_cases_say() -> None:
    sampled = Case.objects.exclude(status=Status.DISCARDED).filter(sampled_on__isnull=False)
    assert 0 < sampled.count() == Sample.objects.filter(case__isnull=False).count()
    for result in TestResult.objects.select_related("sample__case"):
        case = result.sample.case
        assert (result.result == "positive") is (case is not None)
        assert (result.test == "rt_pcr") is (case is None or case.status != Status.SUSPECTED)
        assert result.sample.taken_at < result.resulted_at < AT
    assert Sample.objects.filter(case__isnull=True).exists()
    assert Sample.objects.filter(resulted_at__isnull=True).exists()
    assert not Sample.objects.filter(taken_at__gte=AT).exists()


def each_role_has_a_user_who_sees_their_own() -> None:
    assert {account.role for account in ACCOUNTS} == set(ROLES) - {"gate_device"}
    assert visible_cases(viewer("dichte")).count() == Case.objects.count()
    assert visible_people(viewer("dichte")).count() == Person.objects.count()
    for narrow in ("vietyen", "quangchau", "saokhue", "luavang"):
        assert 0 < visible_people(viewer(narrow)).count() < Person.objects.count()
    assert 0 < visible_cases(viewer("vietyen")).count() < Case.objects.count()
    assert not set(visible_people(viewer("saokhue"))) & set(visible_people(viewer("luavang")))
    companies = Site.objects.in_bulk([ELECTRONICS, GARMENTS], field_name="code")
    assert companies[ELECTRONICS].name == "Công ty Điện tử Sao Khuê"
    assert companies[GARMENTS].name == "Công ty May Lúa Vàng"
    assert companies[ELECTRONICS].parent == Site.objects.get(code=PARK)


def the_map_of_may_2021_has_the_cases() -> None:
    seen = map_queries.tree(viewer("dichte"), PLAN.day)
    new = map_queries.new_cases(seen, clock.now(), map_queries.Counting())
    recent = Case.objects.filter(status=Status.CONFIRMED, reported_on__gt=PLAN.day - timedelta(days=14))
    assert sum(new.by_area.values()) == recent.count() > 0
    assert (new.no_unit, new.elsewhere) == (0, 0)
    assert len(seen.areas) == 192
    assert len(map_queries.tree(viewer("dichte"), PLAN.day.replace(year=2026)).areas) == 99


def sign_ins_and_the_truth_are_their_owners_alone(folder: Path) -> None:
    kept = signins.load(folder)
    assert [account.username for account in kept] == [account.username for account in ACCOUNTS]
    assert User.objects.get(username="dichte").check_password(kept[0].password)
    truth = folder / demonstration.FOLDER / course.TRUTH
    for file in (folder / signins.FILE, truth, folder / demonstration.FOLDER / course.COURSE):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with np.load(truth) as columns:
        ill = set((columns["person"] + 1).tolist())
        assert len(columns["infector"]) == len(ill)
    assert set(Case.objects.filter(status=Status.CONFIRMED).values_list("person_id", flat=True)) <= ill


def is_loaded_once() -> None:
    assert not demonstration.is_wanted()
    assert play.plan_of_database() == PLAN
    assert clock.now() == AT
    with pytest.raises(load.NotEmpty):
        load.load(PLAN)


def the_waiting_case_gives_a_graded_list() -> None:
    case = actions.classify(
        waiting().public_id,
        Status.CONFIRMED,
        viewer=viewer("dichte"),
        by=User.objects.get(username="dichte"),
        at=clock.now(),
        isolated_at=clock.now(),
    )
    counts = dict(case.contacts.values_list("grade").annotate(n=Count("id")).order_by())
    assert counts[Grade.CLOSE] > 0
    first = case.contacts.order_by("rank")[0]
    assert first.grade == Grade.CLOSE
    assert first.exposures.exists()


def the_scenario_goes_on(folder: Path) -> None:
    """Two days pass: gates, rosters and officers bring theirs; what is done twice changes nothing."""
    player = play.Player(folder, PLAN)
    before = Visit.objects.count()
    assert not player.catch_up(clock.now())
    later = AT + timedelta(hours=30)
    timing.put(folder, later, 0)
    steps = 0
    while player.catch_up(clock.now()):
        steps += 1
    assert steps == 30
    assert player.until == later
    assert Visit.objects.count() > before
    assert not Visit.objects.filter(start__gte=later).exists()
    assert not Visit.objects.filter(end__gt=later, end_assumed=False).exists()
    told = set(Case.objects.values_list("person_id", flat=True))
    assert {s.person for s in player._stories if s.reported < later} <= told
    assert not {s.person for s in player._stories if s.reported >= later} & told
    assert waiting_is_left()
    held = {s.person for s in player._stories if (of := held_between(s, PLAN)) and AT <= of[1] < later}
    asked = Interview.objects.filter(state="finished", case__person__in=held)
    assert held == set(asked.values_list("case__person", flat=True))

    there = recorded()
    (folder / demonstration.FOLDER / play.PLAYED).write_text((later - timedelta(hours=20)).isoformat())
    again = play.Player(folder, PLAN)
    assert again.until == later - timedelta(hours=20)
    while again.catch_up(clock.now()):
        pass
    assert recorded() == there


def recorded() -> tuple[set[Any], set[Any]]:
    """All presence and all cases, as they stand."""
    visits = Visit.objects.values_list("person_id", "site_id", "start", "end", "end_assumed", "source")
    return set(visits), set(Case.objects.values_list("person_id", "status", "isolated_at"))


def waiting_is_left() -> bool:
    """What waited for the newcomer was decided by nobody else: the one without a result still waits."""
    return Case.objects.filter(
        status=Status.SUSPECTED, result_on__isnull=True, reported_on__lt=PLAN.day
    ).exists()


def test_what_was_cut_short_is_finished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut within the bulk nothing is there; cut among the cases, the next load goes on from them."""
    copy, calls = bulk.copy_rows, []

    def cut(table: str, frame: Any) -> None:
        if table == "people_identifier" and not calls:
            calls.append(table)
            raise KeyboardInterrupt
        copy(table, frame)

    monkeypatch.setattr(bulk, "copy_rows", cut)
    with pytest.raises(KeyboardInterrupt):
        load.load(PLAN)
    assert not Person.objects.exists()
    assert demonstration.is_wanted()
    report, reported = Officers._report, []

    def cut_again(officers: Officers, story: Any) -> bool:
        reported.append(story)
        if len(reported) == 4:
            raise KeyboardInterrupt
        return report(officers, story)

    monkeypatch.setattr(Officers, "_report", cut_again)
    with pytest.raises(KeyboardInterrupt):
        load.load(PLAN)
    assert Case.objects.count() == 3
    assert demonstration.is_wanted()
    monkeypatch.setattr(Officers, "_report", report)
    load.load(Plan(scale=1.0))
    assert Case.objects.count() > 3
    assert play.plan_of_database() == PLAN
    assert waiting().person.assignments.exists()


def test_nothing_is_loaded_where_there_is_something(folder: Path) -> None:
    User.objects.create_user("somebody", full_name="Somebody")
    with pytest.raises(load.NotEmpty):
        load.load(PLAN)
    assert not Person.objects.exists()
    assert not (Path(django_settings.VAR) / signins.FILE).exists()
    assert not (Path(django_settings.VAR) / demonstration.CLOCK).exists()


def test_indexes_and_rules_of_the_tables_are_as_before(folder: Path) -> None:
    from django.db import connection

    def described() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
                "AND tablename !~ '_[0-9]{8}$' ORDER BY 1, 2"
            )
            indexes = cursor.fetchall()
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 "
                "AND conrelid::regclass::text !~ '_[0-9]{8}$' ORDER BY 1, 2"
            )
            constraints = cursor.fetchall()
            cursor.execute("SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2")
            triggers = [row for row in cursor.fetchall() if not row[1].startswith("RI_")]
            cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
            broken = cursor.fetchall()
            cursor.execute(
                "SELECT DISTINCT count(*) FROM pg_index i JOIN pg_inherits p ON p.inhrelid = i.indrelid "
                "WHERE p.inhparent = 'visits_visit'::regclass GROUP BY i.indrelid"
            )
            of_each_part = cursor.fetchall()
        return [indexes, constraints, triggers, broken, of_each_part]

    before = described()
    load.load(PLAN)
    assert described() == before


def test_the_same_plan_gives_the_same_world() -> None:
    from tuyendau.config.cli.import_units import load_vietnam

    load_vietnam(PROVINCE, legacy_from=UNITS_FROM)
    once, twice = (course.world_of(PLAN, ground(PLAN.day).communes) for _ in range(2))
    assert (once.people.home == twice.people.home).all()
    assert (once.sites.parent == twice.sites.parent).all()
