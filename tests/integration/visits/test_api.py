"""Batches over the API: each is taken once, row by row, and whatever is wrong is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.factories import make_user
from tests.integration.visits.senders import NDJSON, Works, counts, problems
from tuyendau.core.accounts.models import Membership
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.people.models import Identifier, Person
from tuyendau.records.visits import actions
from tuyendau.records.visits.models import Batch, Visit, VisitSource
from tuyendau.records.visits.rules.problems import MOST_ROWS

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.mark.parametrize("kind", ["application/json", NDJSON])
def test_a_batch_is_recorded(works, kind):
    answer = works.send([works.stay(0), works.stay(1, source="roster")], kind=kind, key="a")
    assert counts(answer) == (2, 2, 0, 0)
    visits = list(Visit.objects.order_by("person_id"))
    assert [v.person_id for v in visits] == [w.pk for w in works.workers[:2]]
    assert [v.source for v in visits] == [VisitSource.SCAN, VisitSource.ROSTER]
    assert visits[0].end - visits[0].start == timedelta(hours=2)
    assert not visits[0].end_assumed
    event = Event.objects.get(kind="visits.batch")
    assert event.by == works.user
    assert event.data == {"key": "a", "rows": 2, "accepted": 2, "doubled": 0, "refused": 0}
    assert answer.json()["key"] == "a"


def test_the_same_key_again_is_answered_the_same_and_writes_nothing(works):
    rows = [works.stay(0), works.stay(1, person="AI-DO")]
    first = works.send(rows, key="a")
    Visit.objects.all().delete()
    works.user.language = "vi"
    works.user.save()
    again = works.send(rows, key="a")
    assert again.content == first.content
    assert not Visit.objects.exists()
    assert Batch.objects.count() == Event.objects.filter(kind="visits.batch").count() == 1
    asked = works.client.get("/api/v1/visits/batches/a")
    assert asked.status_code == 200
    assert asked.content == first.content


def test_the_same_key_with_another_body_is_refused(works):
    works.send([works.stay(0)], key="a")
    other = works.send([works.stay(1)], key="a")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Visit.objects.count() == 1


def test_a_key_is_the_senders_own(works):
    works.send([works.stay(0)], key="a")
    works.client.force_login(make_user("nguoi_khac", "company_officer", site=works.company))
    assert works.client.get("/api/v1/visits/batches/a").status_code == 404
    assert counts(works.send([works.stay(1)], key="a")) == (1, 1, 0, 0)


def test_good_rows_are_kept_and_the_others_named(works):
    rows = [
        works.stay(0),
        works.stay(1, person="AI-DO"),
        works.stay(1, site="CTY-KHAC"),
        works.stay(1, length=-1),
        works.stay(1, hours=-3),
        works.stay(1, hours=3, length=4),
        works.stay(1, length=0),
        {"person": "CN1", "site": "CHUYEN"},
        works.stay(1, direction="in"),
        {"person": "CN1", "site": "CHUYEN", "direction": "in"},
        works.stay(1, start="1970-01-01T00:00:00Z"),
        works.stay(1, start=works.ago(days=80)),
        works.stay(1, source="room", end=None),
        works.stay(2),
    ]
    answer = works.send(rows)
    assert counts(answer) == (14, 2, 0, 12)
    assert problems(answer) == [
        (2, "person", "unknown_person"),
        (3, "site", "unknown_site"),
        (4, "end", "out_before_in"),
        (5, "start", "future"),
        (6, "end", "future"),
        (7, "end", "out_before_in"),
        (8, "start", "missing"),
        (9, "moment", "missing"),
        (10, "moment", "missing"),
        (11, "start", "too_early"),
        (12, "end", "too_long"),
        (13, "end", "missing"),
    ]
    assert Visit.objects.count() == 2
    assert "AI-DO" in answer.json()["problems"][0]["message"]


def test_the_form_of_each_row_is_told_by_field(works):
    rows = [
        {"site": "CHUYEN", "start": works.ago(hours=1)},
        works.stay(person=17),
        works.stay(person=""),
        works.stay(person="X" * 61),
        works.stay(start="2021-05-14T07:28:00"),
        works.stay(start="14/05/2021 07:28"),
        works.stay(start=1620952080),
        works.stay(ends=works.ago(hours=1)),
        works.stay(source="guess"),
        "CN0",
        None,
        works.stay(0),
    ]
    answer = works.send(rows)
    assert counts(answer) == (12, 1, 0, 11)
    assert [code for _row, _field, code in problems(answer)] == [
        "missing", "not_text", "missing", "too_long", "no_offset", "not_a_moment", "not_a_moment", "unknown_field",
        "unknown_value", "not_object", "not_object",
    ]  # fmt: skip
    assert problems(answer)[0] == (1, "person", "missing")


def test_extreme_years_are_refused_row_by_row(works):
    rows = [
        works.stay(start="9999-12-31T23:59:59-23:00"),
        works.stay(start="0001-01-01T00:00:00+23:00"),
        works.stay(end="9999-12-31T23:59:59-23:00"),
    ]
    assert counts(works.send(rows)) == (3, 0, 0, 3)


def test_one_bad_line_costs_that_line(works):
    lines = [
        json.dumps(works.stay(0)).encode(),
        b"",
        b'{"person": "CN1", ',
        b'{"person": "\xff"}',
        b'{"person":"CN1"},{"person":"CN2"}',
        json.dumps(works.stay(2)).encode() + b"\r",
    ]
    answer = works.send(b"\n".join(lines) + b"\n", kind=NDJSON)
    assert counts(answer) == (5, 2, 0, 3)
    assert problems(answer) == [(3, "", "not_json"), (4, "", "not_utf8"), (5, "", "not_json")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "not_json"),
        (b"[", 400, "not_json"),
        (b'["\xff"]', 400, "not_utf8"),
        (b"{}", 400, "not_a_list"),
        (b"[]", 400, "no_rows"),
        (b"[" * 100_000, 400, "not_json"),
        (b"[" + b",".join([b"{}"] * (MOST_ROWS + 1)) + b"]", 413, "too_many_rows"),
        (b" " * (8 * 2**20 + 1), 413, "too_large"),
    ],
    ids=["empty", "cut", "not UTF-8", "object", "no rows", "deep", "too many", "too large"],
)
def test_a_body_that_is_no_batch_is_refused_whole(works, body, status, code):
    answer = works.send(body, key="a")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not Batch.objects.exists()
    assert counts(works.send([works.stay(0)], key="a")) == (1, 1, 0, 0)


def test_what_a_sender_must_state(works):
    assert works.send([works.stay()], key="").json()["code"] == "key_missing"
    assert works.send([works.stay()], key="k" * 101).json()["code"] == "key_unfit"
    assert works.send([works.stay()], sent_at="").json()["code"] == "sent_at_missing"
    assert works.send([works.stay()], sent_at="hôm nay").json()["code"] == "sent_at_unfit"
    assert works.send([works.stay()], sent_at="2021-05-14T07:28:00").json()["code"] == "sent_at_unfit"
    assert works.send([works.stay()], kind="text/csv").status_code == 415
    assert not Visit.objects.exists()


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1), timedelta(minutes=11)])
def test_a_clock_that_is_wrong_costs_the_whole_batch_and_the_key_stays_free(works, off):
    answer = works.send([works.stay()], key="a", sent_at=works.now + off)
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_off")
    assert not Visit.objects.exists()
    assert not Batch.objects.exists()
    assert counts(works.send([works.stay()], key="a")) == (1, 1, 0, 0)


def test_a_clock_that_is_a_little_off_shifts_nothing(works):
    row = works.stay()
    assert counts(works.send([row], sent_at=works.now + timedelta(minutes=9))) == (1, 1, 0, 0)
    assert (
        Visit.objects.get().start.isoformat()
        == works.now.__class__.fromisoformat(row["start"])
        .astimezone(Visit.objects.get().start.tzinfo)
        .isoformat()
    )


def test_the_same_rows_under_another_key_are_not_doubled(works):
    works.send([works.stay(0), works.stay(1)])
    again = works.send([works.stay(0), works.stay(0), works.stay(1), works.stay(2)])
    assert counts(again) == (4, 1, 3, 0)
    assert Visit.objects.count() == 3


def test_scans_in_and_out_in_any_order_become_visits(works):
    rows = [
        works.scan("out", 2),
        works.scan("in", 5),
        works.scan("in", 4.999),
        works.scan("in", 1),
        works.scan("out", 3, worker=1),
    ]
    answer = works.send(rows)
    assert counts(answer) == (5, 3, 1, 1)
    assert problems(answer) == [(5, "direction", "not_in")]
    first, second = Visit.objects.order_by("start")
    assert (first.end - first.start, first.end_assumed) == (timedelta(hours=3), False)
    assert (second.end - second.start, second.end_assumed) == (timedelta(hours=8), True)
    later = works.send([works.scan("out", 0.5), works.scan("out", 2)])
    assert counts(later) == (2, 1, 1, 0)
    assert not Visit.objects.filter(end_assumed=True).exists()


def test_an_open_stay_ends_by_the_dwell_rule_until_its_end_is_told(works):
    row = works.stay(hours=5)
    del row["end"]
    assert counts(works.send([row])) == (1, 1, 0, 0)
    visit = Visit.objects.get()
    assert (visit.end - visit.start, visit.end_assumed) == (timedelta(hours=8), True)
    assert counts(works.send([works.stay(hours=5)])) == (1, 1, 0, 0)
    assert not Visit.objects.get().end_assumed
    assert counts(works.send([row])) == (1, 0, 1, 0)


def test_an_end_that_is_told_stands_against_an_assumed_one_of_the_same_batch(works):
    told, unknown = works.stay(hours=5), works.stay(hours=5, end=None)
    assert counts(works.send([unknown, told])) == (2, 1, 1, 0)
    assert not Visit.objects.get().end_assumed


def test_people_are_known_by_number_and_public_id_and_the_merged_as_the_one_who_stayed(works):
    one, two, three = works.workers
    Identifier.objects.create(person=one, kind="cccd", value="024193004512")
    Identifier.objects.create(person=one, kind="cmnd", value="121000001")
    Identifier.objects.create(person=two, kind="passport", value="121000001")
    Person.objects.filter(pk=three.pk).update(merged_into=two)
    rows = [
        works.stay(person="024193004512"),
        works.stay(person=two.public_id, site=works.line.public_id),
        works.stay(person="121000001"),
        works.stay(person=three.code, hours=9),
        works.stay(person="a\x00b"),
    ]
    answer = works.send(rows)
    assert counts(answer) == (5, 3, 0, 2)
    assert problems(answer) == [(3, "person", "ambiguous_person"), (5, "person", "unknown_person")]
    assert sorted(Visit.objects.values_list("person_id", flat=True)) == sorted([one.pk, two.pk, two.pk])


def test_a_role_that_ends_while_a_batch_is_under_way_takes_the_batch_with_it(works, monkeypatch):
    record = actions.record_rows

    def ends_meanwhile(*args, **kwargs):
        taken = record(*args, **kwargs)
        Membership.objects.filter(user=works.user).update(valid_to=clock.local_day(clock.now()))
        return taken

    monkeypatch.setattr(actions, "record_rows", ends_meanwhile)
    answer = works.send([works.stay()])
    assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
    assert not Visit.objects.exists()
    assert not Batch.objects.exists()


def test_messages_are_in_the_askers_language(works):
    works.user.language = "vi"
    works.user.save()
    answer = works.send([works.stay(person="AI-DO")])
    assert answer.json()["problems"][0]["message"] == "Không có ai mang mã “AI-DO”."


def test_the_api_is_described_with_examples(works):
    described = works.client.get("/api/v1/openapi.json").json()
    batch = described["paths"]["/api/v1/visits"]["post"]
    assert {p["name"] for p in batch["parameters"]} == {"Idempotency-Key", "Sent-At"}
    assert set(batch["requestBody"]["content"]) == {"application/json", NDJSON}
    assert batch["requestBody"]["content"]["application/json"]["example"]
    assert {"200", "4XX"} <= set(batch["responses"])
