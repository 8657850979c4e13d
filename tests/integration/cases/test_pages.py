"""The line list and the case's pages: who sees what, filters, exports, and a constant number of queries."""

from __future__ import annotations

import threading
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact


@pytest.fixture
def province(db):
    return UnitFactory(level=UnitLevel.PROVINCE, code="24")


@pytest.fixture
def communes(province):
    return UnitFactory(parent=province, code="07801"), UnitFactory(parent=province, code="07807")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def epidemiologist(province):
    return client_of(make_user("dich_te", "epidemiologist", unit=province, language="en"))


@pytest.fixture
def cases(communes):
    a, b = communes
    return [
        CaseFactory(code="BG1", person__full_name="Đỗ Thị Hà", person__unit=a, status="confirmed"),
        CaseFactory(
            code="BG2", person__full_name="Trần Văn Ba", person__unit=b, reported_on=date(2021, 5, 20)
        ),
        CaseFactory(code="BG3", person__full_name="", person__unit=None),
    ]


def listed(client: Client, **filters: str) -> set[str]:
    page = client.get(reverse("cases:list"), filters).context["page"]
    return {case.code for case in page}


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, {"BG1", "BG2", "BG3"}),
        ({"q": "do thi"}, {"BG1"}),
        ({"q": "bg2"}, {"BG2"}),
        ({"status": "confirmed"}, {"BG1"}),
        ({"status": "all"}, {"BG1", "BG2", "BG3"}),
        ({"unit": "07807"}, {"BG2"}),
        ({"unit": "07807", "unit_on": "2021-05-15"}, {"BG2"}),
        ({"unit": "07807", "unit_on": "2019-05-15"}, set()),
        ({"unit": "24"}, {"BG1", "BG2"}),
        ({"no_unit": "on"}, {"BG3"}),
        ({"from": "2021-05-16", "to": "2021-05-31"}, {"BG2"}),
        ({"basis": "onset", "from": "2021-05-16"}, set()),
        ({"from": "31/02/2021"}, set()),
    ],
)
def test_filters_of_the_line_list(epidemiologist, cases, filters, codes):
    assert listed(epidemiologist, **filters) == codes


def test_a_commune_officer_sees_own_cases_everywhere_alike(communes, cases):
    nurse = client_of(make_user("y_ta", "commune_officer", unit=communes[0], language="en"))
    assert listed(nurse) == {"BG1"}
    assert nurse.get(reverse("cases:detail", args=[cases[0].public_id])).status_code == 200
    for name in (
        "cases:detail",
        "cases:presence",
        "contacts:list_of_case",
        "contacts:export",
        "contacts:changes",
    ):
        assert nurse.get(reverse(name, args=[cases[1].public_id])).status_code == 404, name
    book = pl.read_excel(BytesIO(nurse.get(reverse("cases:export")).getvalue()))
    assert book["Number"].to_list() == ["BG1"]


def test_a_company_officer_sees_cases_of_own_workers(cases):
    company = SiteFactory(kind=SiteKind.COMPANY)
    line = SiteFactory(parent=company)
    AssignmentFactory(person=cases[1].person, site=line)
    officer = client_of(make_user("cong_ty", "company_officer", site=company, language="en"))
    assert listed(officer) == {"BG2"}


def test_who_decides_nothing_is_shown_no_button_and_refused(communes, cases):
    nurse = client_of(make_user("y_ta", "commune_officer", unit=communes[0], language="en"))
    page = nurse.get(reverse("cases:detail", args=[cases[0].public_id]))
    assert "classify" not in page.content.decode()
    answer = nurse.post(reverse("cases:classify", args=[cases[0].public_id, "discarded"]), {"ground": "x"})
    assert answer.status_code == 403
    assert Case.objects.get(pk=cases[0].pk).status == "confirmed"


def test_the_number_of_queries_does_not_grow_with_the_list(
    epidemiologist, communes, django_assert_max_num_queries
):
    CaseFactory.create_batch(3, person__unit=communes[0])
    epidemiologist.get(reverse("cases:list"))
    with django_assert_max_num_queries(31):
        epidemiologist.get(reverse("cases:list"))
    CaseFactory.create_batch(30, person__unit=communes[1])
    with django_assert_max_num_queries(31):
        epidemiologist.get(reverse("cases:list"))


