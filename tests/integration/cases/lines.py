"""The cast of the line list, and how its pages and files are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.people.models import Identifier, Shift

NOW = datetime(2021, 5, 12, 3, tzinfo=UTC)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class World:
    """A district with two communes, a company with a workshop and a line, a boarding house with a room; three cases."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.district = UnitFactory(
            level=UnitLevel.DISTRICT, code="222", name="Huyện Việt Yên", parent=self.province
        )
        self.commune = UnitFactory(parent=self.district, code="07801", name="Xã Tự Lạn")
        self.far = UnitFactory(parent=self.province, code="07807", name="Xã Xa")
        self.company = SiteFactory(kind=SiteKind.COMPANY, name="Công ty A", code="CTA", unit=self.far)
        shop = SiteFactory(kind=SiteKind.WORKSHOP, name="Xưởng 2", parent=self.company)
        self.line = SiteFactory(name="Chuyền 7", parent=shop)
        house = SiteFactory(kind=SiteKind.BOARDING_HOUSE, name="Nhà trọ Bà Tư", code="TRO", unit=self.commune)
        self.room = SiteFactory(kind=SiteKind.ROOM, name="Phòng 3", parent=house)
        self.ha = self.case("BG1", "Đỗ Thị Hà", "F", 1990, onset_on=date(2021, 5, 10), status="confirmed")
        self.ba = self.case(
            "BG2", "Trần Văn Ba", "M", 2015, sampled_on=date(2021, 5, 12), outcome="recovered"
        )
        self.no = self.case("BG3", "Lê Văn Không", "M", None, unit=self.far, reported_on=date(2021, 6, 1))
        shift = Shift.objects.create(
            site=self.company, code="C1", name="Ca ngày", begins="06:00", minutes=480
        )
        AssignmentFactory(person=self.ha.person, site=self.line, shift=shift)
        AssignmentFactory(person=self.ha.person, site=self.room)
        Identifier.objects.create(person=self.ha.person, kind="cccd", value="024190012345")
        self.ha.details = {"symptoms": {"fever": "2021-05-10", "cough": None}}
        self.ha.save()
        sample = Sample.objects.create(
            person=self.ha.person, case=self.ha, disease="covid19", number="SP7", specimen="nasopharyngeal",
            taken_at=NOW, recorded_at=NOW, resulted_at=NOW,
        )  # fmt: skip
        for ct, at in ((17.5, NOW), (30, NOW - timedelta(days=1))):
            TestResult.objects.create(
                sample=sample, test="pcr", result="positive", ct=ct, resulted_at=at, recorded_at=at
            )
        self.cdc = make_user("dich_te", "epidemiologist", unit=self.province, language="en")
        self.officer = make_user("cong_ty", "company_officer", site=self.company, language="en")

    def case(
        self, code: str, name: str, sex: str, year: int | None, *, unit: Any = None, **fields: Any
    ) -> Case:
        unit = unit or self.commune
        person = PersonFactory(full_name=name, sex=sex, birth_year=year, unit=unit, phone="+84912345678")
        return CaseFactory(code=code, person=person, unit=unit, note=f"ghi chú {code}", **fields)


def page_of(user: Any, query: str = "") -> Any:
    answer = client_of(user).get(f"{reverse('cases:list')}?{query}")
    assert answer.status_code == 200
    return answer


def codes(user: Any, query: str = "") -> list[str]:
    return [case.code for case in page_of(user, query).context["page"]]


def file_of(user: Any, query: str = "", form: str = "csv") -> pl.DataFrame:
    answer = client_of(user).get(f"{reverse('cases:export')}?{query}&format={form}")
    data = BytesIO(answer.getvalue())
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "xlsx": pl.read_excel}[form]
    return read(data)
