"""Reports of cases to the level above: due, sent once, answered by that level, anew when the case changes."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.factories import SiteFactory, make_user
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.home.queries.due import due
from tuyendau.insight.reports import actions, queries
from tuyendau.insight.reports.actions import Elsewhere, NotificationRefused
from tuyendau.insight.reports.actions.keeping import remove_notifications
from tuyendau.insight.reports.models import Notification, NotificationState
from tuyendau.insight.reports.queries import LATE, DutyFilter
from tuyendau.insight.reports.queries.form import digest_of
from tuyendau.insight.reports.rules.notifying import Standing
from tuyendau.lib import clock
from tuyendau.records.cases.actions import correct_dates, report_case
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person

HOUR = timedelta(hours=1)


def suspected(field: Field, at: Any = NOW, **person: Any) -> Case:
    return report_case(field.person(**person), viewer=field.viewer(field.officer), by=field.officer, at=at)


def notify(field: Field, case: Case, user: Any = None, at: Any = NOW, **more: Any) -> Notification:
    user = user or field.officer
    return actions.notify(case.public_id, viewer=field.viewer(user), by=user, at=at, **more)


def answer(field: Field, case: Case, state: NotificationState, user: Any = None, words: str = "") -> Any:
    user = user or field.chief
    return actions.answer(
        [case.public_id], state, viewer=field.viewer(user), by=user, at=NOW + HOUR, words=words
    )


def shown(field: Field, show: str, at: Any, user: Any = None, **more: Any) -> set[str]:
    with as_program():
        found = queries.duties(field.viewer(user or field.officer), DutyFilter(show=show, **more), at)
        return set(found.values_list("public_id", flat=True))


@pytest.fixture
def case(field: Field) -> Case:
    Case.objects.all().delete()
    return suspected(field)


@pytest.mark.django_db
class TestDuties:
    def test_a_case_is_due_from_when_it_is_known_and_overdue_a_day_later(
        self, field: Field, case: Case
    ) -> None:
        assert shown(field, "due", NOW + 24 * HOUR) == {case.public_id}
        assert shown(field, "overdue", NOW + 24 * HOUR) == set()
        assert shown(field, "overdue", NOW + 24 * HOUR + timedelta(seconds=1)) == {case.public_id}
        duty = queries.with_duties([case], NOW + 26 * HOUR)[0]
        assert (duty.begun_at, duty.deadline, duty.standing) == (NOW, NOW + 24 * HOUR, Standing.OVERDUE)
        assert duty.hours == 2

    def test_an_announcement_before_the_entry_begins_the_duty(self, field: Field, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(reported_on=TODAY - timedelta(days=3))
        duty = queries.with_duties([case], NOW)[0]
        assert duty.begun_at == clock.midnight(TODAY - timedelta(days=2))
        assert shown(field, "overdue", NOW) == {case.public_id}

    def test_sql_and_rules_agree_on_every_case(self, field: Field, case: Case) -> None:
        """The list's conditions and the rule that a row shows are two spellings of one thing."""
        sent, changed, returned, late, measles = (suspected(field, NOW - n * HOUR) for n in range(1, 6))
        Case.objects.filter(pk=measles.pk).update(disease="measles")
        for each in (sent, changed, returned):
            notify(field, each)
        notify(field, late, at=NOW + 30 * HOUR)
        answer(field, returned, NotificationState.RETURNED, words="thiếu ngày khởi phát")
        Case.objects.filter(pk=changed.pk).update(version=7)
        for hours in (1, 20, 25, 44, 49, 60):
            at = NOW + hours * HOUR
            cases = list(Case.objects.exclude(status="discarded").order_by("pk"))
            told = {d.case.public_id: d.standing for d in queries.with_duties(cases, at)}
            for standing in Standing:
                assert shown(field, standing, at) == {c for c, s in told.items() if s is standing}, (
                    hours,
                    standing,
                )
            counted = queries.standings(field.viewer(field.officer), at)
            assert sum(counted[s] for s in Standing) == len(cases)
            assert counted[LATE] == 1

    @pytest.mark.parametrize("hours", [-30, -1, 1, 23, 25, 47, 49, 200])
    def test_sql_and_rules_agree_where_the_group_changes(self, field: Field, case: Case, hours: int) -> None:
        """COVID-19 left group A on 20 October 2023: 24 hours became 48."""
        turn = clock.midnight(date(2023, 10, 20))
        for n in (-50, -30, -10, 10, 30):
            suspected(field, turn + n * HOUR)
        at = turn + hours * HOUR
        cases = list(Case.objects.order_by("pk"))
        over = {d.case.public_id for d in queries.with_duties(cases, at) if d.standing is Standing.OVERDUE}
        assert shown(field, "overdue", at) == over

    def test_a_discarded_case_is_reported_only_where_it_was_before(self, field: Field, case: Case) -> None:
        other = suspected(field)
        notify(field, other)
        Case.objects.update(status="discarded", version=2)
        assert shown(field, "all", NOW) == {other.public_id}
        assert shown(field, "changed", NOW) == {other.public_id}
        with pytest.raises(NotificationRefused):
            notify(field, case)

    def test_only_cases_in_reach(self, field: Field, case: Case) -> None:
        far = report_case(
            Person.objects.create(unit=field.next_commune, full_name="Xa"),
            viewer=field.viewer(field.chief), by=field.chief, at=NOW,
        )  # fmt: skip
        assert shown(field, "open", NOW) == {case.public_id}
        assert shown(field, "open", NOW, field.chief) == {case.public_id, far.public_id}
        with pytest.raises(Case.DoesNotExist):
            notify(field, far)
        leader = make_user("lanhdao", "leader", unit=field.province)
        with pytest.raises(Denied):
            queries.due_reports(field.viewer(leader), NOW)

    def test_the_start_page_says_what_is_due(self, field: Field, case: Case) -> None:
        later = NOW + 30 * HOUR
        found = {d.key: d for d in due(field.viewer(field.officer), at=later)}
        assert found["overdue_reports"].count == 1
        assert found["overdue_reports"].oldest == NOW + 24 * HOUR
        notify(field, case, at=later)
        assert {d.key: d.count for d in due(field.viewer(field.chief), at=later)}["answer_reports"] == 1
        assert "overdue_reports" not in {d.key for d in due(field.viewer(field.officer), at=later)}


