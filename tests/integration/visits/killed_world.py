"""What the test of killed processes asks of the program's own database, in processes of its own.

python -m tests.integration.visits.killed_world make            keys of devices, as JSON
python -m tests.integration.visits.killed_world check FILE      what is wrong with what was acknowledged, as JSON
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

SENDERS, PEOPLE, LINES = 4, 300, 8


def make() -> list[str]:
    """A company with lines and workers; the keys of its devices."""
    from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user
    from tuyendau.core.accounts.actions import add_device
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.core.places.models import SiteKind, UnitLevel
    from tuyendau.lib import clock

    now = clock.now()
    province = UnitFactory(level=UnitLevel.PROVINCE)
    company = SiteFactory(kind=SiteKind.COMPANY, unit=province)
    for n in range(LINES):
        SiteFactory(parent=company, code=f"L{n}")
    for n in range(PEOPLE):
        PersonFactory(code=f"W{n}")
    admin = make_user("quan_tri", "province_administrator", unit=province)
    viewer = viewer_of(admin, on=clock.local_day(now))
    return [str(add_device(f"M{n}", company, viewer=viewer, by=admin, at=now)[1]) for n in range(SENDERS)]


def check(acknowledged: dict[str, Any]) -> list[str]:
    """What is wrong: visits lost, doubled or unheard of, batches taken twice, segments or tracing beside the table."""
    from tuyendau.lib import clock
    from tuyendau.records.visits.actions import publish_all
    from tuyendau.records.visits.models import Batch
    from tuyendau.records.visits.queries.presence import forget

    wrong = _rows(acknowledged)
    answered = {(b.key, b.rows, b.accepted + b.doubled + b.refused) for b in Batch.objects.all()}
    wanted = {(key, rows, rows) for key, rows in acknowledged["batches"].items()}
    if answered != wanted:
        wrong.append(f"batches: {sorted(answered ^ wanted)[:5]}")
    wrong += _tracing("with what is not published yet")
    publish_all(at=clock.now())
    wrong += _segments()
    forget()
    return wrong + _tracing("from segments built anew")


def _rows(acknowledged: dict[str, Any]) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT p.code, s.code, extract(epoch FROM v.start)::bigint, extract(epoch FROM v."end")::bigint, '
            "v.end_assumed, count(*) FROM visits_visit v JOIN people_person p ON p.id = v.person_id "
            "JOIN places_site s ON s.id = v.site_id GROUP BY 1, 2, 3, 4, 5"
        )
        found = {tuple(row[:5]): row[5] for row in cursor.fetchall()}
    wanted = {tuple(row) for row in acknowledged["visits"]}
    wrong = [f"lost: {row}" for row in sorted(wanted - found.keys())[:5]]
    wrong += [f"unheard of: {row}" for row in sorted(found.keys() - wanted)[:5]]
    return wrong + [f"doubled: {row}" for row, count in found.items() if count > 1][:5]


def _segments() -> list[str]:
    from django.conf import settings
    from django.db import connection

    from tuyendau.records.visits.models import Segment
    from tuyendau.records.visits.queries.arrays import visits_of_day
    from tuyendau.records.visits.queries.presence import open_connection
    from tuyendau.science.epi.times import date_to_day
    from tuyendau.science.tracing import DaySegment

    wrong = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT (start AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM visits_visit")
        days: set[date] = {row[0] for row in cursor.fetchall()}
    if missing := days - set(Segment.objects.values_list("day", flat=True)):
        wrong.append(f"no segment of {sorted(missing)}")
    with open_connection() as own:
        for segment in Segment.objects.all():
            published = DaySegment.open(Path(settings.SEGMENTS) / segment.file).visits
            table = DaySegment.build(date_to_day(segment.day), visits_of_day(own, segment.day)).visits
            if _set(published) != _set(table):
                wrong.append(f"the segment of {segment.day} is not the table")
    return wrong


def _set(visits: Any) -> set[tuple[int, ...]]:
    columns = (visits.person, visits.site, visits.start, visits.end, visits.assumed)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def _tracing(when: str) -> list[str]:
    """Everybody's contacts by the engine beside PostgreSQL's own answer."""
    from tests.integration.visits.test_presence import minutes_by_sql
    from tuyendau.records.people.models import Person
    from tuyendau.records.visits.queries import presence
    from tuyendau.science.tracing import Sources

    wrong = []
    for person in Person.objects.order_by("pk").values_list("pk", flat=True)[:40]:
        found = presence().contacts(Sources.of([person], 0, 2**31 - 1))
        engine = dict(zip(found.contact.tolist(), found.seconds.tolist(), strict=True))
        slow = {who: round(60 * minutes) for who, minutes in minutes_by_sql(person).items()}
        if engine != slow:
            wrong.append(f"contacts of {person} {when}: {len(engine)}, not {len(slow)}")
    return wrong


def main() -> None:
    """Run against the server of the folder TUYENDAU_VAR, as the program."""
    from tuyendau.config import postgres

    os.environ["DATABASE_URL"] = postgres.start(Path(os.environ["TUYENDAU_VAR"]) / "postgres")
    import django

    django.setup()
    if sys.argv[1] == "make":
        print(json.dumps(make()))  # noqa: T201
    else:
        print(json.dumps(check(json.loads(Path(sys.argv[2]).read_text()))))  # noqa: T201


if __name__ == "__main__":
    main()
