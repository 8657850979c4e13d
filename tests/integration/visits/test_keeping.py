"""Days at the end of their keeping: everything of them goes together, and nothing of the others."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.factories import PersonFactory, SiteFactory, stay
from tests.integration.visits.test_presence import minutes_by_sql, minutes_with
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.visits.actions import (
    Near,
    add_encounters,
    drop_days_before,
    publish_all,
    publish_day,
    would_drop,
)
from tuyendau.records.visits.models import Batch, Encounter, Pending, Segment, Visit
from tuyendau.records.visits.queries import kept_from, presence
from tuyendau.records.visits.queries.presence import open_connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

DAY = date(2021, 5, 14)
MORNING = clock.midnight(DAY) + timedelta(hours=7)
AT = MORNING + timedelta(days=30)


@pytest.fixture
def pair():
    return PersonFactory(), PersonFactory()


def together(pair, day: date, hours: int = 2) -> None:
    """Both at one new line in the morning of `day`, and near each other in the evening."""
    line, morning = SiteFactory(), clock.midnight(day) + timedelta(hours=7)
    for person in pair:
        stay(person, line, morning, morning + timedelta(hours=hours))
    evening = int((morning + timedelta(hours=11)).timestamp())
    add_encounters([Near(pair[0].pk, pair[1].pk, evening, 600)], by=None, at=AT)


def batch(key: str, day: date) -> None:
    Batch.objects.create(sender="user_1", key=key, kind="visits", digest=b"", received_at=clock.midnight(day))


@pytest.mark.parametrize("published", [True, False])
def test_everything_of_the_days_goes_and_the_others_stay(pair, published, settings):
    a, b = pair
    drop_days_before(DAY, by=None, at=AT)  # parts of days that other tests made
    for n in range(3):
        together(pair, DAY + timedelta(days=n))
        batch(f"k{n}", DAY + timedelta(days=n))
    if published:
        publish_all(at=AT)
    assert minutes_with(a.pk) == {b.pk: 3 * 130}
    cut = DAY + timedelta(days=2)
    told = would_drop(cut)
    assert (told.days, told.visits, told.encounters, told.batches) == (2, 4, 2, 2)
    assert drop_days_before(cut, by=None, at=AT) == told
    assert minutes_with(a.pk) == {b.pk: 130}
    assert Visit.objects.count() == 2
    assert Encounter.objects.count() == 1
    assert list(Batch.objects.values_list("key", flat=True)) == ["k2"]
    assert set(Segment.objects.values_list("day", flat=True)) == ({cut} if published else set())
    assert {f.name[9:19] for f in settings.SEGMENTS.glob("*")} == ({cut.isoformat()} if published else set())
    assert not Pending.objects.filter(day__lt=cut).exists()
    assert Event.objects.filter(kind="visits.dropped").latest("pk").data["visits"] == 4
    assert kept_from() == clock.midnight(cut)
    again = drop_days_before(cut, by=None, at=AT)
    assert (again.days, again.visits, again.encounters, again.batches) == (0, 0, 0, 0)


def test_a_long_stay_is_kept_from_the_first_day_that_is(pair):
    a, b = pair
    room = SiteFactory()
    for person in pair:
        stay(person, room, MORNING, MORNING + timedelta(days=4), assumed=True)
    publish_all(at=AT)
    cut = DAY + timedelta(days=3)
    before = minutes_with(a.pk)
    assert before == {b.pk: 4 * 1440}
    drop_days_before(cut, by=None, at=AT)
    assert minutes_with(a.pk) == minutes_by_sql(a.pk) == {b.pk: 1440 + 7 * 60}
    assert {(v.start, v.end_assumed) for v in Visit.objects.all()} == {(clock.midnight(cut), True)}
    publish_all(at=AT)
    assert minutes_with(a.pk) == {b.pk: 1440 + 7 * 60}


def test_a_reader_under_way_does_not_fail_and_holds_nobody_up(pair):
    a, b = pair
    together(pair, DAY)
    together(pair, DAY + timedelta(days=1))
    publish_day(DAY, at=AT)
    cut, done = DAY + timedelta(days=1), threading.Event()
    failures: list[BaseException] = []

    def drop() -> None:
        try:
            drop_days_before(cut, by=None, at=AT)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()
            done.set()

    with open_connection() as reader, reader.transaction():
        count = "SELECT count(*) FROM visits_visit"
        assert reader.execute(count).fetchone() == (4,)
        thread = threading.Thread(target=drop)
        thread.start()
        assert not done.wait(1.5)
        # A scan comes in meanwhile, and the reader reads on: neither waits for the other.
        stay(a, SiteFactory(), MORNING + timedelta(days=1), MORNING + timedelta(days=1, hours=1))
        assert reader.execute(count).fetchone()[0] in (4, 5)
    thread.join(30)
    assert not failures
    assert minutes_with(a.pk) == {b.pk: 130}


def test_what_is_no_longer_kept_is_not_taken_in_again(pair):
    from tests.integration.visits.senders import Works

    works = Works()
    drop_days_before(clock.local_day(works.now), by=None, at=works.now)
    old = works.stay(hours=30)
    answer = works.send([old, works.scan("in", 40), works.scan("in", 0)]).json()
    assert [(p["row"], p["field"], p["code"]) for p in answer["problems"]] == [
        (1, "start", "too_old"),
        (2, "moment", "too_old"),
    ]
    assert Visit.objects.count() == 1
    assert len(presence().segments) == 0
