"""Checks: recorded, taken back, corrected; alarms; the passing of days; handing out; the day's list."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, SiteFactory, make_user
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.actions import FollowUpRefused, Found
from tuyendau.records.followup.models import Check, FollowUp, How, Result, State, Why
from tuyendau.records.followup.queries import WorkFilter
from tuyendau.records.followup.rules import Urgency

pytestmark = pytest.mark.django_db


def followed(field: Field, last: date = TODAY, **person: Any) -> FollowUp:
    """Somebody in follow-up since two days after their last exposure, or today."""
    someone = field.person(**person)
    field.meets(someone, last)
    field.told(at=min(NOW, clock.midnight(last) + timedelta(days=2)))
    return field.of(someone)


def check(field: Field, followup: FollowUp, result: Result, at: datetime = NOW, **more: Any) -> Check:
    return actions.record_check(
        followup.public_id, Found(result, **more), viewer=field.viewer(field.officer), by=field.officer, at=at
    )


def day(n: int) -> datetime:
    return NOW + timedelta(days=n)


def test_symptoms_raise_an_alarm_that_waits_for_what_was_done(field: Field) -> None:
    followup = followed(field)
    check(field, followup, Result.SYMPTOMATIC, symptoms=("fever",), temperature=None)
    told = Event.objects.get(kind="followup.symptomatic")
    assert (told.subject, told.data["person"]) == (followup.public_id, followup.person.public_id)
    for viewer in (field.viewer(field.officer), field.viewer(field.chief)):
        first = queries.worklist(viewer, WorkFilter(), TODAY)[0]
        assert (first.pk, first.urgency) == (followup.pk, Urgency.ALARM)
        assert queries.due(viewer, TODAY).alarms == 1
    actions.answer_alarm(
        followup.public_id, "Đã lấy mẫu", viewer=field.viewer(field.chief), by=field.chief, at=day(0)
    )
    assert queries.due(field.viewer(field.officer), TODAY).alarms == 0


def test_a_check_is_taken_back_by_who_made_it_and_corrected_with_its_trace(field: Field) -> None:
    followup = followed(field)
    made = check(field, followup, Result.SYMPTOMATIC, symptoms=("cough",))
    by = {"viewer": field.viewer(field.chief), "by": field.chief, "at": NOW}
    with pytest.raises(FollowUpRefused):
        actions.undo_check(made.public_id, **by)
    actions.undo_check(made.public_id, viewer=field.viewer(field.officer), by=field.officer, at=NOW)
    followup.refresh_from_db()
    assert (followup.alarm_at, followup.checked_on) == (None, None)
    wrong = check(field, followup, Result.NOT_REACHED)
    right = actions.correct_check(wrong.public_id, Found(Result.WELL), **by)
    wrong.refresh_from_db()
    followup.refresh_from_db()
    assert (right.replaces, wrong.withdrawn_by, followup.result) == (wrong, field.chief, Result.WELL)
    assert followup.checks.count() == 3


def test_two_days_in_vain_are_lost_and_go_up_to_district_and_province(field: Field) -> None:
    followup = followed(field)
    check(field, followup, Result.NOT_REACHED)
    check(field, followup, Result.NOT_REACHED, at=day(1))
    followup.refresh_from_db()
    assert (followup.state, followup.level) == (State.LOST, 0)
    for hours, level in ((23, 0), (24, 1), (48, 2)):
        actions.pass_days(at=day(1) + timedelta(hours=hours))
        followup.refresh_from_db()
        assert followup.level == level, hours
    check(field, followup, Result.WELL, at=day(3))
    followup.refresh_from_db()
    assert (followup.state, followup.level, followup.lost_at) == (State.OPEN, 0, None)


def test_day_twenty_one_is_the_last_and_nobody_is_on_the_list_after_it(field: Field) -> None:
    followup = followed(field, TODAY)
    check(field, followup, Result.WELL, at=day(21), tested=True)
    viewer = field.viewer(field.chief)
    actions.pass_days(at=day(21))
    assert queries.narrowed(viewer, WorkFilter(show="all"), TODAY + timedelta(days=21)).filter(pk=followup.pk)
    assert actions.pass_days(at=day(22))["completed"] == 1
    followup.refresh_from_db()
    assert (followup.state, followup.why, followup.last_day) == (
        State.COMPLETED, Why.OVER, TODAY + timedelta(days=21),
    )  # fmt: skip
    assert not queries.narrowed(viewer, WorkFilter(show="all"), TODAY).filter(pk=followup.pk).exists()
    with pytest.raises(FollowUpRefused):
        check(field, followup, Result.WELL, at=day(22))


def test_a_last_day_without_an_answer_is_put_off_for_a_week_at_most(field: Field) -> None:
    followup = followed(field, TODAY)
    check(field, followup, Result.REFUSED, at=day(21))
    for n in (22, 25, 28):
        actions.pass_days(at=day(n))
        followup.refresh_from_db()
        assert (followup.ended_at, followup.last_day) == (None, TODAY + timedelta(days=n))
    assert actions.pass_days(at=day(28)) == dict.fromkeys(
        ("regime", "completed", "unanswered", "extended", "escalated"), 0
    )
    actions.pass_days(at=day(29))
    followup.refresh_from_db()
    assert (followup.state, followup.why) == (State.LOST, Why.UNANSWERED)


def test_a_text_that_comes_into_force_takes_over_those_who_began_before(field: Field) -> None:
    followup = followed(field, TODAY)
    FollowUp.objects.filter(pk=followup.pk).update(
        last_exposure=date(2021, 7, 5), planned_day=date(2021, 7, 26), last_day=date(2021, 7, 26)
    )
    moment = clock.midnight(date(2021, 7, 13))
    actions.pass_days(at=moment)
    followup.refresh_from_db()
    assert (followup.regime, followup.last_day) == ("vn.covid19.f1.21days", date(2021, 7, 26))
    actions.pass_days(at=moment + timedelta(days=1))
    followup.refresh_from_db()
    assert (followup.regime, followup.last_day, followup.tests) == (
        "vn.covid19.f1.5599", date(2021, 7, 19), [1, 7, 14],
    )  # fmt: skip


def test_the_list_puts_the_most_urgent_first_and_ones_own_before_all(field: Field) -> None:
    old = TODAY - timedelta(days=5)
    usual, unwell, missed, first = (followed(field, old) for _ in range(4))
    FollowUp.objects.filter(pk=first.pk).update(began_on=TODAY, next_test_on=None)
    for one in (usual, unwell):
        check(field, one, Result.WELL, at=day(-1), tested=True)
    check(
        field, unwell, Result.SYMPTOMATIC, at=day(-1) + timedelta(hours=3), symptoms=("fever",), tested=True
    )
    check(field, missed, Result.WELL, at=day(-2), tested=True)
    FollowUp.objects.update(next_test_on=None)
    viewer = field.viewer(field.officer)

    def order() -> list[int]:
        rows = queries.worklist(viewer, WorkFilter(degree=1), TODAY)
        return [f.pk for f in rows]

    assert order() == [unwell.pk, missed.pk, first.pk, usual.pk]
    actions.hand_out(
        FollowUp.objects.filter(pk=usual.pk), [field.officer.public_id], how=actions.IN_TURN,
        viewer=field.viewer(field.chief), by=field.chief, at=NOW,
    )  # fmt: skip
    assert order()[0] == usual.pk
    check(field, usual, Result.WELL)
    assert usual.pk not in order()
    counts = queries.progress(viewer, WorkFilter(degree=1), TODAY)
    assert (counts.todo, counts.done, counts.missed) == (3, 1, 1)


def test_houses_are_handed_out_whole_and_all_of_an_absent_officer(field: Field) -> None:
    other = make_user("tramyte2", "commune_officer", unit=field.commune)
    houses = [SiteFactory(kind="boarding_house", unit=field.commune) for _ in range(2)]
    rooms = [SiteFactory(kind="room", parent=house, unit=field.commune) for house in houses for _ in range(2)]
    for room in rooms:
        person = field.person()
        AssignmentFactory(person=person, site=room, role="lodges")
        field.meets(person, TODAY)
    field.told()
    mine = FollowUp.objects.filter(degree=1)
    chief = {"viewer": field.viewer(field.chief), "by": field.chief, "at": NOW}
    both = [field.officer.public_id, other.public_id]
    assert actions.hand_out(mine, both, how=actions.BY_PLACE, **chief) == 4
    by_house = {(f.site.parent_id, f.officer_id) for f in mine.select_related("site")}
    assert len(by_house) == 2
    assert actions.hand_over(other.public_id, [field.officer.public_id], how=actions.IN_TURN, **chief) == 2
    assert set(mine.values_list("officer", flat=True)) == {field.officer.pk}
    walked = queries.worklist(field.viewer(field.officer), WorkFilter(site=houses[0].public_id), TODAY)
    assert [f.site_id for f in walked] == [rooms[0].pk, rooms[1].pk]


def test_paper_is_entered_line_by_line_and_a_bad_line_keeps_none_back(field: Field) -> None:
    good, bad = followed(field), followed(field)
    rows = [
        (good.public_id, Found(Result.WELL, How.VISIT, TODAY)),
        (bad.public_id, Found(Result.WELL, How.VISIT, TODAY + timedelta(days=1))),
        ("follow_nobody", Found(Result.WELL)),
    ]
    done, refused = actions.record_sheet(rows, viewer=field.viewer(field.officer), by=field.officer, at=NOW)
    assert (done, set(refused)) == (1, {bad.public_id, "follow_nobody"})


def test_who_is_elsewhere_is_not_found(field: Field) -> None:
    followup = followed(field, unit=field.next_commune)
    with pytest.raises(FollowUp.DoesNotExist):
        check(field, followup, Result.WELL)
    assert not queries.worklist(field.viewer(field.officer), WorkFilter(degree=1), TODAY).exists()


class TestPages:
    @pytest.fixture
    def client(self, field: Field, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
        monkeypatch.setattr(clock, "now", lambda: NOW)
        client.force_login(field.officer)
        return client

    def test_one_tap_records_and_one_tap_takes_back(self, field: Field, client: Client) -> None:
        followup = followed(field, full_name="Nguyễn Thị Lành")
        tap = reverse("followup:tap", args=[followup.public_id, "well"])
        line = client.post(tap, headers={"HX-Request": "true"}).content.decode()
        made = Check.objects.get()
        undo = reverse("followup:undo", args=[made.public_id])
        assert "Nguyễn Thị Lành" in line
        assert undo in line
        back = client.post(undo, headers={"HX-Request": "true"}).content.decode()
        assert tap in back
        assert not Check.objects.filter(withdrawn_at__isnull=True).exists()

    def test_a_form_with_a_fault_comes_back_filled(self, field: Field, client: Client) -> None:
        followup = followed(field)
        sent = {"result": "symptomatic", "how": "telephone", "day": "20/05/2021", "note": ""}
        page = client.post(reverse("followup:check", args=[followup.public_id]), sent).content.decode()
        assert "Triệu chứng: chọn ít nhất một, hoặc ghi nhiệt độ hay ghi chú." in page
        assert re.search(r'value="telephone"\s+checked', page)
        assert not Check.objects.exists()
        client.post(reverse("followup:check", args=[followup.public_id]), sent | {"temperature": "38,4"})
        assert str(Check.objects.get().temperature) == "38.4"

    def test_the_very_same_check_within_a_minute_is_one(
        self, field: Field, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        followup = followed(field)
        form = reverse("followup:check", args=[followup.public_id])
        sent = {"result": "symptomatic", "how": "visit", "day": "20/05/2021", "note": "Mệt lả, nôn"}
        client.post(form, sent)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=50))
        assert client.post(form, sent).status_code == 302
        assert Check.objects.get().note == "Mệt lả, nôn"
        assert Event.objects.filter(kind="check.recorded").count() == 1
        client.post(form, sent | {"temperature": "38,4"})
        assert Check.objects.count() == 2, "what says more is another check"
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=3))
        client.post(form, sent)
        assert Check.objects.count() == 3

    def test_the_list_of_two_hundred_takes_few_queries(
        self, field: Field, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(60):
            field.meets(field.person(phone="+84912345678"), TODAY)
        field.told()
        client.get(reverse("followup:worklist"))
        with django_assert_max_num_queries(36):
            page = client.get(reverse("followup:worklist")).content.decode()
        assert page.count('class="card work') == 50
        with django_assert_max_num_queries(30):
            client.get(reverse("followup:sheet"), {"print": "1"})

    def test_the_sheet_comes_back_with_what_could_not_be_recorded(self, field: Field, client: Client) -> None:
        one = followed(field)
        sent = {"day": TODAY.isoformat(), f"r-{one.public_id}": "well", "r-follow_gone": "well"}
        page = client.post(reverse("followup:sheet"), sent, follow=True).content.decode()
        assert "Đã ghi 1 lần kiểm tra." in page
        assert "Người này không còn thuộc phạm vi của bạn." in page

    def test_day_by_day_with_source_and_how_far_it_is_verified(self, field: Field, client: Client) -> None:
        followup = followed(field)
        page = client.get(reverse("followup:detail", args=[followup.public_id])).content.decode()
        assert page.count('class="day day-') == 22
        assert "mới xác minh một phần" in page
        assert Event.objects.filter(kind="followup.read", subject=followup.public_id).exists()