@pytest.mark.django_db
class TestSending:
    def test_what_is_sent_is_kept_word_for_word(self, field: Field, case: Case) -> None:
        made = notify(field, case)
        assert (made.version, made.from_unit, made.to_unit, made.late) == (
            1,
            field.commune,
            field.district,
            False,
        )
        assert digest_of(made.document) == made.digest
        words = dict(row for _heading, rows in made.document["sections"] for row in rows)
        assert words["1. Họ và tên"] == case.person.full_name
        assert words["3. Phân loại chẩn đoán"] == "Nghi ngờ (lâm sàng)"
        assert made.document["to"].startswith("Trung tâm Y tế")
        case.person.full_name = "Tên khác"
        case.person.save()
        assert digest_of(Notification.objects.get().document) == made.digest
        event = Event.objects.get(kind="case.notified")
        assert event.subject == case.public_id
        assert event.data["digest"] == made.digest

    def test_a_second_report_needs_its_reason(self, field: Field, case: Case) -> None:
        notify(field, case)
        with pytest.raises(NotificationRefused, match="Tramyte"):
            notify(field, case, field.chief, at=NOW + HOUR)
        correct_dates(
            case.public_id, onset_on=TODAY - timedelta(days=2), sampled_on=None, result_on=None, isolated_at=None,
            viewer=field.viewer(field.chief), by=field.chief, at=NOW,
        )  # fmt: skip
        assert shown(field, "changed", NOW) == {case.public_id}
        with pytest.raises(NotificationRefused):
            notify(field, case)
        second = notify(field, case, reason="bổ sung ngày khởi phát", at=NOW + 30 * HOUR)
        assert (second.version, second.first_at, second.late) == (2, NOW, False)
        assert [(n.version, n.current) for n in queries.versions_of(case)] == [(2, True), (1, False)]
        assert shown(field, "sent", NOW) == {case.public_id}
        assert "điều chỉnh lần 1" in second.document["version"]

    def test_late_stays_late(self, field: Field, case: Case) -> None:
        assert notify(field, case, at=NOW + 25 * HOUR).late
        assert notify(field, case, reason="sửa", at=NOW + 26 * HOUR).late
        assert shown(field, LATE, NOW + 26 * HOUR) == {case.public_id}

    def test_reported_elsewhere(self, field: Field, case: Case) -> None:
        with pytest.raises(NotificationRefused):
            notify(field, case, elsewhere=Elsewhere(NOW + HOUR, "PM báo cáo BTN"))
        made = notify(
            field, case, at=NOW + 40 * HOUR, elsewhere=Elsewhere(NOW + 3 * HOUR, "PM báo cáo BTN, số 1234")
        )
        assert (made.late, made.sent_at, made.recorded_at) == (False, NOW + 3 * HOUR, NOW + 40 * HOUR)
        with as_program():
            assert not queries.answerable(field.viewer(field.chief)).exists()

    def test_each_reports_to_the_level_above_its_own(self, field: Field, case: Case) -> None:
        assert notify(field, case, field.chief).to_unit == field.province
        province = make_user("tinh", "epidemiologist", unit=field.province)
        made = notify(field, suspected(field), province)
        assert made.to_unit is None
        assert made.document["to"] == "Cục Y tế dự phòng, Bộ Y tế"
        hospital = SiteFactory(kind=SiteKind.HOSPITAL, unit=field.commune, name="Bệnh viện Dã chiến")
        doctor = make_user("bacsi", "clinician", site=hospital)
        patient = suspected(field)
        patient.person.assignments.create(site=hospital, valid_from=date(2021, 1, 1), role="belongs")
        made = notify(field, patient, doctor)
        assert (made.from_unit, made.from_site, made.to_unit) == (None, hospital, field.district)
        assert made.document["authority"][1] == "BỆNH VIỆN DÃ CHIẾN"

    def test_many_at_once_leave_out_who_cannot(self, field: Field, case: Case) -> None:
        other = suspected(field)
        notify(field, other)
        sent, refused = actions.notify_many(
            [case.public_id, other.public_id, "case_none", case.public_id],
            viewer=field.viewer(field.officer), by=field.officer, at=NOW,
        )  # fmt: skip
        assert [n.case for n in sent] == [case]
        assert len(refused) == 2


