"""The first page of every list at the size of a province, for each role, beside the same page without rules by row.

    python benchmarks/lists.py                      1.8 million persons, 10,000 cases, 60,000 contacts and more
    python benchmarks/lists.py --scale 0.02         a quick run
    python benchmarks/lists.py --keep /tmp/lists    keep the database there, and use it if it is there already

Starts a PostgreSQL of its own, makes invented persons in the real communes of one province by SQL, and asks for pages
as the roles do, in this process: middleware, queries, templates, everything but the network. "Without" is the same
page with the tables' owner acting, whom the database's own rules do not hold: what row-level security costs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from measuring import cpu, keep

PERSONS, WORKERS, CASES, CONTACTS = 1_800_000, 300_000, 10_000, 60_000
RUNS = 15
BUDGET = 300.0
FAMILY = (
    "Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Ngô Dương Lý Đào Thân Giáp".split()
)
MIDDLE = "Thị Thị Thị Văn Văn Văn Ngọc Thu Minh Đức Hữu Quang Kim Xuân".split()
GIVEN = """An Anh Bình Chi Cường Dũng Dung Giang Hà Hải Hằng Hiếu Hoa Hòa Hùng Hương Huy Khánh Lan Linh Long Mai Minh
Nam Nga Ngân Nhung Phong Phương Quân Sơn Tâm Thảo Thắng Thu Thủy Trang Trung Tuấn Tùng Vân Yến""".split()

MAKE = """
INSERT INTO places_site (id, public_id, code, kind, setting, name, path, parent_id, unit_id, dwell_minutes)
SELECT n, 'site_' || n, 'CT-' || n, 'company', 8, 'Công ty ' || n, '/' || n || '/', NULL,
       {communes}[1 + n %% {many}], 540
FROM generate_series(1, 300) n;
INSERT INTO places_site (id, public_id, code, kind, setting, name, path, parent_id, unit_id, dwell_minutes)
SELECT 1000 + n, 'site_' || 1000 + n, 'CH-' || n, 'line', 2, 'Chuyền ' || n,
       '/' || company || '/' || 1000 + n || '/', company, {communes}[1 + company %% {many}], 540
FROM (SELECT n, 1 + (300 * power(n::float / {lines}, 2.5))::int %% 300 AS company FROM generate_series(1, {lines}) n) s;
INSERT INTO places_site (id, public_id, code, kind, setting, name, path, parent_id, unit_id, dwell_minutes)
SELECT 100000 + n, 'site_' || 100000 + n, 'KCL-' || n, 'quarantine', 8, 'Khu cách ly ' || n,
       '/' || 100000 + n || '/', NULL, {communes}[1 + n %% {many}], 1440 FROM generate_series(1, 40) n;
SELECT setval(pg_get_serial_sequence('places_site', 'id'), 200000);
INSERT INTO people_person (public_id, code, full_name, folded, sex, birth_year, phone, unit_id, address)
SELECT 'person_' || n, 'P' || n,
       concat_ws(' ', %(family)s::text[][1 + h %% %(families)s], %(middle)s::text[][1 + h / 100 %% %(middles)s],
                 %(given)s::text[][1 + h / 10000 %% %(givens)s]),
       concat_ws(' ', %(folded_family)s::text[][1 + h %% %(families)s],
                 %(folded_middle)s::text[][1 + h / 100 %% %(middles)s],
                 %(folded_given)s::text[][1 + h / 10000 %% %(givens)s]),
       CASE WHEN h %% 2 = 0 THEN 'F' ELSE 'M' END, 1940 + h / 7 %% 75,
       '+849' || lpad((h / 3 %% 100000000)::text, 8, '0'),
       CASE WHEN h %% 997 = 0 THEN NULL ELSE {communes}[1 + h / 13 %% {many}] END, 'Thôn ' || h %% 40
FROM (SELECT n, abs(hashint4(n)) AS h FROM generate_series(1, {persons}) n) s;
INSERT INTO people_assignment (person_id, site_id, valid_from, role)
SELECT id, 1001 + (random() * ({lines} - 1))::int, '2021-01-01', 'works' FROM people_person WHERE id <= {workers};
INSERT INTO people_assignment (person_id, site_id, valid_from, role)
SELECT id, 100001 + id %% 40, '2021-05-20', 'lodges' FROM people_person WHERE id %% 60 = 0 AND id <= {workers};
INSERT INTO cases_case (public_id, person_id, unit_id, disease, status, onset_on, sampled_on, result_on, reported_on,
                        outcome, place_infected, note, details, version)