def test_the_contact_list_costs_the_same_for_any_length(epidemiologist, cases, django_assert_max_num_queries):
    for n in range(40):
        Contact.objects.create(
            case=cases[0], person=PersonFactory(), grade=n % 3, rank=n + 1, probability=0.1, seconds=600
        )
    address = reverse("contacts:list_of_case", args=[cases[0].public_id])
    with django_assert_max_num_queries(48):
        page = epidemiologist.get(address).context["page"]
    assert len(page.object_list) == 40


def test_exports_hold_every_row_and_are_on_record(epidemiologist, cases):
    book = pl.read_excel(BytesIO(epidemiologist.get(reverse("cases:export")).getvalue()))
    assert set(book["Number"]) == {"BG1", "BG2", "BG3"}
    assert Event.objects.filter(kind="cases.exported").count() == 1


def test_discarding_needs_a_ground(epidemiologist, cases):
    address = reverse("cases:classify", args=[cases[0].public_id, "discarded"])
    page = epidemiologist.post(address, {"ground": ""}, follow=True)
    assert "This field is required" in page.content.decode()
    assert Case.objects.get(pk=cases[0].pk).status == "confirmed"


def test_reporting_a_suspected_case_of_a_person(epidemiologist, communes, cases):
    person = PersonFactory(unit=communes[0])
    address = reverse("cases:new", args=[person.public_id])
    answer = epidemiologist.post(address, {"sampled_on": "2021-05-16"})
    case = Case.objects.get(person=person)
    assert answer.headers["Location"] == reverse("cases:detail", args=[case.public_id])
    assert (case.status, case.unit) == ("suspected", communes[0])
    again = epidemiologist.post(address, {})
    assert "has a case already" in again.content.decode()


def test_a_case_is_reported_only_of_people_over_whom_one_may_report(communes):
    """The nurse of one commune who is also a company's officer sees its workers, and reports none from elsewhere."""
    company = SiteFactory(kind=SiteKind.COMPANY)
    user = make_user("ca_hai", "commune_officer", unit=communes[0], language="en")
    user.memberships.create(role="company_officer", site=company, valid_from=date(2020, 1, 1))
    both = client_of(user)
    neighbour, worker = PersonFactory(unit=communes[0]), PersonFactory(unit=communes[1])
    AssignmentFactory(person=worker, site=company)
    for person, offered, status in [(neighbour, True, 200), (worker, False, 404)]:
        address = reverse("cases:new", args=[person.public_id])
        part = both.get(reverse("cases:of_person", args=[person.public_id]))
        assert (address in part.content.decode()) is offered
        assert both.get(address).status_code == status
    assert both.post(reverse("cases:new", args=[worker.public_id]), {}).status_code == 404
    assert not Case.objects.exists()


def test_an_employer_cannot_ask_by_filter_where_a_worker_lodges(cases):
    company, room = SiteFactory(kind=SiteKind.COMPANY), SiteFactory(kind=SiteKind.ROOM)
    for site in (company, room):
        AssignmentFactory(person=cases[1].person, site=site)
    officer = client_of(make_user("cong_ty", "company_officer", site=company, language="en"))
    assert listed(officer, site=company.code) == {"BG2"}
    assert listed(officer, site=room.code) == set()


@pytest.mark.django_db(transaction=True)
def test_two_people_confirm_at_once_and_one_is_told(segments):
    province = UnitFactory(level=UnitLevel.PROVINCE)
    case = CaseFactory(person__unit=UnitFactory(parent=province))
    users = [make_user(name, "epidemiologist", unit=province, language="en") for name in ("an", "binh")]
    address = reverse("cases:classify", args=[case.public_id, "confirmed"])
    start, pages = threading.Barrier(2), {}

    def confirm(user) -> None:
        client = client_of(user)
        start.wait()
        pages[user.username] = client.post(address, {}, follow=True).content.decode()
        connection.close()

    threads = [threading.Thread(target=confirm, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Event.objects.filter(kind="case.confirmed").count() == 1
    assert sum("decided so at" in page for page in pages.values()) == 1


def test_sign_in_is_asked_of_everybody(client, cases):
    for name in ("cases:list", "map:page", "people:list"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))
