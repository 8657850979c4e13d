"""The line list: columns and order, filters that combine, files of all rows, decisions on many."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from tests.factories import AssignmentFactory, CaseFactory, SiteFactory, UnitFactory, make_user
from tests.integration.cases.lines import NOW, World, client_of, codes, file_of, page_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.contacts.models import Contact
from tuyendau.records.orders.models import Order, Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


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
