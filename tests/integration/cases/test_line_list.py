"""The line list: columns and order, filters that combine, files of all rows, decisions on many."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.lists.models import Batch
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.cases.queries import seen_of
from tuyendau.records.contacts.models import Contact
from tuyendau.records.orders.models import Order, Series
from tuyendau.records.people.models import Identifier, Shift

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def world() -> World:
    return World()


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


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=confirmed&status=suspected", {"BG1", "BG2", "BG3"}),
        ("status=confirmed&status=discarded", {"BG1"}),
        ("sex=F", {"BG1"}),
        ("age_from=18", {"BG1"}),
        ("age_to=6", {"BG2"}),
        ("age_from=5&age_to=40", {"BG1", "BG2"}),
        ("outcome=recovered", {"BG2"}),
        ("outcome=open&outcome=died", {"BG1", "BG3"}),
        ("without=onset", {"BG2", "BG3"}),
        ("without=onset&without=sample", {"BG3"}),
        ("isolated=yes", set()),
        ("isolated=no&sex=M", {"BG2", "BG3"}),
        ("unit=222", {"BG1", "BG2"}),
        ("site=CTA", {"BG1"}),
        ("site=cong+ty", {"BG1"}),
        ("disease=measles", set()),
        ("disease=covid19", {"BG1", "BG2", "BG3"}),
        ("basis=outcome&to=2021-05-01", set()),
        ("days=1", set()),
        ("days=3000", {"BG1", "BG2", "BG3"}),
        ("unit=222&sex=M&basis=sample&from=2021-05-12&to=2021-05-12", {"BG2"}),
    ],
)
def test_filters_combine(world, query, expected):
    assert set(codes(world.cdc, query)) == expected


@pytest.mark.parametrize(
    ("query", "label", "told"),
    [
        ("site=khongco", "Company, park or other site", "no site of that name or code"),
        ("site=kh%C3%B4ng+c%C3%B3", "Company, park or other site", "no site of that name or code"),
        ("from=31/02/2021", "From", "write it as dd/mm/yyyy"),
        ("days=abc", "Last days", "Write a whole number"),
        ("unit=00000", "Commune or district", "choose one of the list"),
        ("age_from=x&sex=F", "Age from", "Write a whole number"),
        ("status=sick", "Status", "choose one of the list"),
        ("basis=birth", "By date of", "choose one of the list"),
    ],
)
def test_what_is_not_understood_is_said_and_lets_nothing_through(world, query, label, told):
    page = page_of(world.cdc, query)
    assert page.context["page"].paginator.count == 0
    text = page.content.decode()
    assert 'role="alert"' in text
    assert f"<strong>{label}</strong>" in text
    assert told in text
    assert "No case matches" not in text
    client = client_of(world.cdc)
    file = client.get(f"{reverse('cases:export')}?{query}&format=csv")
    act = client.post(reverse("cases:bulk"), {"whole": "1", "query": query})
    for answer in (file, act):
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/html")
        assert told in answer.content.decode()
    assert not Event.objects.filter(kind="cases.exported").exists()


def test_words_are_names_and_codes_are_met_from_their_beginning(world):
    world.case("tram-thu:2021-05-25:931a", "Lê Văn Sáu", "M", 1980)
    world.case("BG77", "Nguyễn Thị Trâm", "F", 1980)
    assert codes(world.cdc, "q=Tr%C3%A2m") == ["BG77"]
    assert codes(world.cdc, "q=tram") == ["BG77"]
    assert codes(world.cdc, "q=nguy+tr%C3%A2m") == ["BG77"]
    assert codes(world.cdc, "q=%C3%A2m") == []
    assert codes(world.cdc, "q=tram-thu:2021") == ["tram-thu:2021-05-25:931a"]
    assert codes(world.cdc, "q=931a") == []
    assert codes(world.cdc, "q=bg7") == ["BG77"]


def test_a_code_means_the_unit_that_has_it_on_the_day(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 5, 3, tzinfo=UTC))
    old = UnitFactory(parent=world.district, code="07777", name="Xã Cũ", valid_to=date(2025, 7, 1))
    new = UnitFactory(parent=world.province, code="07777", name="Phường Mới", valid_from=date(2025, 7, 1))
    gone = UnitFactory(parent=world.district, code="07778", name="Xã Hết", valid_to=date(2025, 7, 1))
    for code, unit in (("O1", old), ("N1", new), ("G1", gone)):
        world.case(code, "Lê Văn Sáu", "M", 1980, unit=unit)

    def chosen(query: str) -> tuple[list[str], list[str]]:
        page = page_of(world.cdc, query)
        return [case.code for case in page.context["page"]], [c.text for c in page.context["listed"].chips]

    offered = [unit for _value, held in page_of(world.cdc).context["form"].units if held for unit in held]
    assert [unit for unit in offered if unit[0] in {"07777", "07778"}] == [("07777", "Phường Mới")]
    assert chosen("unit=07777") == (["N1"], ["Commune or district: Phường Mới"])
    then = (["O1"], ["Commune or district: Xã Cũ (as on 31/05/2021)"])
    assert chosen("unit=07777&unit_on=2021-05-31") == then
    assert chosen("unit=07777%402021-05-31") == then
    assert chosen("unit=07778") == (["G1"], ["Commune or district: Xã Hết (as on 30/06/2025)"])
    assert chosen("unit=07777%4031-05")[0] == []
    assert chosen("unit=07777&unit_on=1990-01-01")[0] == []


def test_a_site_that_several_are_called_lets_nothing_through(world):
    SiteFactory(kind=SiteKind.COMPANY, name="Công ty A phụ", unit=world.far)
    page = page_of(world.cdc, "site=cong+ty+a")
    assert page.context["page"].paginator.count == 0
    assert "Several sites are called so" in page.content.decode()


def test_a_refused_filter_is_a_chip_that_takes_it_away(world):
    listed = page_of(world.cdc, "status=confirmed&days=abc").context["listed"]
    assert {chip.text: chip.href for chip in listed.chips}["Last days: abc"] == "?status=confirmed"


def test_an_employer_learns_nothing_of_the_site_of_another(world):
    SiteFactory(kind=SiteKind.COMPANY, name="Công ty Bí Mật", code="CTB", unit=world.far)
    known, unknown = (page_of(world.officer, f"site={code}") for code in ("CTB", "CTX"))
    assert "Bí Mật" not in known.content.decode()
    assert [chip.text for chip in known.context["listed"].chips] == ["Company, park or other site: CTB"]
    for page in (known, unknown):
        assert page.context["page"].paginator.count == 0
        assert "There is no site of that name or code within your area." in page.content.decode()
    assert client_of(world.officer).get(f"{reverse('cases:export')}?site=CTB").status_code in {400, 403}


def test_filters_in_force_are_chips_that_take_themselves_away(world):
    listed = page_of(world.cdc, "status=confirmed&status=suspected&unit=222&page=1").context["listed"]
    chips = {chip.text: chip.href for chip in listed.chips}
    assert chips["Status: confirmed"] == "?status=suspected&unit=222"
    assert chips["Commune or district: all of Huyện Việt Yên"] == "?status=confirmed&status=suspected"


def test_columns_and_order_are_what_the_address_says(world):
    page = page_of(world.cdc, "col=onset&col=sex&col=nonsense&order=-onset,name")
    assert [column.name for column in page.context["listed"].asked.columns] == ["name", "onset", "sex"]
    assert codes(world.cdc, "order=-onset,name") == ["BG1", "BG3", "BG2"]
    assert codes(world.cdc, "order=name") == ["BG1", "BG3", "BG2"]
    assert codes(world.cdc, "order=-sex&order=code") == ["BG2", "BG3", "BG1"]
    heads = {head.column.name: head for head in page.context["listed"].heads}
    assert (heads["onset"].state, heads["sex"].href) == (
        "down",
        "?col=onset&col=sex&col=nonsense&order=sex%2C-onset%2Cname",
    )


def test_every_column_of_an_expert(world):
    every = urlencode([("col", column.name) for column in page_of(world.cdc).context["listed"].asked.offered])
    row = file_of(world.cdc, f"{every}&q=bg1", "parquet").row(0, named=True)
    expected = {
        "name": "Đỗ Thị Hà", "code": "BG1", "sex": "female", "born": "1990", "age": 31, "phone": "0912 345 678",
        "cccd": "024190012345", "unit": "Xã Tự Lạn", "district": "Huyện Việt Yên", "status": "confirmed",
        "onset": date(2021, 5, 10), "reference": date(2021, 5, 10), "basis": "onset", "company": "Công ty A",
        "workshop": "Xưởng 2", "line": "Chuyền 7", "shift": "Ca ngày", "lodging": "Nhà trọ Bà Tư", "room": "Phòng 3",
        "note": "ghi chú BG1", "symptoms": "Fever, Cough", "test": "positive",
        "ct": 17.5, "sampled": "SP7", "since_onset": (clock.local_day(clock.now()) - date(2021, 5, 10)).days,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_an_employer_sees_own_workers_and_nothing_of_free_words_or_lodging(world):
    assert codes(world.officer) == ["BG1"]
    offered = page_of(world.officer).context["listed"].asked.offered
    every = urlencode([("col", column.name) for column in offered])
    for form in ("csv", "parquet", "xlsx"):
        rows = file_of(world.officer, every, form)
        assert rows.height == 1
        text = str(rows.to_dicts())
        assert "Công ty A" in text
        assert "ghi chú" not in text
        assert "Nhà trọ" not in text
        assert "024190012345" not in text
        assert "345" in text, "the CCCD is masked"
    assert codes(world.officer, "site=TRO") == []


@pytest.mark.parametrize("form", ["xlsx", "csv", "parquet"])
def test_files_hold_all_rows_in_the_columns_and_order_chosen_and_are_on_record(world, form, monkeypatch):
    monkeypatch.setattr("tuyendau.core.lists.actions.exporting.BATCH", 7)
    CaseFactory.create_batch(60, person__unit=world.commune, code=None)
    rows = file_of(world.cdc, "col=status&col=code&order=-code", form)
    assert rows.height == 63
    assert rows.columns == (["name", "status", "code"] if form == "parquet" else ["Name", "Status", "Number"])
    assert rows[rows.columns[2]].drop_nulls().to_list() == ["BG3", "BG2", "BG1"]
    event = Event.objects.get(kind="cases.exported")
    assert event.data == {
        "filter": "col=status&col=code&order=-code", "rows": 63, "columns": ["name", "status", "code"], "format": form,
    }  # fmt: skip


def test_no_cell_of_a_csv_file_is_a_formula(world):
    world.ha.person.full_name = "=HYPERLINK(1)"
    world.ha.person.save()
    assert file_of(world.cdc, "q=bg1")["Name"].to_list() == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize("columns", ["", "col=company&col=cccd&col=reporter&col=room&col=changed"])
def test_the_queries_of_a_page_do_not_grow(world, columns, django_assert_max_num_queries):
    every = client_of(world.cdc)
    for _n in range(20):
        AssignmentFactory(person=world.case(None, "Ai Đó", "F", 1980).person, site=world.line)
    every.get(f"{reverse('cases:list')}?{columns}")
    with django_assert_max_num_queries(44):
        assert len(every.get(f"{reverse('cases:list')}?{columns}").context["page"]) == 23


def rows_of(*cases: Case) -> list[str]:
    return [f"{case.public_id}~{seen_of(case)}" for case in cases]


def decide(user: Any, **data: Any) -> Any:
    return client_of(user).post(reverse("cases:bulk"), data, follow=True)


def test_chosen_rows_are_asked_about_and_then_decided_each_by_itself(world):
    rows = rows_of(world.ha, world.ba, world.no)
    asked = decide(world.cdc, row=rows)
    assert "possible for 2" in asked.content.decode(), "a confirmed case cannot become probable"
    done = decide(world.cdc, row=rows, step="run", count=3, act="probable", ground="lâm sàng")
    assert "2 of 3 done" in done.content.decode()
    assert "A case that is confirmed cannot become probable" in done.content.decode()
    assert set(Case.objects.values_list("code", "status")) == {
        ("BG1", "confirmed"), ("BG2", "probable"), ("BG3", "probable"),
    }  # fmt: skip
    grounds = Event.objects.filter(kind="case.probable").values_list("data__ground", flat=True)
    assert list(grounds) == ["lâm sàng"] * 2


def test_a_ground_is_asked_for_and_what_was_chosen_stays(world):
    page = decide(world.cdc, row=rows_of(world.ba), step="run", count=1, act="probable", ground="")
    assert "This field is required" in page.content.decode()
    assert page.context["rows"] == [(world.ba.public_id, "suspected.1")]
    assert not Batch.objects.exists()


def test_what_another_officer_decided_meanwhile_stays(world):
    rows = rows_of(world.ba, world.no)
    Case.objects.filter(pk=world.ba.pk).update(status="probable", version=2)
    done = decide(world.cdc, row=rows, step="run", count=2, act="discarded", ground="âm tính")
    assert "1 of 2 done" in done.content.decode()
    assert "it is probable now" in done.content.decode()
    assert Case.objects.get(pk=world.ba.pk).status == "probable"
    assert Case.objects.get(pk=world.no.pk).status == "discarded"


def test_all_rows_of_the_filter_are_decided_and_a_changed_filter_is_asked_again(world):
    data = {
        "whole": "1",
        "query": "sex=M",
        "step": "run",
        "act": "isolate",
        "isolated_at": "08:00 20/05/2021",
    }
    again = decide(world.cdc, **data, count=5, ground="cách ly tập trung")
    assert "The filter gives 2 cases now" in again.content.decode()
    decide(world.cdc, **data, count=2, ground="cách ly tập trung")
    isolated = Case.objects.filter(isolated_at=datetime(2021, 5, 20, 1, tzinfo=UTC))
    assert set(isolated.values_list("code", flat=True)) == {"BG2", "BG3"}


def test_many_rows_are_the_workers(world, monkeypatch):
    deferred: list[str] = []
    monkeypatch.setattr("tuyendau.core.lists.tasks.run_batch.defer", lambda batch: deferred.append(batch))
    cases = [world.case(None, "Ai Đó", "F", 1980) for _n in range(25)]
    page = decide(world.cdc, row=rows_of(*cases), step="run", count=25, act="probable", ground="lâm sàng")
    assert "0 of 25 looked at" in page.content.decode()
    from tuyendau.core.lists.tasks import run_batch

    run_batch(deferred[0])
    run_batch(deferred[0])
    assert Event.objects.filter(kind="case.probable").count() == 25
    done = client_of(world.cdc).get(reverse("lists:batch", args=[deferred[0]]))
    assert "25 of 25 done" in done.content.decode()
    assert client_of(world.officer).get(reverse("lists:batch", args=[deferred[0]])).status_code == 404


def test_who_may_not_decide_is_refused_and_cases_out_of_reach_are_left(world):
    assert decide(world.officer, row=rows_of(world.ha)).status_code == 403
    district = make_user("huyen", "district_officer", unit=world.district, language="en")
    done = decide(district, row=rows_of(world.ba, world.no), step="run", count=2, act="discarded", ground="x")
    assert "This case is not yours to decide on" in done.content.decode()
    assert world.no.public_id in done.content.decode(), "and no name of somebody out of reach"
    assert "Lê Văn Không" not in done.content.decode()


def test_chosen_rows_are_taken_as_a_file(world):
    answer = client_of(world.cdc).post(
        reverse("cases:bulk"), {"act": "export", "row": rows_of(world.ha), "query": "col=status"}, follow=True
    )
    assert pl.read_excel(BytesIO(answer.getvalue())).rows() == [("Đỗ Thị Hà", "confirmed")]


@pytest.mark.django_db(transaction=True)
def test_one_case_in_two_batches_at_once_is_decided_once(segments):
    world = World()
    start, users = threading.Barrier(2), [world.cdc, make_user("hai", "epidemiologist", unit=world.province)]

    def act(user: Any, status: str) -> None:
        client = client_of(user)
        start.wait()
        client.post(reverse("cases:bulk"), {
            "row": rows_of(world.ba), "step": "run", "count": 1, "act": status, "ground": "x",
        })  # fmt: skip
        connection.close()

    threads = [
        threading.Thread(target=act, args=[u, s])
        for u, s in zip(users, ("probable", "discarded"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(batch.refused) for batch in Batch.objects.all()) == [0, 1]
    assert Event.objects.filter(kind__in=["case.probable", "case.discarded"]).count() == 1


def test_who_was_a_known_contact_is_told_and_of_which_case(world):
    far = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE))
    abroad = CaseFactory(code="HN9", person__unit=far, reported_on=date(2021, 5, 1), status="confirmed")
    for case in (world.ha, abroad):
        Contact.objects.create(
            case=case, person=world.no.person, grade=0, rank=1, probability=0.5, seconds=900
        )
    # Together with whom she fell ill later: that makes nobody a known contact before.
    Contact.objects.create(
        case=world.no, person=world.ha.person, grade=0, rank=1, probability=0.5, seconds=900
    )
    assert set(codes(world.cdc, "known=yes")) == {"BG3"}
    assert set(codes(world.cdc, "known=no")) == {"BG1", "BG2"}
    row = file_of(world.cdc, "col=known&col=known_of&q=bg3", "parquet").row(0, named=True)
    assert row == {"name": "Lê Văn Không", "known": True, "known_of": "a case outside your area, BG1"}
    assert set(codes(world.cdc, "traced=no")) == {"BG1", "BG2", "BG3"}


def test_what_needs_a_permission_is_not_offered_without_it(world):
    laboratory = make_user(
        "xet_nghiem", "laboratory", site=SiteFactory(kind=SiteKind.LABORATORY), language="en"
    )
    page = page_of(laboratory, "col=known&known=yes")
    assert "known" not in {column.name for column in page.context["listed"].asked.offered}
    assert page.context["page"].paginator.count == 0
    assert "You may not narrow by this" in page.content.decode()


def test_the_number_of_the_latest_order_is_told_to_who_may_see_orders(world):
    series = Series.objects.create(unit=world.district, year=2021, suffix="QĐ-UBND", last=12)
    Order.objects.create(
        kind="isolation", state="signed", person=world.ha.person, disease="covid19", place_kind="home", series=series,
        number=12, starts_on=date(2021, 5, 12), ends_on=date(2021, 5, 26), over_from=date(2021, 5, 27),
        drafted_at=NOW, signed_at=NOW, signed_by=world.cdc, document={"number": "12/QĐ-UBND"},
    )  # fmt: skip
    rows = file_of(world.cdc, "col=order&order=code", "parquet")
    assert rows["order"].to_list() == ["12/QĐ-UBND", None, None]
    assert "order" not in {c.name for c in page_of(world.officer).context["listed"].asked.offered}
