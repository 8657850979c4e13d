"""The users of the demonstration: one of each role, and an officer for each company."""

from __future__ import annotations

from dataclasses import dataclass

from tuyendau.demo import places


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
        "Dịch tễ tỉnh Bắc Ninh", "Epidemiologist of the province", unit=places.PROVINCE,
    ),
    Account(
        "tramyte", "Ngô Văn Hải", "commune_officer",
        "Trạm y tế phường Yên Dũng", "Health station of a commune", unit=places.COMMUNE,
    ),
    Account(
        "saokhue", "Lê Thu Trang", "company_officer",
        "Công ty Điện tử Sao Khuê", "Health officer of a company", site=places.ELECTRONICS.code,
    ),
    Account(
        "luavang", "Vũ Đức Mạnh", "company_officer",
        "Công ty May Lúa Vàng", "Health officer of a company", site=places.GARMENTS.code,
    ),
)  # fmt: skip
