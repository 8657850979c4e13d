"""What an order says, word for word, as it is printed and signed: in Vietnamese, whoever reads the page."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.lib.dates_vi import in_words
from tuyendau.lib.units_vi import said, short
from tuyendau.records.orders import rules
from tuyendau.records.orders.models import Kind, Office, Order, PlaceKind
from tuyendau.records.people.models import Person, Sex
from tuyendau.science.epi.diseases import disease

OFFICES = {
    Office.CHAIR: "CHỦ TỊCH",
    Office.VICE_CHAIR: "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    Office.COMMITTEE_HEAD: "TRƯỞNG BAN CHỈ ĐẠO",
    Office.COMMITTEE_DEPUTY: "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN CHỈ ĐẠO",
}
SEXES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
PLACES = {
    PlaceKind.FACILITY: "cách ly tập trung",
    PlaceKind.HOME: "cách ly tại nhà, nơi lưu trú",
    PlaceKind.HOSPITAL: "cách ly tại cơ sở điều trị",
}
_STATION = {
    UnitLevel.COMMUNE: "Trạm Y tế",
    UnitLevel.DISTRICT: "Trung tâm Y tế",
    UnitLevel.PROVINCE: "Giám đốc Sở Y tế",
}


def digest_of(document: dict[str, Any]) -> str:
    """The SHA-256 of a document in its one spelling: keys in order, no blanks, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(
    order: Order,
    unit: Unit | None,
    *,
    number: str = "",
    signed_on: date | None = None,
    office: str = "",
    name: str = "",
) -> dict[str, Any]:
    """The whole text of an order; of a draft without number, date and name. `unit` is the authority."""
    return {
        "number": number,
        "authority": ["ỦY BAN NHÂN DÂN", unit.name.upper() if unit else "…"],
        "place_and_date": _place_and_date(unit, signed_on),
        "title": "QUYẾT ĐỊNH",
        "about": _about(order),
        "issuer": f"CHỦ TỊCH ỦY BAN NHÂN DÂN {unit.name.upper()}" if unit else "…",
        "grounds": [f"Căn cứ {ground};" for ground in order.grounds],
        "proposal": f"Theo đề nghị của {_station(unit)}.",
        "articles": _articles(order, unit, signed_on),
        "recipients": ["Như Điều 3;", "Trung tâm Kiểm soát bệnh tật tỉnh;", "Lưu: VT, YT."],
        "office": OFFICES.get(Office(office), "").split("\n") if office else [],
        "signer": name,
        "person": person_of(order.person),
        "starts_on": order.starts_on.isoformat(),
        "ends_on": order.ends_on.isoformat(),
        "place": place_of(order),
    }


def _place_and_date(unit: Unit | None, signed_on: date | None) -> str:
    place = short(unit.name) if unit else "…"
    return f"{place}, {in_words(signed_on)}" if signed_on else f"{place}, ngày … tháng … năm ……"


def _station(unit: Unit | None) -> str:
    if unit is None:
        return "cơ quan y tế"
    of = _STATION.get(UnitLevel(unit.level), "cơ quan y tế")
    return of if unit.level == UnitLevel.PROVINCE else f"{of} {said(unit.name)}"


def _about(order: Order) -> str:
    of = disease(order.disease).name["vi"]
    if order.replaces_id:
        return f"Về việc thay thế quyết định áp dụng biện pháp cách ly y tế phòng, chống dịch {of}"
    if order.extends_id:
        return f"Về việc kéo dài thời gian cách ly y tế phòng, chống dịch {of}"
    if order.kind == Kind.ISOLATION:
        return f"Về việc áp dụng biện pháp cách ly y tế đối với người mắc {of}"
    return f"Về việc áp dụng biện pháp cách ly y tế đối với người tiếp xúc gần với ca bệnh {of}"


def person_of(person: Person) -> dict[str, str]:
    """Who a person is, as an order names them."""
    born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or "")
    home = ", ".join(part for part in (person.address, person.unit.name if person.unit else "") if part)
    return {
        "name": person.full_name or person.code or person.public_id,
        "code": person.code or "",
        "born": born,
        "sex": SEXES.get(Sex(person.sex), ""),
        "home": home,
        "phone": person.phone,
    }


def place_of(order: Order) -> str:
    """Where the person is to stay, in words."""
    parts = []
    if order.site is not None:
        parts.append(order.site.name)
        if order.site.parent_id and order.site.parent is not None:
            parts.append(order.site.parent.name)
    parts.append(order.address)
    return ", ".join(part for part in parts if part)


def _reason(order: Order) -> str:
    of = disease(order.disease).name["vi"]
    if order.kind == Kind.ISOLATION:
        return f"Mắc {of} (F0)."
    met = f"Tiếp xúc gần (F1) với ca bệnh {of}"
    if order.case is not None and order.case.code:
        met += f" mang mã số {order.case.code}"
    return met + (f", lần cuối ngày {order.exposed_on:%d/%m/%Y}." if order.exposed_on else ".")


def _articles(order: Order, unit: Unit | None, signed_on: date | None) -> list[list[str]]:
    person = person_of(order.person)
    days = rules.days(order.starts_on, order.ends_on)
    who = f"Họ và tên: {person['name']}. Ngày, năm sinh: {person['born'] or '……'}. Giới tính: {person['sex'] or '……'}."
    first = [
        f"Điều 1. {_measure(order)} đối với ông (bà) có tên sau đây:",
        who,
        f"Nơi ở: {person['home'] or '……'}. Điện thoại: {person['phone'] or '……'}.",
        f"Lý do: {_reason(order)}" + (f" {order.ground}" if order.ground else ""),
        f"Hình thức: {PLACES[PlaceKind(order.place_kind)]}. Địa điểm: {place_of(order) or '……'}.",
        f"Thời gian: {days} ngày, từ ngày {order.starts_on:%d/%m/%Y} đến hết ngày {order.ends_on:%d/%m/%Y}.",
    ]
    second = [
        "Điều 2. Trong thời gian cách ly, ông (bà) có tên tại Điều 1 ở tại địa điểm cách ly, không tiếp xúc với người "
        "không có nhiệm vụ, đo thân nhiệt và khai báo sức khỏe hằng ngày, lấy mẫu xét nghiệm theo hướng dẫn của cơ "
        "quan y tế. Trường hợp không chấp hành thì bị áp dụng biện pháp cưỡng chế cách ly y tế theo quy định của pháp "
        "luật."
    ]
    third = [
        f"Điều 3. Quyết định này có hiệu lực kể từ ngày {'ký' if signed_on else '……'}. "
        f"Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân, {_station(unit)}, cơ quan Công an cùng cấp và ông (bà) "
        "có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này."
    ]
    if order.replaces is not None and order.replaces.document:
        third[0] += f" Quyết định này thay thế Quyết định số {order.replaces.document['number']}."
    return [first, second, third]


def _measure(order: Order) -> str:
    if order.extends is not None and order.extends.document:
        return f"Kéo dài thời gian cách ly y tế theo Quyết định số {order.extends.document['number']}"
    return "Áp dụng biện pháp cách ly y tế"
