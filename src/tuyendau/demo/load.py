"""Loading the demonstration: the world and its days in bulk, what officers did through the records' actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np
import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tuyendau.config import demonstration, signins
from tuyendau.config.cli.import_units import load_vietnam
from tuyendau.config.storage import write_private
from tuyendau.core.accounts import actions as accounts
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.acting import as_owner
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places import actions as place_actions
from tuyendau.core.places.models import Site
from tuyendau.demo import bulk, care, course, hospital, interviews, people, reported, samples, sites, timing
from tuyendau.demo.ground import Ground, ground
from tuyendau.demo.officers import Officers
from tuyendau.demo.plan import DAYS, FOUNDED, PROVINCE, UNITS_FROM, Plan
from tuyendau.demo.posts import posts
from tuyendau.demo.presence import known_between
from tuyendau.demo.signins import ACCOUNTS, ELECTRONICS, own_sites
from tuyendau.demo.stories import stories
from tuyendau.lib import clock
from tuyendau.records.chains import actions as chains
from tuyendau.records.visits import actions as visit_actions
from tuyendau.records.visits.actions.partitions import ensure_partitions
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Days, Outbreak, World

Told = Callable[[str], None]
TOLD_EVERY = 500


# As many as live in this world, which is smaller than the province: cases are as much fewer, so that rates are right.
_POPULATION = """
UPDATE places_unit unit SET population = coalesce(living.n, 0)
FROM places_unit same LEFT JOIN (SELECT unit_id, count(*) AS n FROM people_person GROUP BY 1) living
    ON living.unit_id = same.id
WHERE same.id = unit.id AND unit.level = 3 AND unit.valid_from <= %(day)s
    AND (unit.valid_to IS NULL OR unit.valid_to > %(day)s);
UPDATE places_unit unit SET population = before.n
FROM (
    SELECT link.new_id, sum(old.population) AS n
    FROM places_unitsuccessor link JOIN places_unit old ON old.id = link.old_id GROUP BY 1
) before
WHERE before.new_id = unit.id AND unit.level = 3 AND unit.population IS NULL;
"""


class NotEmpty(Exception):
    """There are records already that are not the demonstration's."""


def load(plan: Plan, told: Told = lambda step: None) -> None:
    """Load the demonstration by `plan`, or what is missing of one that was cut short. Raises `NotEmpty`.

    Places, people and their visits come in one transaction. Cases follow one by one, since confirming one traces it
    over visits that are committed; a case that is there already is left as it is. `told` hears of each step.
    """
    if not demonstration.is_wanted():
        raise NotEmpty
    begun = next((e for e in events_of(demonstration.SUBJECT) if e.kind == demonstration.BEGUN), None)
    if begun is not None:
        plan = Plan.of_data(begun.data)
    else:
        # Indexes and triggers are taken away and put back: only the tables' owner may.
        with as_owner(), transaction.atomic():
            audit.record(
                demonstration.BEGUN,
                by=None,
                at=plan.moment,
                subject=demonstration.SUBJECT,
                data=plan.to_data(),
            )
            _load_records(plan, told)
    timing.put(settings.VAR, plan.moment, 0.0)
    told(_("Segments"))
    for day in days_of(plan):
        visit_actions.publish_day(day, at=clock.real_now())
    told(_("Cases and their contacts"))
    world = course.world_of(plan, ground(plan.day).communes)
    outbreak = course.of_plan(settings.VAR, plan, world)
    with _without_waiting():
        told_of = stories(world, outbreak, plan)
        for done in Officers().act(told_of, None, plan.moment):
            if done % TOLD_EVERY == 0:
                told(_("Cases and their contacts: %(count)s steps") % {"count": done})
        told(_("Who infected whom"))
        chains.compute_waiting(at=plan.moment)
        told(_("Follow-up and orders"))
        care.lay(plan)
        told(_("Interviews"))
        interviews.lay(told_of, plan)
        told(_("Samples"))
        samples.lay(plan)
        told(_("Patients"))
        hospital.lay(plan)
        told(_("Reports of cases"))
        reported.lay(plan)
    # This commit is waited for, and with it all before it: a load that calls itself whole is on the disk.
    with transaction.atomic():
        audit.record(demonstration.LOADED, by=None, at=plan.moment, subject=demonstration.SUBJECT)


@contextmanager
def _without_waiting() -> Iterator[None]:
    """Let thousands of small commits reach the disk a moment later: what a crash takes is loaded again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")


def days_of(plan: Plan) -> list[date]:
    """The days of which visits are loaded: the days before the scenario's own, and that one."""
    return [plan.day - timedelta(days=back) for back in range(DAYS, -1, -1)]


