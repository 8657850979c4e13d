"""The invented places: a park with two companies, a boarding house, a market. They lie in real communes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tuyendau.core.places.actions.rows import SiteRow

PROVINCE = "24"
COMMUNE = "07681"
"""Phường Yên Dũng: where the park is said to be."""
AROUND = ("07681", "07696", "07699", "07738", "07735", "07795", "09253", "07210")
"""Communes where the workers live."""
LON, LAT = 106.214, 21.196
PARK, BOARDING_HOUSE, MARKET, SHOP = "DS", "TRO-HS", "CHO-DS", "TH-01"
FLOORS, ROOMS_A_FLOOR = 3, 8
HOUSEHOLDS = 18


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company. Codes of its sites begin with its own."""

    code: str
    name: str
    workshops: int
    lines_each: int
    zones: int
    buses: int
    evening: frozenset[str]
    """Lines that work the evening shift."""

    def lines(self) -> list[str]:
        """Codes of its lines, workshop by workshop."""
        return [
            f"{self.code}-X{w}-C{n}"
            for w in range(1, self.workshops + 1)
            for n in range(1, self.lines_each + 1)
        ]

    def zone(self, number: int) -> str:
        """Code of a zone of its canteen."""
        return f"{self.code}-NA-{number % self.zones + 1}"

    def bus(self, number: int) -> str:
        """Code of one of its buses."""
        return f"{self.code}-XE{number % self.buses + 1}"


ELECTRONICS = Company(
    "SK", "Công ty Điện tử Sao Khuê", 2, 5, 5, 3, evening=frozenset({"SK-X2-C4", "SK-X2-C5"})
)
GARMENTS = Company("LV", "Công ty May Lúa Vàng", 2, 3, 4, 2, evening=frozenset())
COMPANIES = (ELECTRONICS, GARMENTS)


def rooms() -> list[str]:
    """Codes of the rooms of the boarding house."""
    return [
        f"{BOARDING_HOUSE}-{floor}{number:02d}"
        for floor in range(1, FLOORS + 1)
        for number in range(1, ROOMS_A_FLOOR + 1)
    ]


def households() -> list[str]:
    """Codes of the households."""
    return [f"HO-{number:02d}" for number in range(1, HOUSEHOLDS + 1)]


def sites() -> list[SiteRow]:
    """Every invented site, parents first."""
    rows = [SiteRow(PARK, "park", "Khu công nghiệp Đồng Sen", unit=COMMUNE, lon=LON, lat=LAT)]
    for number, company in enumerate(COMPANIES):
        rows += _company(company, LON + 0.004 * (number + 1), LAT + 0.003)
    rows.append(
        SiteRow(
            BOARDING_HOUSE,
            "boarding_house",
            "Khu trọ Hoa Sữa",
            unit=COMMUNE,
            lon=LON - 0.006,
            lat=LAT - 0.004,
        )
    )
    rows += [SiteRow(code, "room", f"Phòng {code[-3:]}", BOARDING_HOUSE, capacity=4) for code in rooms()]
    for number, code in enumerate(households()):
        unit = AROUND[number % len(AROUND)]
        rows.append(SiteRow(code, "household", f"Hộ số {number + 1}", unit=unit))
    rows.append(SiteRow(MARKET, "market", "Chợ Đồng Sen", unit=COMMUNE, lon=LON - 0.009, lat=LAT - 0.002))
    rows.append(SiteRow(SHOP, "shop", "Tạp hóa Cô Ba", unit=COMMUNE, lon=LON - 0.007, lat=LAT - 0.005))
    return rows


def _company(company: Company, lon: float, lat: float) -> Iterator[SiteRow]:
    code = company.code
    yield SiteRow(code, "company", company.name, PARK, unit=COMMUNE, lon=lon, lat=lat)
    yield SiteRow(f"{code}-CONG", "gate", "Cổng chính", code)
    for workshop in range(1, company.workshops + 1):
        yield SiteRow(f"{code}-X{workshop}", "workshop", f"Xưởng {workshop}", code)
    for line in company.lines():
        yield SiteRow(line, "line", f"Chuyền {line[-1]}, xưởng {line[-4]}", line[:-3])
    yield SiteRow(f"{code}-NA", "canteen", "Nhà ăn", code)
    for zone in range(company.zones):
        yield SiteRow(company.zone(zone), "canteen_zone", f"Nhà ăn, khu {zone + 1}", f"{code}-NA")
    for bus in range(company.buses):
        yield SiteRow(company.bus(bus), "bus", f"Xe đưa đón {bus + 1}", code)
