"""What it costs to keep what was known, and to count by it: beside tables of today alone, and beside the events.

    python benchmarks/history.py            prints
    python benchmarks/history.py --keep     puts the table into RESULTS.md, too

Starts a PostgreSQL of its own with 10,000 cases that were each changed three times, each change with its event, and
60,000 contacts.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import click
import psycopg
from measuring import cpu, keep, median, own_server, timed

CASES, CONTACTS, CHANGES, UNITS = 10_000, 60_000, 3, 200
LOAD = f"""
INSERT INTO places_unit (code, level, name, folded, path, valid_from)
    SELECT 'x' || n, 3, 'Xã ' || n, 'xa ' || n, '/' || n || '/', '2020-01-01' FROM generate_series(1, {UNITS}) n;
INSERT INTO people_person (public_id, full_name, folded, sex, phone, address)
    SELECT 'person_' || n, 'Nguyễn Văn ' || n, 'nguyen van ' || n, 'F', '', ''
    FROM generate_series(1, {CASES + CONTACTS}) n;
"""
CASE = """
INSERT INTO cases_case (public_id, person_id, unit_id, disease, status, reported_on, outcome, place_infected, note,
    details, version)
    SELECT 'case_' || p.id, p.id, u.id, 'covid19', 'suspected', date '2021-05-08' + (p.id %% 40)::int,
        '', '', '', '{}', 1
    FROM people_person p JOIN places_unit u ON u.code = 'x' || (1 + p.id %% %(units)s)
    WHERE p.id IN (SELECT id FROM people_person ORDER BY id LIMIT %(cases)s)
"""
CONTACT = """
INSERT INTO contacts_contact (public_id, case_id, person_id, grade, rank, probability, seconds, assumed_seconds,
    listed_at)
    SELECT 'contact_' || p.id, c.id, p.id, p.id %% 2, 1, 0.1, 60, 0, timestamptz '2021-06-01 08:00+07'
    FROM (SELECT id, row_number() OVER (ORDER BY id DESC) n FROM people_person ORDER BY id DESC LIMIT %(contacts)s) p
    JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM cases_case) c ON c.n = 1 + p.n %% %(cases)s
"""
EVENT = "INSERT INTO audit_event (at, kind, subject, data, ground) VALUES (%s, %s, %s, %s, '')"
# Every change of every case, each told by an event that holds what the case was then, as events would have to.
STEPS = f"""
DO $$
DECLARE one record; step int;
BEGIN
    FOR one IN SELECT id, public_id, reported_on FROM cases_case LOOP
        INSERT INTO audit_event (at, kind, subject, data, ground)
            VALUES (one.reported_on, 'case.reported', one.public_id, '{{"status": "suspected"}}', '');
        FOR step IN 1..{CHANGES} LOOP
            UPDATE cases_case SET status = (ARRAY['probable', 'confirmed', 'discarded'])[1 + (one.id + step) % 3]
                WHERE id = one.id;
            INSERT INTO audit_event (at, kind, subject, data, ground)
                SELECT one.reported_on + step * interval '1 day', 'case.' || status, public_id,
                    jsonb_build_object('status', status), '' FROM cases_case WHERE id = one.id;
        END LOOP;
    END LOOP;
