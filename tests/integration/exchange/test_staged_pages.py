"""The pages of a staged import: what they ask, what they answer, and to whom."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tuyendau.core.places.models import Unit
from tuyendau.insight.exchange.models import StagedImport
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person
from tuyendau.records.visits.queries.presence import forget

HEADS = "Mã ca,Họ tên,Giới tính,Xã,Ngày báo cáo\n"
LIST = (
    HEADS
    + "BN1,Hà,1,Quang Châu,08/05/2021\nBN2,=cmd,Nam,Quang Chau 2,30/02/2021\nBN3,Cúc,Nữ,Quang Châu,09/05/2021\n"
)


@pytest.fixture(autouse=True)
def _segments(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.SEGMENTS = tmp_path
    yield
    forget()


@pytest.fixture
def officer(client: Client, units: dict[str, Unit]) -> Client:
    client.force_login(make_user("dich_te", "epidemiologist", unit=units["province"], language="en"))
    return client


def send(
    client: Client, text: str | bytes, kind: str = "cases", name: str = "ca.csv", **fields: str
) -> HttpResponse:
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    sent = {"kind": kind, "file": file, "valid_on": "2021-05-20", **fields}
    return client.post(reverse("exchange:imports"), sent)


def test_from_a_bad_file_to_cases_and_back(officer: Client) -> None:
    answer = send(officer, LIST, label="Trạm y tế")
    staged = StagedImport.objects.get()
    page = reverse("exchange:staged", args=[staged.public_id])
    assert answer.headers["Location"] == page
    shown = officer.get(page).content.decode()
    assert "2 values are not known" in shown
    assert "2 rows are wrong" in shown
    assert Case.objects.count() == 0
    values = reverse("exchange:values", args=[staged.public_id])
    asked = officer.get(values).content.decode()
    assert "<code>1</code>" in asked
    officer.post(values, {"q-0": "M", "q-1": "07807"})
    staged.refresh_from_db()
    assert staged.questions == []
    bad = officer.get(reverse("exchange:errors", args=[staged.public_id])).getvalue()
    book = fastexcel.read_excel(bad).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert book.row(0) == ("Mã ca", "Họ tên", "Giới tính", "Xã", "Ngày báo cáo", "Lỗi")
    assert book.row(1)[:5] == ("BN2", "=cmd", "Nam", "Quang Chau 2", "30/02/2021")
    assert "calendar" in book.row(1)[5]
    refused = officer.post(reverse("exchange:apply", args=[staged.public_id]), follow=True).content.decode()
    assert "cannot be taken in yet" in refused
    done = officer.post(reverse("exchange:apply", args=[staged.public_id]), {"leave_out": "on"}, follow=True)
    assert "Taken in at" in done.content.decode()
    assert set(Case.objects.values_list("code", flat=True)) == {"BN1", "BN3"}
    mended = mend_book(bad, {"30/02/2021": "20/05/2021"})
    again = send(officer, mended, name="loi.xlsx")
    second = StagedImport.objects.exclude(pk=staged.pk).get()
    assert again.headers["Location"] == reverse("exchange:staged", args=[second.public_id])
    assert (second.continues, second.questions, second.label) == (staged, [], "Trạm y tế")
    officer.post(reverse("exchange:apply", args=[second.public_id]))
    assert Case.objects.count() == 3
    assert "was imported before" in send(officer, LIST).content.decode()
    for each in (second, staged):
        officer.post(reverse("exchange:undo", args=[each.public_id]))
    assert (Case.objects.count(), Person.objects.count()) == (0, 0)


def mend_book(data: bytes, changes: dict[str, str]) -> bytes:
    """The workbook as a spreadsheet would save it after some cells were written anew: its properties stay."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            part = before.read(entry)
            for was, now in changes.items():
                part = part.replace(was.encode(), now.encode())
            after.writestr(entry, part)
    return out.getvalue()


def test_columns_that_are_not_known_are_named(officer: Client) -> None:
    answer = send(officer, "Số hiệu ca,Tên người bệnh,Hôm báo\nBN1,Nguyễn Hà,08/05/2021\n")
    staged = StagedImport.objects.get()
    page = reverse("exchange:columns", args=[staged.public_id])
    assert answer.headers["Location"] == page
    shown = officer.get(page).content.decode()
    assert "Nguyễn Hà" in shown
    wrong = officer.post(page, {"column": ["code", "full_name", ""], "header": "1"})
    assert wrong.status_code == 422
    assert "reported" in wrong.content.decode()
    officer.post(page, {"column": ["code", "full_name", "reported"], "header": "1"})
    staged.refresh_from_db()
    assert staged.state == "ready"
    assert (
        send(officer, "Số hiệu ca,Tên người bệnh,Hôm báo\nBN2,Lê Bình,08/05/2021\n").headers["Location"]
        != page
    )
    assert StagedImport.objects.filter(state="ready").count() == 2


def test_an_import_is_its_owners(officer: Client, client: Client, units: dict[str, Unit]) -> None:
    send(officer, LIST)
    staged = StagedImport.objects.get()
    other = Client()
    other.force_login(make_user("huyen", "district_officer", unit=units["222"], language="en"))
    assert other.get(reverse("exchange:staged", args=[staged.public_id])).status_code == 404
    assert "ca.csv" not in other.get(reverse("exchange:imports")).content.decode()
    assert "ca.csv" in officer.get(reverse("exchange:imports")).content.decode()


def test_an_import_is_put_aside(officer: Client) -> None:
    send(officer, LIST)
    staged = StagedImport.objects.get()
    officer.post(reverse("exchange:drop", args=[staged.public_id]))
    assert (
        "was put aside" in officer.get(reverse("exchange:staged", args=[staged.public_id])).content.decode()
    )
    assert officer.get(reverse("exchange:errors", args=[staged.public_id])).status_code == 404
