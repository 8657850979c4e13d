"""Loading the demonstration through the records' own actions, so that it is what the program would have made."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
from django.conf import settings
from django.db import transaction

from tuyendau.config import demonstration, signins
from tuyendau.config.cli.import_units import load_vietnam
from tuyendau.core.accounts import actions as accounts
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places import actions as place_actions
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import units_by_code
from tuyendau.demo import days, outbreak, people, places
from tuyendau.demo.signins import ACCOUNTS
from tuyendau.lib import clock
from tuyendau.records.cases import actions as case_actions
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.people import actions as people_actions
from tuyendau.records.people.models import Person
from tuyendau.records.visits import actions as visit_actions

SEED = 20210508
RESPONDER = "dichte"


class NotEmpty(Exception):
    """There are records already that are not the demonstration's."""


def load(at: datetime) -> None:
    """Load the demonstration as of `at`, or what is missing of one that was cut short. Raises `NotEmpty`.

    Places, people and their visits come in one transaction. Cases follow one by one, since confirming one traces it
    over visits that are committed; a case that is there already is left as it is.
    """
    if not demonstration.is_wanted():
        raise NotEmpty
    begun = next((event.at for event in events_of(demonstration.SUBJECT)), None)
    at = begun or at
    invented = people.invent(Random(SEED))
    stories = outbreak.stories(invented)
    if begun is None:
        with transaction.atomic():
            audit.record(demonstration.BEGUN, by=None, at=at, subject=demonstration.SUBJECT)
            _load_records(invented, stories, at)
    visit_actions.publish_all(at=at)
    _load_cases(stories, at)
    with transaction.atomic():
        audit.record(demonstration.LOADED, by=None, at=at, subject=demonstration.SUBJECT)


def _load_records(invented: list[people.Invented], stories: list[outbreak.Story], at: datetime) -> None:
    load_vietnam(places.PROVINCE)
    place_actions.add_sites(places.sites(), by=None, at=at)
    _load_people(invented, at)
    _load_users(at)
    _load_visits(invented, stories, at)


def _load_people(invented: list[people.Invented], at: datetime) -> None:
    today = clock.local_day(at)
    units = units_by_code(places.AROUND, today)
    rows = [
        people_actions.NewPerson(p.code, p.name, p.sex, p.birth_year, unit_id=units[p.unit].pk)
        for p in invented
    ]
    ids = people_actions.add_people(rows, by=None, at=at).ids
    sites = dict(Site.objects.values_list("code", "pk"))
    since = date(today.year, 1, 1) - timedelta(days=60)
    belongs = [
        people_actions.NewAssignment(pk, sites[site], since)
        for pk, person in zip(ids, invented, strict=True)
        for site in person.belongs()
    ]
    people_actions.assign(belongs, by=None, at=at)


def _load_users(at: datetime) -> None:
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
            at=at,
        )
    signins.save(settings.VAR, [signins.Signin(a.username, password, a.vi, a.en) for a in ACCOUNTS])


def _load_visits(invented: list[people.Invented], stories: list[outbreak.Story], at: datetime) -> None:
    today = clock.local_day(at)
    isolated = {s.person.code: until for s in stories if (until := s.isolated_at(today)) is not None}
    random = Random(SEED + 1)
    by_source = defaultdict(list)
    for stay in days.stays(invented, random, at=at, isolated=isolated):
        by_source[stay.source].append(stay)
    persons = dict(Person.objects.values_list("code", "pk"))
    sites = dict(Site.objects.values_list("code", "pk"))
    for source, told in by_source.items():
        visit_actions.add_visits(
            person=np.array([persons[s.person] for s in told], np.int32),
            site=np.array([sites[s.site] for s in told], np.int32),
            start=np.array([int(s.start.timestamp()) for s in told], np.int64),
            end=np.array([int(s.end.timestamp()) for s in told], np.int64),
            assumed=np.array([s.assumed for s in told], np.bool_),
            source=source,
            by=None,
            at=at,
        )


def _load_cases(stories: list[outbreak.Story], at: datetime) -> None:
    """Report each case and decide it where it was decided, as the responder did on its day."""
    responder = User.objects.get(username=RESPONDER)
    today = clock.local_day(at)
    viewer = viewer_of(responder, on=today)
    for story in stories:
        moment = min(story.moment(today), at)
        person = Person.objects.get(code=story.person.code)
        with transaction.atomic():
            case = Case.objects.filter(person=person).first() or case_actions.report_case(
                person,
                viewer=viewer,
                by=responder,
                at=moment,
                onset_on=story.day(story.onset, today),
                sampled_on=story.day(story.sampled, today),
                result_on=_known(story, today, moment),
                note=story.note,
            )
            if story.status is not Status.SUSPECTED and case.status == Status.SUSPECTED:
                case_actions.classify(
                    case.public_id,
                    story.status,
                    viewer=viewer,
                    by=responder,
                    at=moment,
                    isolated_at=story.isolated_at(today),
                )


def _known(story: outbreak.Story, today: date, moment: datetime) -> date | None:
    """The day of the result, if it was there when the case was reported."""
    result = story.day(story.result, today)
    return result if result is not None and result <= clock.local_day(moment) else None
