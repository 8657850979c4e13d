"""The auditor's pages: found by who, what, whom and when; no person is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.core.audit import actions
from tuyendau.core.audit.models import Check, Event
from tuyendau.core.audit.queries import lists

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 5, 20, 8, tzinfo=UTC)
EVENTS = reverse("audit:events")


@pytest.fixture
def auditor(client: Client) -> Client:
    province = UnitFactory(level=1, code="24", name="Tỉnh Bắc Giang")
    client.force_login(make_user("kiem_tra", "auditor", unit=province, language="en"))
    return client


def event(kind: str = "case.read", *, hours: int = 0, **fields: object) -> Event:
    return Event.objects.create(
        kind=kind, at=NOW + timedelta(hours=hours), **{"subject": "case_1", "data": {}, **fields}
    )


def whats(client: Client, **wanted: str) -> list[str]:
    return [line.what for line in client.get(EVENTS, wanted).context["page"].lines]


def test_events_are_told_latest_first_with_who_and_ground(auditor: Client) -> None:
    nurse = make_user("y_ta", "commune_officer", unit=UnitFactory(), full_name="Lê Thị Hoa")
    event("case.confirmed", by=nurse, ground="PCR +")
    event(hours=1, by=nurse)
    assert whats(auditor) == ["Looked at the case", "Confirmed the case"]
    page = auditor.get(EVENTS).content.decode()
    assert "Lê Thị Hoa" in page
    assert "PCR +" in page


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"who": "Y_TA"}, ["Looked at the case"]),
        ({"kind": "cases.exported"}, ["Took the line list away"]),
        ({"subject": "cases"}, ["Took the line list away", "Searched the cases"]),
        ({"only": "reads"}, ["Searched the cases", "Looked at the case"]),
        ({"only": "exports"}, ["Took the line list away"]),
        ({"from": "21/05/2021"}, ["Took the line list away"]),
        ({"to": "20/05/2021"}, ["Searched the cases", "Looked at the case", "Confirmed the case"]),
        ({"from": "21/05/2021", "to": "20/05/2021"}, []),
    ],
)
def test_filters_narrow(auditor: Client, wanted: dict[str, str], found: list[str]) -> None:
    event("case.confirmed")
    event(hours=1, by=make_user("y_ta", "commune_officer", unit=UnitFactory()))
    event("cases.searched", hours=8, subject="cases")
    event("cases.exported", hours=24, subject="cases")
    assert whats(auditor, **wanted) == found


def test_pages_follow_one_another_without_loss_among_equal_times(auditor: Client) -> None:
    for number in range(130):
        event(hours=number // 50, subject=f"case_{number}")
    seen, after = [], ""
    while True:
        page = auditor.get(EVENTS, {"after": after}).context["page"]
        seen += [line.event.pk for line in page.lines]
        if not (after := page.next):
            break
    assert seen == list(Event.objects.order_by("-at", "-id").values_list("pk", flat=True))


@pytest.mark.parametrize("after", ["x", "1-", "-1", "99999999999999999999-1", "1-99999999999999", "²-1"])
def test_a_place_that_cannot_be_one_is_the_first_page(auditor: Client, after: str) -> None:
    event()
    assert len(auditor.get(EVENTS, {"after": after}).context["page"].lines) == 1


def test_who_looked_at_one_person(auditor: Client) -> None:
    nurse = make_user("y_ta", "commune_officer", unit=UnitFactory())
    for hours in (0, 1, 5):
        event("person.read", hours=hours, by=nurse, subject="person_1")
    event("person.read", by=nurse, subject="person_2")
    event("case.read", by=nurse, subject="case_1", data={"person": "person_1"})
    event("case.read", by=nurse, subject="case_2", data={"person": "person_2"})
    look, of_case = auditor.get(reverse("audit:of_subject", args=["person_1"])).context["looks"]
    assert (of_case.what, of_case.times) == ("Looked at the case", 1)
    assert (look.username, look.times, look.first, look.last) == ("y_ta", 3, NOW, NOW + timedelta(hours=5))


def test_the_ground_of_a_look_names_role_and_place(auditor: Client) -> None:
    auditor.get(reverse("audit:export"))
    assert "auditor, Tỉnh Bắc Giang" in auditor.get(EVENTS).content.decode()


def test_an_export_is_itself_on_record_and_holds_what_the_filter_lets_through(auditor: Client) -> None:
    event("case.confirmed")
    event("cases.exported", subject="cases")
    answer = auditor.get(reverse("audit:export"), {"kind": "case.confirmed"})
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    taken = Event.objects.get(kind="audit.exported")
    assert taken.by
    assert taken.by.username == "kiem_tra"
    assert taken.data == {"filter": "kind=case.confirmed"}


def test_a_broken_chain_is_told_loudly(auditor: Client) -> None:
    assert "not verified yet" in auditor.get(EVENTS).content.decode()
    Check.objects.create(at=NOW, first=1, last=5, digest=b"x")
    assert "whole up to number 5" in auditor.get(EVENTS).content.decode()
    Check.objects.create(
        at=NOW, first=1, last=5, digest=b"x",
        breaks=[{"fault": "changed", "seq": 4, "event": 7, "until": 0, "name": ""}],
    )  # fmt: skip
    page = auditor.get(EVENTS).content.decode()
    assert "Event 7, number 4 in the chain, was changed." in page
    assert "alert-danger" in page


def test_an_auditor_is_told_no_name_of_a_person_or_word_searched(auditor: Client) -> None:
    person = PersonFactory(full_name="Nguyễn Văn Kín", phone="+84912345678")
    case = CaseFactory(person=person)
    event("person.read", subject=person.public_id)
    event("case.reported", subject=case.public_id, data={"before": {"name": "Nguyễn Văn Kín"}})
    event("people.searched", subject="people", data={"words": "nguyen van kin"})
    event("cases.exported", subject="cases", data={"filter": "q=Nguyễn+Văn+Kín"})
    addresses = [EVENTS, reverse("audit:of_subject", args=[person.public_id])]
    for address in addresses:
        page = auditor.get(address).content.decode()
        assert person.public_id in page
        for word in ("Kín", "nguyen", "912345678", "K%C3%ADn"):
            assert word not in page, word
    for closed in ("people:list", "cases:list"):
        assert auditor.get(reverse(closed)).status_code == 403


def test_the_first_page_asks_the_database_little(auditor: Client, django_assert_max_num_queries) -> None:
    for number in range(60):
        event(subject=f"case_{number}", ground="auditor@unit:/1/")
    with django_assert_max_num_queries(12):
        auditor.get(EVENTS)


def test_words_are_escaped(auditor: Client) -> None:
    with transaction.atomic():
        actions.record("<b>", by=None, at=NOW, subject="<i>", ground="<script>")
    page = auditor.get(EVENTS).content.decode()
    for text in ("<b>", "<i>", "<script>"):
        assert escape(text) in page
    assert lists.PAGE == 50
