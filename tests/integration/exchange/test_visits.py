"""Files of visits: times, dwell rules, who may name whom, and many rows in seconds."""

from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime

import polars as pl
import pytest

from tests.integration.exchange.conftest import Take
from tuyendau.access import Viewer
from tuyendau.core.places.models import Site
from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
from tuyendau.lib.clock import ZONE
from tuyendau.records.people.models import Person
from tuyendau.records.visits.models import Visit, VisitSource

LOCAL = "%d/%m/%Y %H:%M"


def visits() -> list[tuple[str, str, str, str, bool]]:
    return [
        (
            Person.objects.get(pk=v.person_id).code or "",
            Site.objects.get(pk=v.site_id).code,
            v.start.astimezone(ZONE).strftime(LOCAL),
            v.end.astimezone(ZONE).strftime(LOCAL),
            v.end_assumed,
        )
        for v in Visit.objects.order_by("start")
    ]


def test_times_in_every_form_and_the_dwell_rule(take: Take, people: dict[str, Person]) -> None:
    text = (
        "Mã nhân viên\tĐịa điểm\tVào\tRa\n"
        "CN-1\tA-1\t08/05/2021 07:30\t08/05/2021 16:00\n"
        "CN-1\tCTY-A\t2021-05-09 07:30:00\t\n"
        "CN-2\tB-1\t2021-05-10T00:30:00Z\t2021-05-10T16:30:00+07:00\n"
        "CN-2\tB-1\t22h00 11/05/2021\t06h00 12/05/2021\n"
    )
    assert take("visits", text).counts == {"new": 4, "known": 0, "assumed": 1}
    assert visits() == [
        ("CN-1", "A-1", "08/05/2021 07:30", "08/05/2021 16:00", False),
        ("CN-1", "CTY-A", "09/05/2021 07:30", "09/05/2021 16:30", True),
        ("CN-2", "B-1", "10/05/2021 07:30", "10/05/2021 16:30", False),
        ("CN-2", "B-1", "11/05/2021 22:00", "12/05/2021 06:00", False),
    ]
    assert set(Visit.objects.values_list("source", flat=True)) == {VisitSource.FILE}


def test_visits_in_two_files_are_not_doubled(take: Take, people: dict[str, Person]) -> None:
    head, row = "person,site,start,end\n", "CN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\n"
    take("visits", head + row)
    with pytest.raises(AlreadyImported):
        take("visits", head + row)
    more = "CN-1,A-1,09/05/2021 07:30,09/05/2021 16:00\n"
    assert take("visits", head + row + more).counts == {"new": 1, "known": 1, "assumed": 0}
    assert Visit.objects.count() == 2


BAD = """person,site,start,end

CN-9,A-1,08/05/2021 07:30,08/05/2021 16:00
CN-1,Z-1,08/05/2021 07:30,08/05/2021 16:00
CN-1,A-1,08/05/2021 07:30,08/05/2021 07:30
CN-1,A-1,01/01/2021 07:30,08/05/2021 16:00
CN-1,A-1,22/05/2021 07:30,22/05/2021 16:00
CN-1,A-1,08/05/2021,08/05/2021 16:00
CN-1,A-1,05/13/2021 07:30,
CN-1,A-1,08/05/2021 25:00,
CN-1,A-1,01/05/1970 07:30,
,,,
"""


def test_what_no_stay_can_be(take: Take, people: dict[str, Person], rows_everywhere) -> None:
    before = rows_everywhere()
    with pytest.raises(FileRefused) as refusal:
        take("visits", BAD)
    assert [(p.row, p.column) for p in refusal.value.problems] == [
        (3, "person"),
        (4, "site"),
        (5, "end"),
        (6, "end"),
        (7, "start"),
        (7, "end"),
        (8, "start"),
        (9, "start"),
        (10, "start"),
        (11, "start"),
    ]
    assert rows_everywhere() == before


def test_a_company_names_its_own_people_and_sites(
    take: Take, people: dict[str, Person], company: Viewer
) -> None:
    head, times = "person,site,start,end\n", "08/05/2021 07:30,08/05/2021 16:00\n"
    Person.objects.filter(code="CN-2").update(unit=None)
    for row, column in (("CN-1,B-1,", "site"), ("CN-2,A-1,", "person")):
        with pytest.raises(FileRefused, match="your company") as refusal:
            take("visits", head + row + times, company)
        assert [(p.row, p.column) for p in refusal.value.problems] == [(2, column)]
    assert take("visits", head + "CN-1,A-1," + times, company).counts["new"] == 1


def test_a_workbook_and_a_parquet_file_say_the_same(take: Take, people: dict[str, Person]) -> None:
    moment = datetime(2021, 5, 8, 0, 30, tzinfo=UTC)
    frame = pl.DataFrame(
        {"person": ["CN-1"], "site": ["A-1"], "start": [moment], "end": [moment.replace(hour=9)]}
    )
    parquet, workbook = io.BytesIO(), io.BytesIO()
    frame.write_parquet(parquet)
    frame.with_columns(
        pl.col("start", "end").dt.convert_time_zone(str(ZONE)).dt.replace_time_zone(None)
    ).write_excel(workbook)
    assert take("visits", parquet.getvalue()).counts["new"] == 1
    assert take("visits", workbook.getvalue()).counts == {"new": 0, "known": 1, "assumed": 0}
    assert visits() == [("CN-1", "A-1", "08/05/2021 07:30", "08/05/2021 16:30", False)]


def test_a_hundred_thousand_rows_take_seconds(take: Take, sites: dict[str, Site]) -> None:
    rows = int(os.environ.get("TUYENDAU_TEST_VISITS", "100_000"))
    Person.objects.bulk_create(Person(code=f"W{i}") for i in range(2_000))
    lines = ["person,site,start,end"]
    lines += [
        f"W{i % 2000},A-1,{i // 20_000 % 20 + 1:02}/04/2021 {i // 2000 % 10:02}:{i % 60:02},"
        f"{i // 20_000 % 20 + 1:02}/04/2021 {i // 2000 % 10 + 8:02}:30"
        for i in range(rows)
    ]
    data = "\n".join(lines).encode()
    began = time.perf_counter()
    assert take("visits", data).counts["new"] == rows
    seconds = time.perf_counter() - began
    print(f"{rows} visits in {seconds:.1f} s")  # noqa: T201 shown with -s
    assert seconds < rows / 100_000 * 15