def _load_records(plan: Plan, told: Told) -> None:
    told(_("Administrative units"))
    load_vietnam(PROVINCE, legacy_from=UNITS_FROM)
    on = ground(plan.day)
    with course.worked_out_beside(settings.VAR, plan, on.communes) as wait:
        told(_("The world: who lives, works and travels where"))
        world = course.world_of(plan, on.communes)
        _load_sites(world, on, told)
        _load_people(world, on, plan, told)
        told(_("Users"))
        place_actions.add_sites([*own_sites(), *posts(on)], by=None, at=FOUNDED)
        _load_users()
        told(_("The course of the outbreak"))
        wait()
    outbreak = course.of_plan(settings.VAR, plan, world)
    told(_("Where people belong"))
    _load_assignments(world, outbreak, plan)
    _load_visits(world, outbreak, plan, told)


def _load_sites(world: World, on: Ground, told: Told) -> None:
    told(_("Sites"))
    frame = sites.rows(world, on.units.tolist(), on.names)
    with bulk.without_indexes("places_site"):
        bulk.copy_rows("places_site", frame)
    bulk.count_on("places_site")
    bulk.analyze("places_site")
    audit.record(
        "sites.loaded", by=None, at=FOUNDED, subject="sites", data={"created": frame.height, "updated": 0}
    )


def _load_people(world: World, on: Ground, plan: Plan, told: Told) -> None:
    told(_("People and their numbers"))
    codes = sites.rows(world, on.units.tolist(), on.names)["code"]
    rows = people.rows(world, on.units, codes, year=plan.day.year, seed=plan.seed)
    _copy({"people_person": rows.persons, "people_identifier": rows.identifiers, "people_shift": rows.shifts})
    data = {"rows": rows.persons.height, "new": rows.persons.height, "changed": 0}
    audit.record("people.added", by=None, at=FOUNDED, subject="people", data=data)
    with connection.cursor() as cursor:
        cursor.execute(_POPULATION, {"day": plan.day})


def _load_assignments(world: World, outbreak: Outbreak, plan: Plan) -> None:
    number = date_to_day(plan.day)
    closed = np.flatnonzero(outbreak.movement(world, number).closed).astype(np.int32)
    rows = people.assignments(world, closed, seed=plan.seed)
    _copy({"people_assignment": rows})
    data = {"rows": rows.height, "new": rows.height}
    audit.record("people.assigned", by=None, at=FOUNDED, subject="people", data=data)


def _copy(tables: Mapping[str, pl.DataFrame]) -> None:
    with bulk.without_indexes(*tables):
        for table, frame in tables.items():
            bulk.copy_rows(table, frame)
            bulk.count_on(table)
    bulk.analyze(*tables)


def _load_users() -> None:
    """The demonstration's users, all with one random password, kept where `tuyendau up` finds it."""
    kept = signins.load(settings.VAR)
    password = kept[0].password if kept else signins.new_password()
    for account in ACCOUNTS:
        accounts.add_user(
            account.username,
            password=password,
            full_name=account.full_name,
            role=account.role,
            unit=account.unit,
            site=account.site,
            by=None,
            at=FOUNDED,
        )
    _load_gate()
    signins.save(settings.VAR, [signins.Signin(a.username, password, a.vi, a.en) for a in ACCOUNTS])


def _load_gate() -> None:
    """A device at a company's gate, made by the company's officer; its key is kept for whoever tries the interface."""
    officer = User.objects.get(username="saokhue")
    site = Site.objects.get(code=ELECTRONICS)
    viewer = viewer_of(officer, on=clock.local_day(FOUNDED))
    _device, key = accounts.add_device("Cổng chính", site, viewer=viewer, by=officer, at=FOUNDED)
    folder = settings.VAR / demonstration.FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / demonstration.GATE_KEY, str(key))


def _load_visits(world: World, outbreak: Outbreak, plan: Plan, told: Told) -> None:
    told(_("Visits of the last days"))
    ensure_partitions([*days_of(plan), plan.day - timedelta(days=DAYS + 1)])
    days = Days(world)
    added = 0
    with bulk.quietly("visits_visit"), bulk.without_indexes("visits_visit", primary=True):
        for day in days_of(plan):
            number = date_to_day(day)
            rows = days.presence(number, outbreak.movement(world, number), want="recorded")
            visits = known_between(world, rows, None, plan.moment)
            bulk.copy_visits(
                person=visits.person, site=visits.site, start=visits.start, end=visits.end, assumed=visits.assumed,
                source=visits.source, recorded=visits.recorded,
            )  # fmt: skip
            added += len(visits)
        told(_("Indexes"))
    bulk.analyze("visits_visit")
    data = {"rows": added, "new": added, "first": days_of(plan)[0].isoformat(), "last": plan.day.isoformat()}
    audit.record("visits.added", by=None, at=plan.moment, subject="visits", data=data)
