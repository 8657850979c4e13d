"""The page of imports: what it takes, what it says of it, and to whom."""

from __future__ import annotations

import base64
import csv
import io
import re

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tuyendau.core.places.models import Site, Unit
from tuyendau.insight.exchange.forms import upload
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.records.people.models import Person
from tuyendau.records.visits.models import Visit

URL = "/imports/"


@pytest.fixture
def officer(client: Client, units: dict[str, Unit]) -> Client:
    """Signed in as an epidemiologist of the province."""
    client.force_login(make_user("dich_te", "epidemiologist", unit=units["province"], language="en"))
    return client


@pytest.fixture
def guard(client: Client, sites: dict[str, Site]) -> Client:
    """Signed in as a company's officer."""
    client.force_login(make_user("cong_ty", "company_officer", site=sites["CTY-A"], language="en"))
    return client


def send(client: Client, kind: str, text: str, name: str = "danh sách.csv", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(
        reverse("exchange:imports"), {"kind": kind, "file": file, "valid_on": "2021-05-20", **fields}
    )


def test_the_page_lists_kinds_columns_and_past_imports(officer: Client) -> None:
    page = officer.get(URL).content.decode()
    for kind in ("people", "visits", "cases", "contacts"):
        assert f'value="{kind}"' in page
        assert reverse("exchange:template", args=[kind]) in page
    assert "No file yet" in page


VISITS = "person,site,start,end\nCN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\nCN-2,B-1,08/05/2021 07:30,\n"


def test_a_good_file_says_what_it_changed(officer: Client, people: dict[str, Person]) -> None:
    response = send(officer, "visits", VISITS)
    page = response.content.decode()
    assert response.status_code == 200
    assert "“danh sách.csv” is imported: 2 rows" in page
    assert re.search(r"<strong>2</strong>\s*new visits", page)
    assert Visit.objects.count() == 2
    listed = officer.get(URL).content.decode()
    assert "danh sách.csv" in listed
    assert "Dich_Te" in listed


def test_a_bad_file_lists_every_problem_and_a_file_of_them(
    officer: Client, people: dict[str, Person]
) -> None:
    text = "person,site,start\nCN-1,A-1,8/5\nCN-2,=cmd,08/05/2021 07:30\n"
    response = send(officer, "visits", text)
    page = response.content.decode()
    assert response.status_code == 422
    assert "“danh sách.csv” was not imported" in page
    assert "There are 2 problems" in page
    link = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', page)
    assert link
    rows = list(csv.reader(io.StringIO(base64.b64decode(link[1]).decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["2", "start", "8/5"], ["3", "site", "'=cmd"]]
    assert not Visit.objects.exists()
    assert not ImportedFile.objects.exists()


def test_the_same_file_twice_is_said_so(officer: Client, people: dict[str, Person]) -> None:
    send(officer, "visits", VISITS)
    response = send(officer, "visits", VISITS)
    assert response.status_code == 409
    assert "was imported before" in response.content.decode()
    assert ImportedFile.objects.count() == 1


def test_who_sent_a_file_before_is_told_only_to_who_may_know(
    client: Client, guard: Client, sites: dict[str, Site], units: dict[str, Unit], people: dict[str, Person]
) -> None:
    visit = "person,site,start,end\nCN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\n"
    assert send(guard, "visits", visit, name="chuyền A.csv").status_code == 200
    own = send(guard, "visits", visit).content.decode()
    assert "chuyền A.csv" in own
    assert "Cong_Ty" in own
    client.force_login(make_user("cty_b", "company_officer", site=sites["CTY-B"], language="en"))
    other = send(client, "visits", visit)
    page = other.content.decode()
    assert other.status_code == 409
    assert "This file was imported already. Nothing was changed." in page
    assert "chuyền A.csv" not in page
    assert "Cong_Ty" not in page
    client.force_login(make_user("cdc", "epidemiologist", unit=units["222"], language="en"))
    assert "chuyền A.csv" in send(client, "visits", visit).content.decode()


def test_a_file_too_large_is_told_the_way(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "LARGEST", 10)
    response = send(officer, "people", "code\nA1\nA2\nA3\n")
    assert response.status_code == 413
    assert "on the server" in response.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("fields", [{"source": "a b"}, {"valid_on": "x"}, {"kind": "places"}])
def test_wrong_fields_are_told(officer: Client, fields: dict[str, str]) -> None:
    kind = fields.pop("kind", "people")
    assert send(officer, kind, "code\nA1\n", **fields).status_code == 422
    assert not Person.objects.exists()


def test_no_file_and_an_empty_file(officer: Client) -> None:
    assert officer.post(URL, {"kind": "people"}).status_code == 422
    assert "The file is empty" in send(officer, "people", "").content.decode()
    assert "The file is empty" in send(officer, "people", " \n\n").content.decode()


def test_what_a_company_may_bring(guard: Client, people: dict[str, Person]) -> None:
    page = guard.get(URL).content.decode()
    assert 'value="visits"' in page
    assert 'value="cases"' not in page
    assert send(guard, "cases", "code,reported\nC,08/05/2021\n").status_code == 422
    assert guard.get(reverse("exchange:template", args=["people"])).status_code == 403
    ImportedFile.objects.create(kind="visits", name="of another", sha256="x", rows=1, at="2021-05-08T00:00Z")
    visit = "person,site,start,end\nCN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\n"
    assert send(guard, "visits", visit, name="of mine.csv").status_code == 200
    page = guard.get(URL).content.decode()
    assert "of mine.csv" in page
    assert "of another" not in page


def test_who_may_import_nothing_is_denied(client: Client, units: dict[str, Unit]) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(make_user("xa", "commune_officer", unit=units["07807"], language="en"))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"kind": "people"}).status_code == 403


def test_a_template_has_the_headings_that_the_reader_knows(officer: Client) -> None:
    response = officer.get(reverse("exchange:template", args=["cases"]))
    sheet = fastexcel.read_excel(response.getvalue()).load_sheet(0, header_row=None).to_polars()
    assert "place_infected" in sheet.row(0)
    send(officer, "people", "code\nA1\n")
    assert officer.get("/imports/template/none.xlsx").status_code == 404
