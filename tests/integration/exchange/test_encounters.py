"""Files of encounters: taken whole or not at all, as CSV and as Parquet."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl
import pytest

from tests.factories import PersonFactory
from tests.integration.exchange.conftest import Take
from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.records.visits.models import Encounter, VisitSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return PersonFactory(code="A1"), PersonFactory(code="B1")


def test_csv_and_parquet_say_the_same(take: Take, pair) -> None:
    one, two = pair
    counts = take("encounters", "người 1,người 2,từ,số giây\nB1,A1,08/05/2021 11:32,640\n").counts
    assert counts == {"new": 1, "known": 0}
    table = pl.DataFrame(
        {"a": ["A1"], "b": ["B1"], "start": [datetime(2021, 5, 8, 4, 32, tzinfo=UTC)], "seconds": [900]}
    )
    file = io.BytesIO()
    table.write_parquet(file)
    assert take("encounters", file.getvalue()).counts == {"new": 1, "known": 0}
    met = Encounter.objects.get()
    assert (met.a, met.b, met.seconds) == (one, two, 900)


def test_every_problem_is_told_and_nothing_written(take: Take, pair) -> None:
    rows = "A1,B1,08/05/2021 11:32,640\nA1,XA-LA,08/05/2021 11:32,640\nA1,A1,08/05/2021 11:32,640\nA1,B1,hôm qua,0\n"
    with pytest.raises(FileRefused) as refused:
        take("encounters", f"a,b,start,seconds\n{rows}")
    assert refused.value.total == 4
    assert not Encounter.objects.exists()


def test_a_list_of_visits_says_both_times(take: Take, pair, sites) -> None:
    code = next(iter(sites))
    with pytest.raises(FileRefused, match="end"):
        take(
            "visits", f"person,site,start,end\nA1,{code},08/05/2021 07:00,\n", visit_source=VisitSource.ROSTER
        )