SELECT 'case_' || id, id, unit_id, 'covid19',
       (ARRAY['confirmed', 'confirmed', 'confirmed', 'suspected', 'probable'])[1 + id %% 5],
       d - 2, d - 1, d, d, '', '', '', '{{}}', 1
FROM (SELECT id, unit_id, CURRENT_DATE - (id %% 60) AS d FROM people_person
      WHERE id %% ({workers} / {cases}) = 0 AND id <= {workers}) p;
INSERT INTO contacts_trace (case_id, at, window_start, window_end, policy, parameters, f2_count, stale_cause)
SELECT id, now(), now() - interval '10 days', now(), 'p', '{{}}', 3, '' FROM cases_case;
-- Most cases have a few contacts, one has thousands.
INSERT INTO contacts_contact (public_id, case_id, person_id, grade, rank, probability, seconds, assumed_seconds,
                              listed_at)
SELECT 'contact_' || c.id || '_' || n, c.id, 1 + (c.person_id + n * 7919) %% {persons}, n %% 3, n, 0.1, 3600, 0,
       now()
FROM (SELECT id, person_id, row_number() OVER (ORDER BY id) AS place FROM cases_case) c,
     generate_series(1, CASE WHEN c.place = 1 THEN {crowd} ELSE {each} END) n;
INSERT INTO contacts_exposure (contact_id, site_id, evidence, seconds, assumed_seconds, note)
SELECT c.id, a.site_id, 'visits', 3600, 0, ''
FROM contacts_contact c JOIN cases_case k ON k.id = c.case_id JOIN people_assignment a ON a.person_id = k.person_id;
-- All contacts of confirmed cases are in follow-up, and each case gave a sample.
INSERT INTO followup_followup (public_id, person_id, disease, degree, state, regime, days, tests, checks_a_day,
    began_on, first_exposure, last_exposure, planned_day, last_day, case_id, probability, ground, result, times,
    unreached, level, why, alarm_answer)
SELECT DISTINCT ON (c.person_id) 'follow_' || c.id, c.person_id, 'covid19', 1, 'open', 'r', 14, ARRAY[1, 14], 1,
    CURRENT_DATE - 5, CURRENT_DATE - c.id %% 9 - 2, CURRENT_DATE - c.id %% 9, CURRENT_DATE - c.id %% 9 + 14,
    CURRENT_DATE - c.id %% 9 + 14, c.case_id, 0.1, '', '', 0, 0, 0, '', ''
FROM contacts_contact c JOIN cases_case k ON k.id = c.case_id
WHERE k.status = 'confirmed' AND NOT EXISTS (SELECT FROM cases_case o WHERE o.person_id = c.person_id);
INSERT INTO cases_sample (public_id, person_id, case_id, disease, number, specimen, taken_at, recorded_at, resulted_at)
SELECT 'sample_' || id, person_id, id, 'covid19', 'S' || id, 'throat', now() - interval '1 day', now(),
    CASE WHEN id %% 3 > 0 THEN now() END FROM cases_case;
