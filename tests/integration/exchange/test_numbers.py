"""Lists without names: who may have them, what they hold, and that they hold nothing personal."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import polars
import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.access import Privacy
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.insight.exchange.queries.pseudonyms import COLUMNS
from tuyendau.insight.exchange.views import numbers
from tuyendau.lib.spreadsheet import Column
from tuyendau.records.contacts.models import Contact

pytestmark = pytest.mark.django_db

SECRETS = ("Nguyễn Văn Kín", "nguyen van kin", "CODE-77", "912345678", "ngõ 5", "bệnh nền", "Chợ Kín", "BN-1")


class World:
    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24", name="Tỉnh Bắc Giang")
        district = UnitFactory(
            level=UnitLevel.DISTRICT, code="222", parent=self.province, name="Huyện Việt Yên"
        )
        self.full = UnitFactory(parent=district, name="Xã Đông Người")
        self.sparse = [UnitFactory(parent=district, name=f"Xã Vắng {n}") for n in range(5)]
        abroad = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE, code="01"), name="Xã Tỉnh Khác")
        self.park = SiteFactory(kind=SiteKind.PARK, unit=self.full, name="KCN Vân Trung")
        company = SiteFactory(kind=SiteKind.COMPANY, parent=self.park, name="Công ty A")
        self.line = SiteFactory(parent=company, name="Chuyền 1")
        for commune in [*[self.full] * 6, *self.sparse]:
            self.case(commune)
        self.case(abroad, code="BN-ABROAD")
        self.users = {
            role: make_user(role, role, language="en", unit=self.province)
            for role in ("province_administrator", "epidemiologist", "auditor")
        }
        self.users["park_manager"] = make_user("park_manager", "park_manager", language="en", site=self.park)

    def case(self, commune: object, **fields: str) -> None:
        person = PersonFactory(
            unit=commune, full_name="Nguyễn Văn Kín", phone="+84912345678", address="ngõ 5", birth_year=1987
        )
        person.code = f"CODE-77-{person.pk}"
        person.save()
        AssignmentFactory(person=person, site=self.line)
        fields = {"code": f"BN-1-{person.pk}", "note": "bệnh nền", "place_infected": "Chợ Kín"} | fields
        case = CaseFactory(person=person, status="confirmed", onset_on=date(2021, 5, 14), **fields)
        contact = PersonFactory(unit=commune, full_name="Nguyễn Văn Kín", birth_year=1940)
        AssignmentFactory(person=contact, site=self.line)
        at = datetime(2021, 5, 13, tzinfo=UTC)
        Contact.objects.create(
            case=case, person=contact, grade=0, rank=1, probability=0.1, seconds=600, first=at, last=at
        )


@pytest.fixture
def world() -> World:
    return World()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def csv_of(client: Client, what: str, **query: str) -> polars.DataFrame:
    answer = client.get(reverse("numbers:export", args=[what, "csv"]), query)
    assert answer.status_code == 200
    return polars.read_csv(io.BytesIO(b"".join(answer.streaming_content)), infer_schema=False)


@pytest.mark.parametrize("role", ["province_administrator", "epidemiologist", "auditor"])
@pytest.mark.parametrize("what", ["cases", "contacts"])
def test_a_list_holds_the_units_rows_and_nothing_personal(world: World, role: str, what: str) -> None:
    client = signed_in(world, role)
    page = client.get(reverse("numbers:people", args=[what])).content.decode()
    workbook = client.get(reverse("numbers:export", args=[what, "xlsx"]))
    sheet = polars.read_excel(io.BytesIO(b"".join(workbook.streaming_content)), infer_schema_length=0)
    table = csv_of(client, what)
    assert len(table) == len(sheet) == 11
    for text in (page, str(sheet.rows()), str(table.rows())):
        assert not [secret for secret in SECRETS if secret in text]
        assert "Xã Vắng" not in text
        assert "Xã Tỉnh Khác" not in text
    assert "person_" not in page + str(table.rows())


def test_no_column_says_who_somebody_is() -> None:
    assert not [c.title for columns in COLUMNS.values() for c in columns if c.privacy is Privacy.PERSONAL]


def test_a_file_refuses_columns_that_say_who_somebody_is(world: World) -> None:
    with pytest.raises(ValueError, match="Name"):
        numbers._file("csv", "x", [Column("Name", 10, Privacy.PERSONAL)], [])
    with pytest.raises(ValueError, match="Unsaid"):
        numbers._file("csv", "x", [Column("Unsaid")], [])


def test_a_commune_is_told_where_enough_share_it_and_else_its_district(world: World) -> None:
    areas = csv_of(signed_in(world, "auditor"), "cases")["Area"].to_list()
    assert sorted(areas) == 5 * ["Huyện Việt Yên"] + 6 * ["Xã Đông Người"]


def test_lists_of_one_purpose_link_and_others_do_not(world: World) -> None:
    auditor, doctor = signed_in(world, "auditor"), signed_in(world, "epidemiologist")
    cases = set(csv_of(auditor, "cases", purpose="research")["Pseudonym"])
    contacts = csv_of(auditor, "contacts", purpose="research")
    assert set(contacts["Contact of"]) == cases
    assert not cases & set(contacts["Pseudonym"])
    assert not cases & set(csv_of(auditor, "cases", purpose="report")["Pseudonym"])
    assert not cases & set(csv_of(doctor, "cases", purpose="research")["Pseudonym"])


def test_ages_are_groups_and_days_are_days(world: World) -> None:
    row = csv_of(signed_in(world, "auditor"), "contacts").row(0, named=True)
    assert row["Age group"] == "80+"
    assert row["First together"] == "2021-05-13"
    assert row["Minutes"] == "10"


def test_a_park_is_told_bands_by_company_and_line_and_no_list(world: World) -> None:
    board = signed_in(world, "park_manager")
    assert board.get(reverse("numbers:start")).headers["Location"] == reverse("numbers:parks")
    answer = board.get(reverse("numbers:parks"))
    told = [(n.name, n.people, n.cases, n.close, n.others) for n in answer.context["numbers"]]
    assert told == [
        (name, "20–24", "10–14", "10–14", "0") for name in ("KCN Vân Trung", "Công ty A", "Chuyền 1")
    ]
    assert not [secret for secret in SECRETS if secret in answer.content.decode()]
    for what in ("cases", "contacts"):
        assert board.get(reverse("numbers:people", args=[what])).status_code == 403
        assert board.get(reverse("numbers:export", args=[what, "csv"])).status_code == 403


def test_who_has_no_park_is_told_no_parks_numbers(world: World) -> None:
    assert signed_in(world, "auditor").get(reverse("numbers:parks")).status_code == 403


def test_looks_and_files_are_on_record_with_their_purpose(world: World) -> None:
    auditor = signed_in(world, "auditor")
    auditor.get(reverse("numbers:people", args=["cases"]), {"purpose": "research"})
    csv_of(auditor, "contacts", purpose="inspection")
    told = list(Event.objects.order_by("id").values_list("kind", "data"))
    assert told == [
        ("pseudonyms.read", {"what": "cases", "purpose": "research"}),
        ("pseudonyms.contacts_exported", {"purpose": "inspection", "rows": 11, "form": "csv"}),
    ]


@pytest.mark.parametrize(
    "address", ["/numbers/people/", "/numbers/cases/export.pdf", "/numbers/parks/export.x"]
)
def test_what_there_is_not_is_not_found(world: World, address: str) -> None:
    role = "park_manager" if "parks" in address else "auditor"
    assert signed_in(world, role).get(address).status_code == 404
    assert not Event.objects.exists()


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999", "2"])
def test_any_page_number_answers(world: World, page: str) -> None:
    answer = signed_in(world, "auditor").get(reverse("numbers:people", args=["cases"]), {"page": page})
    assert answer.status_code == 200
