"""What interviews tell, and visits put right or taken out: exact in the next question, on record with the reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tests.integration.visits.test_presence import minutes_with
from tuyendau.core.accounts.models import Membership
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.visits.actions import publish_all, scan_in
from tuyendau.records.visits.models import Statement, Visit, VisitSource

DAY = date(2021, 5, 14)
MORNING = clock.midnight(DAY) + timedelta(hours=7)
HOUR = timedelta(hours=1)


class World:
    """A commune with a market and a resident, a company in another commune, and officers of each."""

    def __init__(self) -> None:
        province = UnitFactory(level=UnitLevel.PROVINCE)
        self.commune, other = UnitFactory(parent=province), UnitFactory(parent=province)
        self.market = SiteFactory(kind=SiteKind.MARKET, unit=other, code="CHO")
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=other)
        self.line = SiteFactory(parent=self.company, unit=other, code="CHUYEN")
        self.resident, self.other = PersonFactory(unit=self.commune), PersonFactory(unit=other)
        AssignmentFactory(person=self.resident, site=self.line)
        self.nurse = make_user("y_ta", "commune_officer", unit=self.commune, language="en")
        self.officer = make_user("can_bo", "company_officer", site=self.company, language="en")

    def client(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def tell(self, user, **changed):
        told = {
            "site": "CHO", "start": "07:00 14/05/2021", "end": "09:30 14/05/2021", "told_by": "family",
            "note": "đi chợ", **changed,
        }  # fmt: skip
        return self.client(user).post(reverse("visits:told", args=[self.resident.public_id]), told)

    def correct(self, user, visit, **sent):
        where = reverse("visits:correct", args=[visit.person.public_id, visit.site.public_id, visit.span])
        return self.client(user).post(where, sent)


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("segments")
def test_what_is_told_corrected_and_taken_out_counts_in_the_next_question(world):
    stay(world.other, world.market, MORNING, MORNING + 3 * HOUR)
    publish_all(at=clock.now())
    assert minutes_with(world.resident.pk) == {}
    assert world.tell(world.nurse).status_code == 302
    assert minutes_with(world.resident.pk) == {world.other.pk: 150}
    visit = Visit.objects.get(person=world.resident)
    assert (visit.source, visit.end_assumed) == (VisitSource.INTERVIEW, False)
    said = Statement.objects.get()
    assert (said.told_by, said.note, said.by) == ("family", "đi chợ", world.nurse)
    publish_all(at=clock.now())
    times = {"start": "06:00 14/05/2021", "end": "07:20 14/05/2021"}
    assert world.correct(world.nurse, visit, ground="nhớ nhầm", **times).status_code == 302
    assert minutes_with(world.resident.pk) == {world.other.pk: 20}
    event = Event.objects.get(kind="visit.corrected")
    assert (event.subject, event.ground, event.by) == (world.resident.public_id, "nhớ nhầm", world.nurse)
    visit = Visit.objects.get(person=world.resident)
    yesterday = {"start": "23:00 13/05/2021", "end": "07:10 14/05/2021"}
    assert world.correct(world.nurse, visit, ground="từ hôm trước", **yesterday).status_code == 302
    assert minutes_with(world.resident.pk) == {world.other.pk: 10}
    visit = Visit.objects.get(person=world.resident)
    assert world.correct(world.nurse, visit, ground="không phải", remove="1", **yesterday).status_code == 302
    assert minutes_with(world.resident.pk) == {}
    publish_all(at=clock.now())
    assert minutes_with(world.resident.pk) == {}
    assert not Visit.objects.filter(person=world.resident).exists()


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"site": "KHONG-CO"}, "site"),
            ({"end": "06:00 14/05/2021"}, "end"),
            ({"end": "07:00 14/09/2021"}, "end"),
            ({"end": "07:00 14/05/2087"}, "end"),
            ({"start": "07:00 14/05/1999"}, "start"),
            ({"start": "hôm qua"}, "start"),
            ({"told_by": "cat"}, "told_by"),
        ],
    )
    def test_a_stay_that_cannot_be_told(self, world, changed, field):
        answer = world.tell(world.nurse, **changed)
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == [field]
        assert not Visit.objects.exists()

    def test_an_employer_names_only_its_own_sites(self, world):
        assert list(world.tell(world.officer).context["form"].errors) == ["site"]
        assert world.tell(world.officer, site="CHUYEN").status_code == 302

    def test_a_correction_needs_a_reason_and_a_visit_in_reach(self, world):
        stay(world.other, world.market, MORNING, MORNING + HOUR)
        visit = Visit.objects.get()
        times = {"start": "07:00 14/05/2021", "end": "07:20 14/05/2021"}
        assert world.correct(world.nurse, visit, ground="x", **times).status_code == 404
        stay(world.resident, world.line, MORNING, MORNING + HOUR)
        visit = Visit.objects.get(person=world.resident)
        answer = world.correct(world.officer, visit, ground=" ", **times)
        assert list(answer.context["form"].errors) == ["ground"]
        assert Visit.objects.filter(person=world.resident, end=MORNING + HOUR).exists()

    def test_a_role_that_ended_while_the_page_was_open_records_nothing(self, world):
        client = world.client(world.nurse)
        page = reverse("visits:told", args=[world.resident.public_id])
        assert client.get(page).status_code == 200
        Membership.objects.filter(user=world.nurse).update(valid_to=clock.local_day(clock.now()))
        told = {
            "site": "CHO",
            "start": "07:00 14/05/2021",
            "end": "09:30 14/05/2021",
            "told_by": "family",
        }
        answer = client.post(page, told)
        assert answer.status_code == 403
        assert not Visit.objects.exists()
        assert not Statement.objects.exists()

    def test_who_is_still_inside_is_shown_so(self, world):
        now = clock.now()
        viewer = viewer_of(world.officer, on=clock.local_day(now))
        scan_in(world.resident.code, "CHUYEN", now - HOUR, viewer=viewer, by=world.officer, at=now)
        page = world.client(world.officer).get(reverse("visits:of_site", args=[world.line.public_id]))
        assert "still inside" in page.content.decode()

    def test_the_roster_page_tells_who_was_seen_and_takes_absences(self, world):
        client, page = world.client(world.officer), reverse("visits:roster", args=[world.line.public_id])
        shown = client.get(page, {"day": "14/05/2021"})
        assert [row.person for row in shown.context["roster"]] == [world.resident]
        absent = {"person": world.resident.public_id, "day": "2021-05-14", "absent": "1"}
        assert client.post(page, absent).status_code == 302
        assert client.get(page, {"day": "14/05/2021"}).context["roster"][0].absent
        del absent["absent"]
        client.post(page, absent)
        stay(world.resident, world.line, MORNING, MORNING + HOUR)
        row = client.get(page, {"day": "14/05/2021"}).context["roster"][0]
        assert (row.absent, row.seen, len(row.visits)) == (False, True, 1)