@pytest.mark.django_db
class TestAnswers:
    def test_the_level_above_acknowledges_once(self, field: Field, case: Case) -> None:
        notify(field, case)
        with pytest.raises(NotificationRefused):
            answer(field, case, NotificationState.ACKNOWLEDGED, field.officer)
        [made] = answer(field, case, NotificationState.ACKNOWLEDGED)
        assert (made.state, made.answered_by) == ("acknowledged", field.chief)
        with pytest.raises(NotificationRefused):
            answer(field, case, NotificationState.RETURNED, words="sai")
        assert shown(field, "acknowledged", NOW) == {case.public_id}

    def test_what_is_sent_back_says_why_and_is_sent_anew(self, field: Field, case: Case) -> None:
        notify(field, case)
        with pytest.raises(NotificationRefused):
            answer(field, case, NotificationState.RETURNED, words=" ")
        answer(field, case, NotificationState.RETURNED, words="thiếu địa chỉ")
        assert shown(field, "returned", NOW) == {case.public_id}
        assert queries.due_reports(field.viewer(field.officer), NOW).to_correct == 1
        assert notify(field, case, reason="thêm địa chỉ").version == 2

    def test_whoever_sent_does_not_answer_themselves(self, field: Field, case: Case) -> None:
        notify(field, case, field.chief)
        with pytest.raises(NotificationRefused):
            answer(field, case, NotificationState.ACKNOWLEDGED, field.chief)

    def test_what_waits_for_us_is_what_was_sent_to_us(self, field: Field, case: Case) -> None:
        province = make_user("tinh", "epidemiologist", unit=field.province)
        notify(field, case)
        assert shown(field, "all", NOW, field.chief, to_me=True) == {case.public_id}
        assert shown(field, "all", NOW, province, to_me=True) == set()


