"""What tracing sees is exact as of now, whatever is published, late, corrected or removed."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection, transaction

from tests.factories import PersonFactory, SiteFactory, stay
from tuyendau.lib import clock
from tuyendau.records.visits.actions import publish_all, publish_day, publish_due
from tuyendau.records.visits.models import Segment, Visit
from tuyendau.records.visits.queries import presence
from tuyendau.science.tracing import DaySegment, Sources, to_seconds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

DAY = date(2021, 5, 14)
MORNING = clock.midnight(DAY) + timedelta(hours=7)


def minutes_with(person: int) -> dict[int, float]:
    """Minutes that each contact spent with `person` from 1 to 31 May 2021."""
    start, end = clock.day_span(date(2021, 5, 1), date(2021, 5, 31))
    found = presence().contacts(Sources.of([person], to_seconds(start), to_seconds(end)))
    return {int(c): s / 60 for c, s in zip(found.contact, found.seconds, strict=True)}


@pytest.fixture
def line():
    return SiteFactory()


@pytest.fixture
def pair():
    return PersonFactory(), PersonFactory()


def test_unpublished_visits_count(line, pair):
    a, b = pair
    stay(a, line, MORNING, MORNING + timedelta(hours=9))
    stay(b, line, MORNING + timedelta(hours=1), MORNING + timedelta(hours=3))
    assert minutes_with(a.pk) == {b.pk: 120}


def test_the_same_after_publishing_and_late_rows_on_top(line, pair):
    a, b = pair
    stay(a, line, MORNING, MORNING + timedelta(hours=9))
    stay(b, line, MORNING + timedelta(hours=1), MORNING + timedelta(hours=3))
    assert publish_day(DAY, at=clock.now()) == 2
    assert minutes_with(a.pk) == {b.pk: 120}
    late = PersonFactory()
    stay(late, line, MORNING, MORNING + timedelta(minutes=30))
    assert minutes_with(a.pk) == {b.pk: 120, late.pk: 30}
    publish_day(DAY, at=clock.now())
    assert minutes_with(a.pk) == {b.pk: 120, late.pk: 30}


def test_a_corrected_and_a_removed_visit_replace_what_was_published(line, pair):
    a, b = pair
    stay(a, line, MORNING, MORNING + timedelta(hours=9))
    stay(b, line, MORNING + timedelta(hours=1), MORNING + timedelta(hours=3))
    publish_all(at=clock.now())
    Visit.objects.filter(person=b).update(end=MORNING + timedelta(hours=1, minutes=10))
    assert minutes_with(a.pk) == {b.pk: 10}
    Visit.objects.filter(person=b).delete()
    assert minutes_with(a.pk) == {}
    publish_all(at=clock.now())
    assert minutes_with(a.pk) == {}


def test_a_night_shift_is_one_visit_over_two_days(line, pair):
    a, b = pair
    evening = clock.midnight(DAY) + timedelta(hours=20)
    stay(a, line, evening, evening + timedelta(hours=12))
    stay(b, line, evening + timedelta(hours=2), evening + timedelta(hours=6))
    assert minutes_with(a.pk) == {b.pk: 240}
    publish_day(DAY, at=clock.now())
    assert minutes_with(a.pk) == {b.pk: 240}
    publish_day(DAY + timedelta(days=1), at=clock.now())
    assert minutes_with(a.pk) == {b.pk: 240}
    assert list(Segment.objects.order_by("day").values_list("rows", flat=True)) == [2, 2]


def test_a_stay_of_days_is_in_every_days_segment(line, pair):
    a, b = pair
    stay(a, line, MORNING - timedelta(days=5), MORNING + timedelta(days=5))
    stay(b, line, MORNING, MORNING + timedelta(minutes=20))
    publish_all(at=clock.now())
    assert minutes_with(a.pk) == {b.pk: 20}
    assert Segment.objects.count() == 11


def test_publish_due_waits_for_age_or_number(line, pair):
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    assert publish_due(at=clock.now()) == []
    assert publish_due(at=clock.now() + timedelta(minutes=11)) == [DAY]
    assert publish_due(at=clock.now() + timedelta(minutes=30)) == []


def test_old_files_go_and_a_missing_partition_is_made(line, pair, settings):
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    publish_all(at=clock.now())
    publish_all(at=clock.now())
    names = [f.name for f in settings.SEGMENTS.iterdir()]
    assert names == [Segment.objects.get().file]


def test_random_histories_equal_postgresqls_own_answer(line):
    """Batches, corrections, removals and publishing in any order: the engine says what SQL over the table says."""
    random = np.random.default_rng(20_210_514)
    people = [PersonFactory() for _ in range(12)]
    sites = [line, SiteFactory(), SiteFactory()]
    for step in range(40):
        act = random.integers(5)
        if act <= 1 or not Visit.objects.exists():
            start = MORNING + timedelta(minutes=int(random.integers(-2_000, 2_000)))
            length = timedelta(minutes=int(random.integers(1, 900)))
            stay(random.choice(people), random.choice(sites), start, start + length)
        elif act == 2:
            visit = random.choice(list(Visit.objects.order_by("id")))
            Visit.objects.filter(id=visit.id).update(
                end=visit.start + timedelta(minutes=int(random.integers(1, 900)))
            )
        elif act == 3:
            visit = random.choice(list(Visit.objects.order_by("id")))
            Visit.objects.filter(id=visit.id).delete()
        else:
            publish_day(DAY + timedelta(days=int(random.integers(-2, 3))), at=clock.now())
        if step % 4 == 0:
            person = random.choice(people)
            assert minutes_with(person.pk) == pytest.approx(minutes_by_sql(person.pk)), step


def minutes_by_sql(person: int) -> dict[int, float]:
    """The same by PostgreSQL's multiranges, which unite overlapping visits by themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH presence AS (
                SELECT person_id, site_id, range_agg(tstzrange(start, "end")) AS there FROM visits_visit GROUP BY 1, 2),
            met AS (
                SELECT b.person_id, unnest(a.there * b.there) AS span
                FROM presence a JOIN presence b USING (site_id)
                WHERE a.person_id = %s AND b.person_id <> a.person_id),
            united AS (SELECT person_id, unnest(range_agg(span)) AS span FROM met GROUP BY 1)
            SELECT person_id, (sum(extract(epoch FROM upper(span) - lower(span))) / 60)::float8 FROM united GROUP BY 1
            """,
            [person],
        )
        return dict(cursor.fetchall())


def test_same_visit_twice_is_not_doubled(line, pair):
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    assert Visit.objects.count() == 1
    assert Visit.objects.get().start == MORNING.astimezone(UTC) == datetime(2021, 5, 14, 0, 0, tzinfo=UTC)


def test_a_seen_end_from_a_file_corrects_the_assumed_one(line, pair):
    a, b = pair
    stay(a, line, MORNING, MORNING + timedelta(hours=9), assumed=True)
    stay(b, line, MORNING + timedelta(hours=3), MORNING + timedelta(hours=5))
    assert minutes_with(a.pk) == {b.pk: 120}
    stay(a, line, MORNING, MORNING + timedelta(hours=4))
    assert Visit.objects.filter(person=a).count() == 1
    assert minutes_with(a.pk) == {b.pk: 60}
    stay(a, line, MORNING, MORNING + timedelta(hours=9), assumed=True)
    assert Visit.objects.filter(person=a).count() == 1


def test_a_lost_segment_costs_no_answer(line, pair, settings):
    a, b = pair
    stay(a, line, MORNING, MORNING + timedelta(hours=9))
    stay(b, line, MORNING + timedelta(hours=1), MORNING + timedelta(hours=3))
    publish_all(at=clock.now())
    for file in settings.SEGMENTS.iterdir():
        file.unlink()
    assert minutes_with(a.pk) == {b.pk: 120}


def test_two_imports_of_new_days_do_not_wait_for_each_other(pair, line):
    """Each opens a day that has no part in the table yet and stays open: neither blocks the other, nor tracing."""
    far = MORNING + timedelta(days=400)
    begun, done = threading.Barrier(3, timeout=10), threading.Event()
    failures: list[BaseException] = []

    def bring_in(person, day) -> None:
        try:
            with transaction.atomic():
                stay(person, line, day, day + timedelta(hours=1))
                begun.wait()
                done.wait(10)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=bring_in, args=(p, far + timedelta(days=n))) for n, p in enumerate(pair)
    ]
    for thread in threads:
        thread.start()
    begun.wait()
    assert minutes_with(pair[0].pk) == {}
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert Visit.objects.count() == 3


def test_a_year_mistyped_makes_no_thousand_parts(line, pair):
    stay(pair[0], line, MORNING.replace(year=2012), MORNING.replace(year=2012) + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'visits_visit'::regclass")
        assert cursor.fetchone()[0] < 100


def test_one_day_that_cannot_be_published_does_not_keep_the_others(line, pair, settings, monkeypatch):
    stay(pair[0], line, MORNING, MORNING + timedelta(hours=1))
    stay(pair[0], line, MORNING + timedelta(days=1), MORNING + timedelta(days=1, hours=1))
    write = DaySegment.write

    def fails_once(self, path) -> None:
        if DAY.isoformat() in path.name:
            raise OSError(28, "No space left on device")
        write(self, path)

    monkeypatch.setattr(DaySegment, "write", fails_once)
    assert publish_due(at=clock.now() + timedelta(hours=1)) == [DAY + timedelta(days=1)]
    assert list(settings.SEGMENTS.iterdir()) == [settings.SEGMENTS / Segment.objects.get().file]