ANALYZE;
"""


def load(scale: float, at: datetime | None = None) -> float:
    """Everything that the pages list, as of a moment and in the units of its day; the seconds that it took."""
    from django.db import connection

    from tuyendau.config.cli.import_units import load_vietnam
    from tuyendau.core import acting
    from tuyendau.core.places.queries import units_on
    from tuyendau.lib.text import fold
    from tuyendau.records.visits.actions.partitions import ensure_partitions

    begin = time.perf_counter()
    load_vietnam("24", legacy_from=date(2020, 1, 1) if at else None)
    communes = list(
        units_on(at.date() if at else date.today(), level=3).order_by("id").values_list("id", flat=True)
    )
    cases, contacts = int(CASES * scale), int(CONTACTS * scale)
    crowd = max(10, contacts // 10)
    names = {
        "communes": f"(ARRAY{communes})", "many": len(communes), "persons": int(PERSONS * scale),
        "workers": int(WORKERS * scale), "lines": max(60, int(7_500 * scale)), "cases": cases,
        "crowd": crowd, "each": max(1, (contacts - crowd) // cases),
    }  # fmt: skip
    lists = {"family": FAMILY, "middle": MIDDLE, "given": GIVEN}
    parameters: dict[str, Any] = {}
    for name, words in lists.items():
        plural = {"family": "families", "middle": "middles", "given": "givens"}[name]
        parameters |= {name: words, f"folded_{name}": [fold(w) for w in words], plural: len(words)}
    with acting.as_owner(), connection.cursor() as cursor:
        made = MAKE.format(**names)
        if at is not None:
            # What is written is known from that moment on, and lies before it.
            cursor.execute("SELECT set_config('tuyendau.moment', %s, false)", [at.isoformat()])
            made = made.replace("CURRENT_DATE", f"DATE '{at:%Y-%m-%d}'")
            made = made.replace("now()", f"TIMESTAMPTZ '{at.isoformat()}'")
        for statement in made.split(";\n"):
            text = statement.replace("::text[][", "::text[])[").replace("%(family)s::", "(%(family)s::")
            for name in ("middle", "given", "folded_family", "folded_middle", "folded_given"):
                text = text.replace(f"%({name})s::", f"(%({name})s::")
            if text.strip():
                cursor.execute(text, parameters)
        cursor.execute("VACUUM ANALYZE")
    ensure_partitions([at.date() if at else date.today()])
    users(at.date() if at else date.today())
    return time.perf_counter() - begin


def users(day: date) -> None:
    """One user of each role that has lists, at a place of middling or largest size."""
    from tuyendau.core.accounts.models import Membership, User
    from tuyendau.core.places.models import Site, Unit
    from tuyendau.core.places.queries import units_on
    from tuyendau.records.people.models import Assignment

    province = units_on(day, level=1).get(code="24")
    commune = units_on(day, level=3).filter(path__startswith=province.path).order_by("id")[10]
    district = Unit.objects.filter(level=2).order_by("id")[2]
    sizes = {
        site.pk: Assignment.objects.filter(site__path__startswith=site.path).count()
        for site in Site.objects.filter(kind="company")
    }
    largest = Site.objects.get(pk=max(sizes, key=lambda pk: sizes[pk]))
    places: dict[str, dict[str, Any]] = {
        "epidemiologist": {"unit": province},
        "district_officer": {"unit": district},
        "commune_officer": {"unit": commune},
        "company_officer": {"site": largest},
        "quarantine_manager": {"site": Site.objects.get(code="KCL-1")},
    }
    for role, place in places.items():
        user = User.objects.create(username=role, full_name=role)
        Membership.objects.create(user=user, role=role, valid_from=date(2020, 1, 1), **place)


def pages() -> dict[str, str]:
    """What is asked for, by name; addresses are the same for each role where each may see the thing."""
    return {
        "start page": "/",
        "search, a frequent name": "/home/search/?q=nguyen thi",
        "search, a rare name": "/home/search/?q=giap xuan yen",
        "search, a company": "/home/search/?q=cong ty 12",
        "line list": "/cases/",
        "line list, filtered": "/cases/?status=confirmed&q=nguyen",
        "line list, page 20": "/cases/?page=20",
        "people": "/people/",
        "people, a frequent name": "/people/?q=nguyen thi",
        "people, a rare name": "/people/?q=giap xuan yen",
        "people, a phone number": "/people/?q=0912345",
        "contacts of the largest case": "/contacts/case/{largest}/",
        "contacts of a case of one's own": "/contacts/case/{own}/",
        "a case of one's own": "/cases/{own}/",
        "a person of one's own": "/people/{person}/",
        "sites": "/sites/",
        "map": "/map/",
        "contacts of the day": "/contacts/",
        "worklist of follow-up": "/followup/",
        "orders": "/orders/",
        "samples awaited": "/samples/",
        "cases to interview": "/interviews/",
        "chains as a list": "/chains/links/",
    }


@contextmanager
def server(keep: Path | None) -> Iterator[bool]:
    """A migrated database in `keep` or a temporary folder, with Django set up; whether it is empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tuyendau.config import postgres
    place = nullcontext(str(keep)) if keep else tempfile.TemporaryDirectory(prefix="tuyendau-lists-")
    with place as folder:
        data = Path(folder) / "postgres"
        os.environ |= {"TUYENDAU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tuyendau.config.settings"}
        Path(folder).mkdir(exist_ok=True)
        os.environ["DATABASE_URL"] = postgres.start(data)
        import django

        django.setup()
        from tuyendau.config.cli.migrate import migrate
        from tuyendau.core.accounts.models import User

        migrate(verbosity=0)
        try:
            yield not User.objects.exists()
        finally:
            from django.db import connections

            connections.close_all()
            postgres.stop(data)