END $$
"""
THEN = datetime(2021, 6, 5, tzinfo=UTC)
KNOWN = """SELECT unit_id, count(*) FROM cases_caseversion
    WHERE status = 'confirmed' AND since <= %(then)s AND (until IS NULL OR until > %(then)s) GROUP BY 1 ORDER BY 1"""
TODAY = "SELECT unit_id, count(*) FROM cases_case WHERE status = 'confirmed' GROUP BY 1 ORDER BY 1"
BY_EVENTS = """SELECT c.unit_id, count(*) FROM (
        SELECT DISTINCT ON (subject) subject, data ->> 'status' AS status FROM audit_event
        WHERE at <= %(then)s AND kind LIKE 'case.%%' ORDER BY subject, at DESC, id DESC
    ) last JOIN cases_case c ON c.public_id = last.subject WHERE last.status = 'confirmed' GROUP BY 1 ORDER BY 1"""
TABLES = {"cases_case": "cases_caseversion", "contacts_contact": "contacts_contactversion"}


def keeping(connection: psycopg.Connection, on: bool) -> None:
    """Switch the triggers that write versions on or off."""
    act = "ENABLE" if on else "DISABLE"
    for table, versions in TABLES.items():
        for when in ("inserted", "updated", "deleted"):
            connection.execute(f"ALTER TABLE {table} {act} TRIGGER {versions}_{when}")
    connection.execute(f"ALTER TABLE audit_event {act} TRIGGER history_settle")


def writes(connection: psycopg.Connection) -> dict[str, float]:
    """Milliseconds: all contacts at once, and the median of one change of a case with its event, rolled back."""
    numbers = {"cases": CASES, "contacts": CONTACTS, "units": UNITS}
    with connection.transaction(force_rollback=True):
        begun = time.perf_counter()
        connection.execute(CONTACT, numbers)
        many = (time.perf_counter() - begun) * 1_000

    def change() -> None:
        with connection.transaction(force_rollback=True):
            connection.execute("UPDATE cases_case SET onset_on = '2021-05-01' WHERE public_id = 'case_77'")
            connection.execute(EVENT, [THEN, "case.edited", "case_77", "{}"])

    return {"many": many, "one": median(timed(change, 200)[0])}


def measured(address: str) -> list[str]:
    with psycopg.connect(address, autocommit=True) as connection:
        # The chain of events is measured elsewhere.
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_take_turn")
        connection.execute(LOAD)
        connection.execute(CASE, {"units": UNITS, "cases": CASES})
        connection.execute(STEPS)
        connection.execute("ANALYZE")
        spent: dict[bool, list[dict[str, float]]] = {True: [], False: []}
        for on in (False, True) * 3:
            keeping(connection, on)
            spent[on].append(writes(connection))
        keeping(connection, True)
        without, with_it = (
            {name: median([one[name] for one in spent[on]]) for name in ("many", "one")}
            for on in (False, True)
        )
        then = {"then": THEN}
        known, answer = timed(lambda: connection.execute(KNOWN, then).fetchall(), 20)
        by_events, told = timed(lambda: connection.execute(BY_EVENTS, then).fetchall(), 20)
        today, _ = timed(lambda: connection.execute(TODAY).fetchall(), 20)
    if answer != told or not answer:
        raise click.ClickException("versions and events do not agree")
    k, e, t = median(known), median(by_events), median(today)
    return [
        "| | ms | beside |", "|---|---|---|",
        f"| {CONTACTS:,} contacts written at once | {with_it['many']:,.0f} | {without['many']:,.0f} without versions"
        f" ({with_it['many'] / without['many']:.2f}x) |",
        f"| one change of a case with its event | {with_it['one']:.2f} | {without['one']:.2f} without versions"
        f" ({with_it['one'] / without['one']:.2f}x) |",
        f"| confirmed cases by commune as known then | {k:.1f} | {t:.1f} for those of today, by the table itself;"
        f" {e:.1f} by the last event of each case ({e / k:.1f}x) |",
    ]  # fmt: skip


@click.command()
@click.option("--keep", "kept", is_flag=True, help="Put the table into RESULTS.md.")
def main(kept: bool) -> None:
    load = os.getloadavg()[0]
    with own_server("history"):
        rows = measured(os.environ["DATABASE_URL"])
    told = [
        "## What was known when", "",
        f"{CASES:,} cases, each changed {CHANGES} times; {cpu()}; PostgreSQL 18; {datetime.now(UTC):%Y-%m-%d},",
        f"`python benchmarks/history.py --keep`; load average before it {load:.1f}.", "", *rows,
    ]  # fmt: skip
    click.echo("\n".join(told))
    if kept:
        keep("history", "\n".join(told))


if __name__ == "__main__":
    main()
