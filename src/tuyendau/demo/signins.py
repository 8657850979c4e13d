"""The users of the demonstration: one of each role, officers of two companies; and where some of them work."""

from __future__ import annotations

from dataclasses import dataclass

from tuyendau.core.places.actions.rows import SiteRow
from tuyendau.demo.plan import DISTRICT, PROVINCE

COMMUNE = "07807"
PARK, ELECTRONICS, GARMENTS = "DS", "DS001", "HM001"
HOSPITAL, QUARANTINE, PROVINCIAL = "BV-HB", "CL-DT", "BV-TS"


@dataclass(frozen=True, slots=True)
class Account:
    """A user to be: `vi` and `en` say who that is."""

    username: str
    full_name: str
    role: str
    vi: str
    en: str
    unit: str | None = None
    site: str | None = None


ACCOUNTS = (
    Account(
        "dichte", "Phạm Thị Minh", "epidemiologist",
        "Dịch tễ của tỉnh", "Epidemiologist of the province", unit=PROVINCE,
    ),
    Account(
        "vietyen", "Thân Văn Quyết", "district_officer",
        "Trung tâm y tế Việt Yên", "Health officer of a district, Việt Yên", unit=DISTRICT,
    ),
    Account(
        "quangchau", "Ngô Văn Hải", "commune_officer",
        "Trạm y tế Quang Châu", "Health station of a commune, Quang Châu", unit=COMMUNE,
    ),
    Account(
        "saokhue", "Lê Thu Trang", "company_officer",
        "Công ty Điện tử Sao Khuê", "Health officer of a company, Sao Khuê", site=ELECTRONICS,
    ),
    Account(
        "luavang", "Vũ Đức Mạnh", "company_officer",
        "Công ty May Lúa Vàng", "Health officer of a company, Lúa Vàng", site=GARMENTS,
    ),
    Account(
        "dongsen", "Đỗ Quang Hưng", "park_manager",
        "Ban quản lý KCN Đồng Sen", "Manager of an industrial park", site=PARK,
    ),
    Account(
        "bacsi", "Hoàng Thị Lan", "clinician",
        "Bệnh viện dã chiến Hoa Ban", "Clinician of a field hospital", site=HOSPITAL,
    ),
    Account(
        "cachly", "Giáp Văn Toàn", "quarantine_manager",
        "Khu cách ly Đồi Thông", "Manager of a quarantine facility", site=QUARANTINE,
    ),
    Account(
        "xetnghiem", "Trần Thị Ngọc", "laboratory",
        "Phòng xét nghiệm Hoa Ban", "Laboratory of the field hospital", site=HOSPITAL,
    ),
    Account(
        "lanhdao", "Nguyễn Thị Bình", "leader",
        "Ban chỉ đạo của tỉnh", "Steering committee of the province", unit=PROVINCE,
    ),
    Account(
        "kenhtin", "Dương Thị Nhung", "channel_operator",
        "Vận hành kênh thông tin", "Operator of the channels", unit=PROVINCE,
    ),
    Account(
        "quantri", "Nguyễn Văn Tuyên", "province_administrator",
        "Quản trị hệ thống của tỉnh", "Administrator of the province", unit=PROVINCE,
    ),
    Account(
        "kiemtoan", "Lương Thị Hà", "auditor",
        "Kiểm tra việc truy cập", "Auditor", unit=PROVINCE,
    ),
)  # fmt: skip


def own_sites() -> list[SiteRow]:
    """Where the clinician, the laboratory and the quarantine manager work; the world of workers has no such sites."""
    rows = [
        SiteRow(HOSPITAL, "hospital", "Bệnh viện dã chiến Hoa Ban", unit="07777", lon=106.1021, lat=21.2745),
        SiteRow(f"{HOSPITAL}-A", "ward", "Khu điều trị A", HOSPITAL, capacity=40),
        SiteRow(f"{HOSPITAL}-B", "ward", "Khu điều trị B", HOSPITAL, capacity=40),
        SiteRow(
            PROVINCIAL,
            "hospital",
            "Bệnh viện tỉnh Trăng Sáng",
            unit="07681",
            lon=106.2312,
            lat=21.2105,
            capacity=60,
        ),
        SiteRow(QUARANTINE, "quarantine", "Khu cách ly Đồi Thông", unit="07777", lon=106.0968, lat=21.2688),
    ]
    for floor in (1, 2, 3):
        for number in range(1, 9):
            code = f"{QUARANTINE}-{floor}{number:02d}"
            rows.append(
                SiteRow(code, "quarantine_room", f"Phòng {floor}{number:02d}", QUARANTINE, capacity=4)
            )
    return rows