def measure(asked: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """Milliseconds of `runs` answers, sorted; the first one, which compiles templates, does not count."""
    asked()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        answer = asked()
        times.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code in (200, 403, 404), answer.status_code
    return sorted(times)


def things(role: str) -> dict[str, str]:
    """Public ids that the role may see: the case with the longest list, and one of their own."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.lib import clock
    from tuyendau.records.cases.models import Case
    from tuyendau.records.cases.queries import visible_cases

    viewer = viewer_of(User.objects.get(username=role), on=clock.local_day(clock.now()))
    case = visible_cases(viewer).order_by("id").last()
    largest = Case.objects.order_by("id").first()
    assert largest is not None
    found = {"largest": largest.public_id, "own": largest.public_id, "person": largest.person.public_id}
    return found if case is None else found | {"own": case.public_id, "person": case.person.public_id}


def rows() -> list[list[str]]:
    """A line for each page: for each role median and p95, and the median's ratio to the page without rules."""
    from django.conf import settings
    from django.test import Client

    from tuyendau.core import acting
    from tuyendau.core.accounts import middleware
    from tuyendau.core.accounts.models import User

    settings.ALLOWED_HOSTS = ["*"]
    roles = [user.username for user in User.objects.order_by("id")]
    clients = {role: Client() for role in roles}
    for role, client in clients.items():
        client.force_login(User.objects.get(username=role))
    table = []
    for name, address in pages().items():
        line = [name]
        for role in roles:
            where = address.format(**things(role))

            def ask(client: Client = clients[role], where: str = where) -> Any:
                return client.get(where)

            if ask().status_code != 200:
                line.append("–")
                continue
            ruled = measure(ask)
            with acting.as_owner(), patch.object(middleware.acting, "as_viewer", lambda reach: nullcontext()):
                free = measure(ask, 5)
            middle, p95 = statistics.median(ruled), ruled[int(0.95 * len(ruled))]
            line.append(f"{middle:.0f} / {p95:.0f} ms ({middle / statistics.median(free):.1f}x)")
            print(name, role, line[-1], flush=True)
        table.append(line)
    return [["page", *roles], *table]


def text(table: list[list[str]], scale: float, loaded: float) -> str:
    """The section of RESULTS.md."""
    load = os.getloadavg()[0]
    lines = [
        "## First pages of the lists, by role",
        "",
        f"{int(PERSONS * scale):,} persons, {int(CASES * scale):,} cases, {int(CONTACTS * scale):,} contacts; the "
        f"company is the largest. Median / p95 of {RUNS}; in brackets the ratio to the same page without rules by row. "
        f"Budget {BUDGET:.0f} ms. {cpu()}. {datetime.now(UTC):%d/%m/%Y}, `python benchmarks/lists.py`, load average "
        f"{load:.1f}. The answer is made in one process, without the network.",
        "",
        "| " + " | ".join(table[0]) + " |",
        "|" + "---|" * len(table[0]),
        *("| " + " | ".join(line) + " |" for line in table[1:]),
        "",
        f"Made by SQL in {loaded:.0f} s." if loaded else "",
    ]
    return "\n".join(line for line in lines if line is not None)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with server(arguments.keep) as empty:
        loaded = load(arguments.scale) if empty else 0.0
        section = text(rows(), arguments.scale, loaded)
    print(section)
    if arguments.scale == 1.0:
        keep("lists", section)


if __name__ == "__main__":
    main()
