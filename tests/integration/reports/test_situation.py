"""Situation reports: the same numbers and bytes again, kept, made every day, and compared with what is known now."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

import docx
import fastexcel
import pypdf
import pytest
import shapely
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, SiteFactory, make_user
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.access import Denied
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Boundary, SiteKind, Unit
from tuyendau.insight.reports import actions, tasks
from tuyendau.insight.reports.actions import ReportRefused
from tuyendau.insight.reports.actions.rendering import FORMATS, rendered
from tuyendau.insight.reports.models import Report, ReportFile, ReportState, Schedule
from tuyendau.insight.reports.queries.paper import paper_of
from tuyendau.insight.reports.queries.situation import Asked, compared, content_of
from tuyendau.insight.reports.queries.situation.content import digest_of
from tuyendau.insight.reports.rules.paper import Line, Table
from tuyendau.insight.situation.rules import Basis
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = NOW + HOUR


@pytest.fixture
def outbreak(field: Field) -> Field:
    """Thirty cases of two communes, women and men, reported over three weeks; outlines of both communes."""
    Case.objects.all().delete()
    for n, commune in enumerate((field.commune, field.next_commune)):
        area = shapely.to_wkb(shapely.box(106 + n * 0.1, 21, 106.1 + n * 0.1, 21.1))
        Boundary.objects.create(unit=commune, wkb=area, outline=area, source="thử")
    Unit.objects.filter(pk__in=[field.commune.pk, field.next_commune.pk]).update(population=10_000)
    company = SiteFactory(kind=SiteKind.COMPANY, unit=field.commune, name="Công ty Sao Khuê")
    for n in range(30):
        made(field, TODAY - timedelta(days=n % 21), sex="FM"[n % 2], birth_year=1950 + n * 2, company=company)
    return field


def made(field: Field, on: date, *, at: datetime | None = None, company: Any = None, **person: Any) -> Case:
    """A confirmed case that was recorded at 9:00 of the day on which it was reported, unless told otherwise."""
    commune = field.commune if on.day % 3 else field.next_commune
    who = PersonFactory(unit=commune, **person)
    if company is not None:
        who.assignments.create(site=company, valid_from=date(2021, 1, 1), role="works")
    with transaction.atomic():
        case = CaseFactory(
            person=who, status="confirmed", reported_on=on, onset_on=on - 2 * DAY, sampled_on=on, result_on=on
        )
        audit.record(
            "case.confirmed", by=None, at=at or clock.midnight(on) + 2 * HOUR, subject=case.public_id
        )
    return case


def change(case: Case, at: datetime, **fields: Any) -> None:
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**fields)
        audit.record("case.edited", by=None, at=at, subject=case.public_id)


def content(field: Field, at: datetime = MORNING, unit: Unit | None = None, **more: Any) -> Any:
    return content_of(Asked(unit or field.district, at, **more))


def ask(field: Field, moment: datetime = MORNING, unit: str = "222", user: Any = None, **more: Any) -> Report:
    user = user or field.chief
    asked = {"disease": "covid19", "basis": Basis.REPORTED, "language": "vi"} | more
    return actions.ask_for_report(
        unit, moment, viewer=field.viewer(user), by=user, at=NOW + 2 * HOUR, **asked
    )


def figure(of: Any, code: str) -> dict[str, Any]:
    return next(each for each in of["numbers"]["figures"] if each["code"] == code)


@pytest.mark.django_db
class TestNumbers:
    def test_what_comes_later_changes_nothing_of_what_was_known(self, outbreak: Field) -> None:
        before = content(outbreak)
        assert (figure(before, "total")["value"], figure(before, "today")["value"]) == (30, 2)
        cases = list(Case.objects.order_by("pk"))
        change(cases[0], MORNING + HOUR, status="discarded")
        change(cases[1], MORNING + HOUR, reported_on=TODAY - 15 * DAY, onset_on=None)
        change(cases[2], MORNING + HOUR, outcome="died", outcome_on=TODAY)
        made(outbreak, TODAY, at=MORNING + HOUR, sex="F", birth_year=1990)
        cases[3].person.birth_year = 2020
        cases[3].person.sex = "M" if cases[3].person.sex == "F" else "F"
        with transaction.atomic():
            cases[3].person.save()
            audit.record("person.edited", by=None, at=MORNING + HOUR, subject=cases[3].person.public_id)
        again = content(outbreak)
        assert again == before
        assert digest_of(again) == digest_of(before)
        assert digest_of(content(outbreak, MORNING + 2 * HOUR)) != digest_of(before)

    def test_whoever_asks_reads_the_same(self, outbreak: Field) -> None:
        province = make_user("tinh", "epidemiologist", unit=outbreak.province)
        leader = make_user("lanhdao", "leader", unit=outbreak.district)
        digests = set()
        for user in (outbreak.chief, province, leader):
            Report.objects.all().delete()
            digests.add(actions.make_report(ask(outbreak, user=user).public_id).digest)
        assert len(digests) == 1

    def test_numbers_agree_between_levels(self, outbreak: Field) -> None:
        whole = content(outbreak, unit=outbreak.province)
        parts = [content(outbreak, unit=each) for each in (outbreak.commune, outbreak.next_commune)]
        for code in ("total", "today", "week", "fortnight", "active"):
            assert figure(whole, code)["value"] == sum(figure(part, code)["value"] for part in parts), code
        assert figure(whole, "fortnight")["value"] == sum(row["cases"] for row in whole["places"]["communes"])

    def test_a_day_before_anything_was_known(self, outbreak: Field) -> None:
        of = content(outbreak, clock.midnight(TODAY - 60 * DAY))
        assert of["nothing_known"]
        assert figure(of, "total")["value"] == 0
        [told] = [b for b in paper_of(of, "vi").blocks if isinstance(b, Line) and "ca đầu tiên" in b.text]
        assert f"{TODAY - 20 * DAY:%d/%m/%Y}" in told.text
        for data in rendered(of, "vi", *FORMATS).values():
            assert data

    def test_a_unit_without_cases(self, outbreak: Field) -> None:
        of = content(outbreak, unit=Unit.objects.create(
            code="223", level=2, name="Huyện Hiệp Hòa", folded="huyen hiep hoa", parent=outbreak.province,
            path=f"{outbreak.province.path}0/", valid_from=date(2020, 1, 1),
        ))  # fmt: skip
        assert not of["nothing_known"]
        words = " ".join(b.text for b in paper_of(of, "en").blocks if isinstance(b, Line))
        assert "No confirmed case is on record of this unit" in words
        assert rendered(of, "en", "pdf")["pdf"].startswith(b"%PDF")

    def test_the_basis_says_which_date_counts(self, outbreak: Field) -> None:
        onset = content(outbreak, basis=Basis.ONSET)
        assert figure(onset, "today")["value"] == 0
        assert "ngày khởi phát" in " ".join(
            t.note for t in paper_of(onset, "vi").blocks if isinstance(t, Table)
        )


@pytest.mark.django_db
class TestFiles:
    @pytest.fixture
    def files(self, outbreak: Field) -> dict[str, bytes]:
        return rendered(content(outbreak), "vi", *FORMATS)

    def test_made_again_they_are_the_same_bytes(self, outbreak: Field, files: dict[str, bytes]) -> None:
        with patch("time.time", return_value=1_900_000_000.0):
            again = rendered(content(outbreak), "vi", *FORMATS)
        assert {code: hashlib.sha256(data).hexdigest() for code, data in again.items()} == {
            code: hashlib.sha256(data).hexdigest() for code, data in files.items()
        }

    def test_the_pdf_has_its_words_and_no_letter_is_missing(self, files: dict[str, bytes]) -> None:
        pages = pypdf.PdfReader(io.BytesIO(files["pdf"]))
        text = " ".join(" ".join(page.extract_text().split()) for page in pages.pages)
        for words in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "- Như trên;", "GIÁM ĐỐC",
            "TÌNH HÌNH CHUNG", "Công ty Sao Khuê",
        ):  # fmt: skip
            assert words in text
        assert pages.metadata is not None
        assert pages.metadata.creation_date == MORNING
        box = pages.pages[0].mediabox
        assert (round(box.width), round(box.height)) == (595, 842)

    def test_the_word_document(self, files: dict[str, bytes]) -> None:
        document = docx.Document(io.BytesIO(files["docx"]))
        text = "\n".join(p.text for p in document.paragraphs)
        assert "I. TÌNH HÌNH CHUNG" in text
        assert len(document.inline_shapes) == 4
        assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
        assert document.styles["Normal"].font.name == "Times New Roman"
        head = [cell.text for cell in document.tables[0].rows[0].cells]
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head[1]
        assert document.core_properties.created == MORNING

    def test_the_workbook_has_numbers_as_numbers_and_charts(self, files: dict[str, bytes]) -> None:
        sheet = fastexcel.read_excel(files["xlsx"]).load_sheet("Số liệu chính", header_row=2).to_polars()
        values = dict(zip(sheet["Chỉ tiêu"], sheet["Hiện nay"], strict=True))
        assert values["Tổng số ca"] == 30
        names = zipfile.ZipFile(io.BytesIO(files["xlsx"])).namelist()
        assert sum(name.startswith("xl/charts/chart") for name in names) == 3

    def test_english(self, outbreak: Field) -> None:
        paper = paper_of(content(outbreak), "en")
        assert paper.nation[0] == "SOCIALIST REPUBLIC OF VIET NAM"
        text = " ".join(b.text for b in paper.blocks if isinstance(b, Line))
        assert "new confirmed cases are on record" in text
        assert "ca bệnh" not in text


@pytest.mark.django_db
class TestKeeping:
    def test_asked_for_made_kept_and_taken_away(self, outbreak: Field) -> None:
        report = ask(outbreak)
        assert report.state == ReportState.WAITING
        done = actions.make_report(report.public_id)
        assert (done.state, done.done, len(done.digest)) == (ReportState.READY, done.parts, 64)
        viewer = outbreak.viewer(outbreak.chief)
        _report, pdf = actions.take_file(done.public_id, "pdf", "vi", viewer=viewer, at=MORNING)
        _report, english = actions.take_file(done.public_id, "pdf", "en", viewer=viewer, at=MORNING)
        assert bytes(pdf.content) != bytes(english.content)
        assert ReportFile.objects.filter(report=done).count() == 4
        change(Case.objects.order_by("pk")[0], MORNING + HOUR, status="discarded")
        _report, again = actions.take_file(done.public_id, "pdf", "vi", viewer=viewer, at=MORNING)
        assert bytes(again.content) == bytes(pdf.content)
        assert Event.objects.filter(kind="report.exported").count() == 3
        with pytest.raises(KeyError):
            actions.take_file(done.public_id, "exe", "vi", viewer=viewer, at=MORNING)

    def test_the_same_is_made_once(self, outbreak: Field) -> None:
        assert ask(outbreak) == ask(outbreak)
        assert ask(outbreak, MORNING - HOUR) != ask(outbreak)

    def test_numbers_that_are_ready_are_not_changed(self, outbreak: Field) -> None:
        report = actions.make_report(ask(outbreak).public_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(content={})
        with pytest.raises(DatabaseError), transaction.atomic():
            ReportFile.objects.update(content=b"")

    def test_a_moment_ahead_and_a_unit_out_of_reach_are_refused(self, outbreak: Field) -> None:
        with pytest.raises(ReportRefused):
            ask(outbreak, NOW + 3 * HOUR)
        with pytest.raises(Unit.DoesNotExist):
            ask(outbreak, unit="24")
        with pytest.raises(Denied):
            ask(outbreak, user=outbreak.officer)
        assert not Report.objects.exists()

    def test_what_goes_wrong_is_said_and_can_be_done_again(self, outbreak: Field) -> None:
        report = ask(outbreak)
        with patch("tuyendau.insight.reports.actions.making.rendered", side_effect=ValueError("hỏng")):
            assert actions.make_report(report.public_id).state == ReportState.FAILED
        again = ask(outbreak)
        assert again != report
        assert actions.make_report(again.public_id).state == ReportState.READY


@pytest.mark.django_db
class TestSchedules:
    def plan(self, field: Field, at: datetime, hour: int = 8) -> Schedule:
        return actions.set_schedule(
            "222", time(hour), disease="covid19", basis=Basis.REPORTED, language="vi",
            viewer=field.viewer(field.chief), by=field.chief, at=at,
        )  # fmt: skip

    def test_each_day_at_its_time_as_known_then(self, outbreak: Field) -> None:
        self.plan(outbreak, clock.midnight(TODAY))
        assert actions.due_by_schedule(clock.midnight(TODAY) + 7 * HOUR) == []
        late = clock.midnight(TODAY) + 8 * HOUR + timedelta(minutes=40)
        made(outbreak, TODAY, at=clock.midnight(TODAY) + 8 * HOUR + timedelta(minutes=20), sex="F")
        [due] = actions.due_by_schedule(late)
        report = actions.make_report(due)
        assert report.at == clock.midnight(TODAY) + 8 * HOUR
        assert figure(report.content, "total")["value"] == 30
        assert actions.due_by_schedule(late + HOUR) == []
        assert len(actions.due_by_schedule(late + DAY)) == 1

    def test_days_on_which_nothing_ran_are_made_afterwards(self, outbreak: Field) -> None:
        self.plan(outbreak, clock.midnight(TODAY - 9 * DAY))
        actions.due_by_schedule(clock.midnight(TODAY) + 9 * HOUR)
        days = [clock.local_day(at) for at in Report.objects.order_by("at").values_list("at", flat=True)]
        assert days == [TODAY - n * DAY for n in (2, 1, 0)]

    def test_another_takes_its_place_and_it_can_be_ended(self, outbreak: Field) -> None:
        self.plan(outbreak, NOW)
        second = self.plan(outbreak, NOW, 18)
        assert Schedule.objects.filter(ended_at=None).get() == second
        actions.end_schedule(
            second.public_id, viewer=outbreak.viewer(outbreak.chief), by=outbreak.chief, at=NOW
        )
        assert actions.due_by_schedule(NOW + 5 * DAY) == []

    def test_the_worker_makes_what_is_due(self, outbreak: Field) -> None:
        self.plan(outbreak, clock.midnight(TODAY))
        with patch("tuyendau.lib.clock.now", return_value=NOW):
            tasks.make_due.func(0)
        assert Report.objects.get().state == ReportState.READY


@pytest.mark.django_db
class TestComparison:
    def test_it_says_what_came_and_what_went_and_why(self, outbreak: Field) -> None:
        first, second, third = (
            Case.objects.filter(reported_on=TODAY - 3 * DAY)
            .order_by("pk")[:1]
            .union(
                Case.objects.filter(reported_on=TODAY - 4 * DAY).order_by("pk")[:1],
                Case.objects.filter(reported_on=TODAY - 15 * DAY).order_by("pk")[:1],
            )
        )
        cases = sorted((first, second, third), key=lambda c: c.reported_on)
        change(cases[2], MORNING + HOUR, status="discarded")
        change(cases[1], MORNING + HOUR, reported_on=TODAY - 18 * DAY)
        change(cases[0], MORNING + HOUR, reported_on=TODAY - 5 * DAY)
        made(outbreak, TODAY, at=MORNING + HOUR)
        found = compared(outbreak.district, MORNING, MORNING + 2 * HOUR, "covid19", Basis.REPORTED)
        week = next(d for d in found.differences if d.code == "week")
        assert dict(week.came) == {"recorded": 1, "redated": 1}
        assert dict(week.went) == {"discarded": 1, "redated": 1}
        assert week.now - week.then == week.came.total() - week.went.total() == week.change
        assert not found.same
        assert sum(then for _day, then, _now in found.days) == found.differences[-1].then
        assert sum(now for _day, _then, now in found.days) == found.differences[-1].now

    def test_nothing_has_changed(self, outbreak: Field) -> None:
        assert compared(outbreak.district, MORNING, MORNING + HOUR, "covid19", Basis.ONSET).same


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def client_of(self, outbreak: Field) -> Client:
        client = Client()
        client.force_login(outbreak.chief)
        return client

    def test_one_press(self, outbreak: Field, client_of: Client) -> None:
        form = {"unit": "222", "disease": "covid19", "basis": "reported", "language": "vi"}
        with patch("tuyendau.lib.clock.now", return_value=MORNING):
            assert "Lập báo cáo" in client_of.get(reverse("reports:reports")).content.decode()
            with patch("tuyendau.insight.reports.views.situation.ask_to_make", actions.make_report):
                made_at = client_of.post(reverse("reports:make"), form).headers["Location"]
            page = client_of.get(made_at).content.decode()
            assert "TÌNH HÌNH CHUNG" in page
            assert reverse("reports:report", args=[Report.objects.get().public_id]) == made_at
            assert "222" not in client_of.get(f"{made_at}comparison/").headers.get("Location", "")
            taken = client_of.get(f"{made_at}pdf/vi/")
        assert taken.headers["Content-Type"] == "application/pdf"
        assert taken.headers["Content-Disposition"].endswith('.pdf"')

    def test_a_report_that_waits_says_how_far_it_is(self, outbreak: Field, client_of: Client) -> None:
        report = ask(outbreak)
        page = client_of.get(reverse("reports:report", args=[report.public_id])).content.decode()
        assert "hx-get" in page
        assert (
            client_of.get(reverse("reports:report_file", args=[report.public_id, "pdf", "vi"])).status_code
            == 302
        )

    def test_what_is_refused_comes_back_filled(self, outbreak: Field, client_of: Client) -> None:
        form = {
            "unit": "222",
            "disease": "covid19",
            "basis": "onset",
            "language": "en",
            "day": "01/01/2031",
            "time": "07:30",
        }
        with patch("tuyendau.lib.clock.now", return_value=MORNING):
            page = client_of.post(reverse("reports:make"), form)
        assert page.status_code == 422
        assert "01/01/2031" in page.content.decode()
        assert "tương lai" in page.content.decode()
        assert not Report.objects.exists()
