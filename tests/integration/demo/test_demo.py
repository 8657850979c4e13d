"""The demonstration as a newcomer meets it: loaded into an empty database, its waiting case confirmed."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db.models import Count

from tuyendau.access import Viewer
from tuyendau.config import demonstration, signins
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Site
from tuyendau.demo import load, outbreak, people
from tuyendau.demo.signins import ACCOUNTS
from tuyendau.lib import clock
from tuyendau.records.cases import actions
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts.models import Contact, Exposure, Grade
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people
from tuyendau.records.visits.models import Segment, Visit

pytestmark = pytest.mark.django_db(transaction=True)
AT = clock.now()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR = tmp_path
    settings.SEGMENTS = tmp_path / "segments"
    return tmp_path


@pytest.fixture
def demo(folder: Path) -> Iterator[Path]:
    load.load(AT)
    return folder


def viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username), on=clock.local_day(AT))


def confirm_waiting() -> Case:
    """What the newcomer does first."""
    waiting = Case.objects.order_by("-reported_on", "-id")[0]
    user = User.objects.get(username="dichte")
    return actions.classify(
        waiting.public_id, Status.CONFIRMED, viewer=viewer("dichte"), by=user, at=AT, isolated_at=AT
    )


def test_everything_agrees_as_loaded(demo: Path) -> None:
    """One load, which takes seconds, serves all that only reads; confirming the waiting case comes last."""
    numbers_agree()
    each_user_sees_their_own()
    sign_ins_work_and_are_their_owners_alone(demo)
    is_loaded_once()
    the_waiting_case_gives_a_graded_list()


def the_waiting_case_gives_a_graded_list() -> None:
    case = confirm_waiting()
    line, bus, room = _sites_of(case.person)
    counts = dict(case.contacts.values_list("grade").annotate(n=Count("id")).order_by())
    assert 10 < counts[Grade.CLOSE] < 80
    assert counts[Grade.CLOSE] < sum(counts.values()) / 2
    where_close = set(
        Exposure.objects.filter(contact__case=case, contact__grade=Grade.CLOSE).values_list(
            "site__code", flat=True
        )
    )
    assert {line, room} <= where_close
    first = case.contacts.order_by("rank")[0]
    assert room in first.exposures.values_list("site__code", flat=True)
    lineside = Person.objects.filter(assignments__site__code=line).exclude(pk=case.person_id)
    assert set(lineside) <= {
        c.person for c in case.contacts.filter(grade=Grade.CLOSE).select_related("person")
    }
    only_company = Contact.objects.filter(case=case).exclude(
        pk__in=Contact.objects.filter(case=case, exposures__site__code__in=[line, bus, room])
    )
    assert not only_company.filter(grade=Grade.CLOSE).exists()
    assert case.contacts.filter(assumed_seconds__gt=0).exists()


def _sites_of(person: Person) -> tuple[str, str, str]:
    sites = {s.kind: s.code for s in Site.objects.filter(assignments__person=person)}
    return sites["line"], sites["bus"], sites["room"]


def numbers_agree() -> None:
    assert 350 < Person.objects.count() < 450
    assert sum(Segment.objects.values_list("rows", flat=True)) >= Visit.objects.count() > 15_000
    assert 0 < Visit.objects.filter(end_assumed=True).count() < Visit.objects.count() / 10
    assert not Visit.objects.filter(start__gt=AT).exists()
    assert Visit.objects.filter(start__gt=AT - timedelta(days=1)).exists()
    confirmed = Case.objects.filter(status=Status.CONFIRMED)
    assert confirmed.count() == 6
    assert all(case.trace is not None and case.contacts.exists() for case in confirmed)
    for case in confirmed:
        assert not Visit.objects.filter(person_id=case.person_id, end__gt=case.isolated_at).exists()
    assert Case.objects.filter(status=Status.SUSPECTED, result_on__isnull=False).count() == 2


def each_user_sees_their_own() -> None:
    province, commune = viewer("dichte"), viewer("tramyte")
    company, other = viewer("saokhue"), viewer("luavang")
    assert visible_cases(province).count() == Case.objects.count()
    assert visible_people(province).count() == Person.objects.count()
    for narrow in (commune, company, other):
        assert 0 < visible_people(narrow).count() < Person.objects.count()
        assert 0 < visible_cases(narrow).count() < Case.objects.count()
    assert not set(visible_people(company)) & set(visible_people(other))


def sign_ins_work_and_are_their_owners_alone(folder: Path) -> None:
    kept = signins.load(folder)
    assert [account.username for account in kept] == [account.username for account in ACCOUNTS]
    assert all(User.objects.get(username=a.username).check_password(a.password) for a in kept[:1])
    assert stat.S_IMODE((folder / signins.FILE).stat().st_mode) == 0o600


def is_loaded_once() -> None:
    assert not demonstration.is_wanted()
    with pytest.raises(load.NotEmpty):
        load.load(AT)


def test_what_was_cut_short_is_finished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = actions.report_case
    calls = []

    def cut(*arguments: Any, **named: Any) -> Case:
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return report(*arguments, **named)

    monkeypatch.setattr(actions, "report_case", cut)
    with pytest.raises(KeyboardInterrupt):
        load.load(AT)
    assert Case.objects.count() == 3
    assert demonstration.is_wanted()
    load.load(AT + timedelta(hours=30))
    assert Case.objects.count() == 10
    assert not demonstration.is_wanted()
    assert clock.local_day(AT) == max(Case.objects.values_list("reported_on", flat=True))


def test_nothing_is_loaded_where_there_is_something(folder: Path) -> None:
    User.objects.create_user("somebody", full_name="Somebody")
    with pytest.raises(load.NotEmpty):
        load.load(AT)
    assert not Person.objects.exists()
    assert not (Path(django_settings.VAR) / signins.FILE).exists()


def test_the_same_numbers_give_the_same_people() -> None:
    once, twice = (people.invent(Random(load.SEED)) for _ in range(2))
    assert once == twice
    assert len({person.code for person in once}) == len(once)
    told = outbreak.stories(once)
    assert len({story.person.code for story in told}) == len(told)
