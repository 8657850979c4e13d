"""What the report of a case says, word for word, as it is printed and sent: in Vietnamese, whoever reads the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from tuyendau.core.places.models import Site, SiteKind
from tuyendau.core.places.queries import names_above
from tuyendau.insight.reports.queries.authorities import Sender, body_of, heading_of, place_of
from tuyendau.insight.reports.rules.notifying import text_on
from tuyendau.lib import clock
from tuyendau.lib.dates_vi import in_words
from tuyendau.records.cases.models import Case, CaseStatus, Outcome, Result, TestResult
from tuyendau.records.people.models import Assignment, AssignmentRole, Identifier, IdentifierKind, Sex
from tuyendau.science.epi.diseases import Disease, disease

SEXES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
STATUSES = {
    CaseStatus.SUSPECTED: "Nghi ngờ (lâm sàng)",
    CaseStatus.PROBABLE: "Có thể",
    CaseStatus.CONFIRMED: "Xác định (phòng xét nghiệm)",
    CaseStatus.DISCARDED: "Loại trừ",
}
RESULTS = {
    Result.POSITIVE: "Dương tính",
    Result.NEGATIVE: "Âm tính",
    Result.INDETERMINATE: "Không xác định",
    Result.INVALID: "Không hợp lệ",
}
OUTCOMES = {Outcome.RECOVERED: "Khỏi bệnh, ra viện", Outcome.DIED: "Tử vong"}
_YES_NO = {"yes": "Có", "no": "Không", "unknown": "Không rõ"}
_WORK = (SiteKind.COMPANY, SiteKind.WORKSHOP, SiteKind.PARK)
_EXPOSED = ("contact_with_case", "from_outbreak_area", "found_by")


def digest_of(document: Mapping[str, Any]) -> str:
    """The SHA-256 of a document in its one spelling: keys in order, no blanks, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(
    case: Case,
    sender: Sender,
    *,
    version: int,
    begun_at: datetime,
    deadline: datetime,
    by: str,
    email: str,
    at: datetime,
) -> dict[str, Any]:
    """The whole text of the report of a case, as it is sent at a moment. For the program."""
    today = clock.local_day(at)
    text, of = text_on(today), disease(case.disease)
    return {
        "authority": heading_of(sender.unit, sender.site, today),
        "place_and_date": f"{place_of(sender.unit, sender.site)}, {in_words(today)}",
        "title": "BÁO CÁO TRƯỜNG HỢP BỆNH TRUYỀN NHIỄM",
        "form": f"({text.form})",
        "version": "Báo cáo lần đầu" if version == 1 else f"Báo cáo bổ sung, điều chỉnh lần {version - 1}",
        "to": body_of(sender.to, today),
        "sections": [
            ["I. THÔNG TIN NGƯỜI BỆNH", _who(case)],
            ["II. CHẨN ĐOÁN", _diagnosis(case, of, today)],
            ["III. XÉT NGHIỆM", _laboratory(case, of)],
            ["IV. TIỀN SỬ TIÊM CHỦNG VÀ DỊCH TỄ", _history(case, of)],
            ["V. THỜI HẠN BÁO CÁO", _duty(of, begun_at, deadline, text.number, at)],
        ],
        "reporter": {
            "name": by,
            "body": sender.site.name if sender.site else body_of(sender.unit, today),
            "email": email,
        },
        "case": case.public_id,
        "status": case.status,
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _moment(moment: datetime | None) -> str:
    return f"{localtime(moment):%H:%M ngày %d/%m/%Y}" if moment else ""


Rows = list[list[str]]


def _who(case: Case) -> Rows:
    person = case.person
    born = _day(person.birth_date) or str(person.birth_year or "")
    age = str(case.reported_on.year - person.birth_year) if person.birth_year else ""
    numbers = Identifier.objects.filter(person=person).order_by("kind", "pk")
    identity = {each.kind: each.value for each in numbers}
    unit = person.unit
    home = [person.address]
    while unit is not None:
        home.append(unit.name)
        unit = unit.parent
    return [
        ["1. Họ và tên", person.full_name],
        ["2. Ngày, năm sinh", f"{born} ({age} tuổi)" if age else born],
        ["3. Giới tính", SEXES.get(Sex(person.sex), "")],
        ["4. Dân tộc, quốc tịch", ""],
        ["5. Số định danh cá nhân/CCCD/CMND/hộ chiếu", _first(identity, "cccd", "cmnd", "passport")],
        ["6. Số thẻ BHYT", identity.get(IdentifierKind.BHYT, "")],
        ["7. Điện thoại", person.phone],
        ["8. Nghề nghiệp, nơi làm việc, học tập", _work(case)],
        ["9. Nơi ở hiện nay", ", ".join(part for part in home if part)],
    ]


def _first(values: Mapping[str, str], *names: str) -> str:
    return next((values[name] for name in names if values.get(name)), "")


def _work(case: Case) -> str:
    """Where the person worked on the day of the report: line, workshop and company."""
    work = (
        Assignment.objects.filter(
            person=case.person_id, role=AssignmentRole.WORKS, valid_from__lte=case.reported_on
        )
        .select_related("site")
        .order_by("-valid_from", "-pk")
        .first()
    )
    if work is None:
        return ""
    above: list[Site] = names_above([work.site])[work.site.pk]
    # A line is mostly named with its workshop.
    own = work.site.name.lower()
    shown = [site for site in above if site.kind in _WORK and site.name.lower() not in own]
    return ", ".join(site.name for site in (work.site, *reversed(shown)))


def _diagnosis(case: Case, of: Disease, today: date) -> Rows:
    answers = case.details or {}
    now = OUTCOMES.get(Outcome(case.outcome), "") if case.outcome else _answer(of, answers, "where_now")
    if case.outcome and case.outcome_on:
        now += f", ngày {_day(case.outcome_on)}"
    return [
        ["1. Bệnh, mã ICD-10", f"{of.name['vi']} ({of.icd10}), nhóm {of.group(today)}"],
        ["2. Mã ca bệnh", case.code or case.public_id],
        ["3. Phân loại chẩn đoán", STATUSES[CaseStatus(case.status)]],
        ["4. Ngày khởi phát", _day(case.onset_on) or "Không có triệu chứng hoặc chưa rõ"],
        ["5. Mức độ", _answer(of, answers, "severity")],
        ["6. Ngày nhập viện", _answer(of, answers, "admitted_on")],
        ["7. Cơ sở điều trị, quản lý", _answer(of, answers, "hospital")],
        ["8. Thời điểm cách ly", _moment(case.isolated_at)],
        ["9. Tình trạng hiện nay", now],
        ["10. Bệnh nền", _answer(of, answers, "comorbidities")],
    ]


def _laboratory(case: Case, of: Disease) -> Rows:
    results = TestResult.objects.filter(sample__case=case, corrected_by=None).select_related(
        "sample__laboratory", "laboratory"
    )
    made = results.filter(result=Result.POSITIVE).order_by("resulted_at", "pk").first()
    made = made or results.order_by("-resulted_at", "-pk").first()
    if made is None:
        taken = case.sampled_on
        return [
            ["1. Lấy mẫu xét nghiệm", f"Có, ngày {_day(taken)}" if taken else "Chưa rõ"],
            ["2. Loại xét nghiệm", ""],
            ["3. Kết quả, ngày có kết quả", _day(case.result_on)],
            ["4. Đơn vị xét nghiệm", ""],
        ]
    laboratory = made.laboratory or made.sample.laboratory
    ct = f" (Ct {made.ct})" if made.ct is not None else ""
    return [
        ["1. Lấy mẫu xét nghiệm", f"Có, lúc {_moment(made.sample.taken_at)}, mẫu số {made.sample.number}"],
        ["2. Loại xét nghiệm", of.test(made.test).name["vi"]],
        ["3. Kết quả, ngày có kết quả", f"{RESULTS[Result(made.result)]}{ct}, {_moment(made.resulted_at)}"],
        ["4. Đơn vị xét nghiệm", laboratory.name if laboratory else ""],
    ]


def _history(case: Case, of: Disease) -> Rows:
    answers = case.details or {}
    doses, last = _answer(of, answers, "doses"), _answer(of, answers, "last_dose_on")
    vaccinated = _answer(of, answers, "vaccinated")
    told = [vaccinated, f"{doses} mũi" if doses else "", f"mũi cuối {last}" if last else ""]
    known = {field.code: field.name["vi"] for field in of.form.fields}
    exposed = {known[code]: _answer(of, answers, code) for code in _EXPOSED if code in known}
    return [
        ["1. Tiêm chủng", ", ".join(part for part in told if part) or "Không rõ"],
        ["2. Yếu tố dịch tễ", "; ".join(f"{asked}: {said}" for asked, said in exposed.items() if said)],
        ["3. Nơi có thể bị lây", case.place_infected],
    ]


def _duty(of: Disease, begun_at: datetime, deadline: datetime, number: str, at: datetime) -> Rows:
    begun_on = clock.local_day(begun_at)
    rule = f"{of.report_within_hours(begun_on)} giờ, nhóm {of.group(begun_on)}, TT {number}"
    late = "" if at <= deadline else " (quá hạn)"
    return [
        ["1. Thời điểm phát hiện, ghi nhận ca bệnh", _moment(begun_at)],
        [
            "2. Hạn báo cáo",
            f"{_moment(deadline)}: {rule}",
        ],
        ["3. Thời điểm báo cáo", f"{_moment(at)}{late}"],
    ]


def _answer(of: Disease, answers: Mapping[str, Any], code: str) -> str:
    """One answer to the disease's form in Vietnamese; "" where it was not asked or not answered."""
    field = next((each for each in of.form.fields if each.code == code), None)
    value = answers.get(code)
    if field is None or value in (None, "", []):
        return ""
    names = {choice.code: choice.name["vi"] for choice in field.choices}
    if isinstance(value, list):
        return ", ".join(names.get(each, str(each)) for each in value)
    if field.kind == "date":
        return _day(date.fromisoformat(str(value)))
    return names.get(str(value), _YES_NO.get(str(value), str(value)))
