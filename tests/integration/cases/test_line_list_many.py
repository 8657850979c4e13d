"""Decisions on many rows of the line list at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import make_user
from tests.integration.cases.lines import World, client_of
from tuyendau.core.audit.models import Event
from tuyendau.core.lists.models import Batch
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import seen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def rows_of(*cases: Case) -> list[str]:
    return [f"{case.public_id}~{seen_of(case)}" for case in cases]


def decide(user: Any, **data: Any) -> Any:
    return client_of(user).post(reverse("cases:bulk"), data, follow=True)


def test_chosen_rows_are_asked_about_and_then_decided_each_by_itself(world):
    rows = rows_of(world.ha, world.ba, world.no)
    asked = decide(world.cdc, row=rows)
    assert "possible for 2" in asked.content.decode(), "a confirmed case cannot become probable"
    done = decide(world.cdc, row=rows, step="run", count=3, act="probable", ground="lâm sàng")
    assert "2 of 3 done" in done.content.decode()
    assert "A case that is confirmed cannot become probable" in done.content.decode()
    assert set(Case.objects.values_list("code", "status")) == {
        ("BG1", "confirmed"), ("BG2", "probable"), ("BG3", "probable"),
    }  # fmt: skip
    grounds = Event.objects.filter(kind="case.probable").values_list("data__ground", flat=True)
    assert list(grounds) == ["lâm sàng"] * 2


def test_a_ground_is_asked_for_and_what_was_chosen_stays(world):
    page = decide(world.cdc, row=rows_of(world.ba), step="run", count=1, act="probable", ground="")
    assert "This field is required" in page.content.decode()
    assert page.context["rows"] == [(world.ba.public_id, "suspected.1")]
    assert not Batch.objects.exists()


def test_what_another_officer_decided_meanwhile_stays(world):
    rows = rows_of(world.ba, world.no)
    Case.objects.filter(pk=world.ba.pk).update(status="probable", version=2)
    done = decide(world.cdc, row=rows, step="run", count=2, act="discarded", ground="âm tính")
    assert "1 of 2 done" in done.content.decode()
    assert "it is probable now" in done.content.decode()
    assert Case.objects.get(pk=world.ba.pk).status == "probable"
    assert Case.objects.get(pk=world.no.pk).status == "discarded"


def test_all_rows_of_the_filter_are_decided_and_a_changed_filter_is_asked_again(world):
    data = {
        "whole": "1",
        "query": "sex=M",
        "step": "run",
        "act": "isolate",
        "isolated_at": "08:00 20/05/2021",
    }
    again = decide(world.cdc, **data, count=5, ground="cách ly tập trung")
    assert "The filter gives 2 cases now" in again.content.decode()
    decide(world.cdc, **data, count=2, ground="cách ly tập trung")
    isolated = Case.objects.filter(isolated_at=datetime(2021, 5, 20, 1, tzinfo=UTC))
    assert set(isolated.values_list("code", flat=True)) == {"BG2", "BG3"}


def test_many_rows_are_the_workers(world, monkeypatch):
    deferred: list[str] = []
    monkeypatch.setattr("tuyendau.core.lists.tasks.run_batch.defer", lambda batch: deferred.append(batch))
    cases = [world.case(None, "Ai Đó", "F", 1980) for _n in range(25)]
    page = decide(world.cdc, row=rows_of(*cases), step="run", count=25, act="probable", ground="lâm sàng")
    assert "0 of 25 looked at" in page.content.decode()
    from tuyendau.core.lists.tasks import run_batch

    run_batch(deferred[0])
    run_batch(deferred[0])
    assert Event.objects.filter(kind="case.probable").count() == 25
    done = client_of(world.cdc).get(reverse("lists:batch", args=[deferred[0]]))
    assert "25 of 25 done" in done.content.decode()
    assert client_of(world.officer).get(reverse("lists:batch", args=[deferred[0]])).status_code == 404


def test_who_may_not_decide_is_refused_and_cases_out_of_reach_are_left(world):
    assert decide(world.officer, row=rows_of(world.ha)).status_code == 403
    district = make_user("huyen", "district_officer", unit=world.district, language="en")
    done = decide(district, row=rows_of(world.ba, world.no), step="run", count=2, act="discarded", ground="x")
    assert "This case is not yours to decide on" in done.content.decode()
    assert world.no.public_id in done.content.decode(), "and no name of somebody out of reach"
    assert "Lê Văn Không" not in done.content.decode()


def test_chosen_rows_are_taken_as_a_file(world):
    answer = client_of(world.cdc).post(
        reverse("cases:bulk"), {"act": "export", "row": rows_of(world.ha), "query": "col=status"}, follow=True
    )
    assert pl.read_excel(BytesIO(answer.getvalue())).rows() == [("Đỗ Thị Hà", "confirmed")]


@pytest.mark.django_db(transaction=True)
def test_one_case_in_two_batches_at_once_is_decided_once(segments):
    world = World()
    start, users = threading.Barrier(2), [world.cdc, make_user("hai", "epidemiologist", unit=world.province)]

    def act(user: Any, status: str) -> None:
        client = client_of(user)
        start.wait()
        client.post(reverse("cases:bulk"), {
            "row": rows_of(world.ba), "step": "run", "count": 1, "act": status, "ground": "x",
        })  # fmt: skip
        connection.close()

    threads = [
        threading.Thread(target=act, args=[u, s])
        for u, s in zip(users, ("probable", "discarded"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(batch.refused) for batch in Batch.objects.all()) == [0, 1]
    assert Event.objects.filter(kind__in=["case.probable", "case.discarded"]).count() == 1