@pytest.mark.django_db
def test_reports_kept_long_enough_are_emptied_and_still_count_as_sent(field: Field, case: Case) -> None:
    made = notify(field, case)
    assert remove_notifications(TODAY, frozenset()).total == 0
    held = frozenset({case.person.public_id})
    assert remove_notifications(TODAY + timedelta(days=1), held).total == 0
    assert remove_notifications(TODAY + timedelta(days=1), frozenset()).rows == {"reports_notification": 1}
    left = Notification.objects.get()
    assert (left.document, left.digest, left.sent_at) == ({}, made.digest, made.sent_at)
    assert shown(field, "open", NOW) == set()
    assert remove_notifications(TODAY + timedelta(days=1), frozenset()).total == 0


@pytest.mark.django_db
class TestPages:
    def login(self, user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_the_list_sends_and_says_what_is_left(self, field: Field, case: Case) -> None:
        client = self.login(field.officer)
        page = client.get(reverse("notifications:list"), {"show": "all"})
        assert case.person.full_name in page.content.decode()
        sent = client.post(
            reverse("notifications:notify_many"),
            {"cases": [case.public_id], "next": "/notifications/?show=sent"},
        )
        assert sent.headers["Location"] == "/notifications/?show=sent"
        assert Notification.objects.count() == 1
        away = client.post(reverse("notifications:notify_many"), {"next": "https://example.org/"})
        assert away.headers["Location"] == reverse("notifications:list")

    def test_a_refused_report_comes_back_as_it_was_written(self, field: Field, case: Case) -> None:
        client = self.login(field.officer)
        where = reverse("notifications:notify", args=[case.public_id])
        page = client.post(where, {"sent_at": "31/02/2021", "reference": "số 12"})
        assert page.status_code == 422
        assert "số 12" in page.content.decode()
        assert not Notification.objects.exists()

    def test_the_pages_of_one_report(self, field: Field, case: Case) -> None:
        client = self.login(field.officer)
        before = client.get(reverse("notifications:detail", args=[case.public_id]))
        assert "BÁO CÁO TRƯỜNG HỢP BỆNH TRUYỀN NHIỄM" in before.content.decode()
        client.post(reverse("notifications:notify", args=[case.public_id]), {})
        for name in ("detail", "paper", "of_case"):
            assert (
                client.get(
                    reverse(f"notifications:{name}", args=[case.public_id]), {"version": "1"}
                ).status_code
                == 200
            )
        assert set(Event.objects.values_list("kind", flat=True)) >= {
            "notification.read",
            "notification.printed",
        }

    def test_the_list_asks_no_more_for_more_cases(
        self, field: Field, case: Case, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(12):
            notify(field, suspected(field))
        client = self.login(field.chief)
        client.get(reverse("notifications:list"))
        with django_assert_max_num_queries(40):
            client.get(reverse("notifications:list"), {"show": "all"})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_once_one_is_told(field: Field) -> None:
    case = suspected(field)
    told: list[str] = []

    def send() -> None:
        try:
            actions.notify(
                case.public_id, viewer=viewer_of(field.officer, on=TODAY), by=field.officer, at=NOW
            )
            told.append("sent")
        except NotificationRefused:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "sent"]
    assert Notification.objects.count() == 1
