"""Where the province tests, vaccinates and checks who passes, and the schools: invented, in real communes."""

from __future__ import annotations

from collections.abc import Iterator

from tuyendau.core.places.actions.rows import SiteRow
from tuyendau.demo.ground import Ground

_KINDS = (
    ("test_point", "XN", "Điểm lấy mẫu xét nghiệm", 0, 0.004, -0.003),
    ("vaccination", "TC", "Điểm tiêm chủng", 1, -0.004, 0.003),
    ("checkpoint", "CHOT", "Chốt kiểm soát dịch", 2, 0.007, 0.006),
    ("school", "TRUONG", "Trường tiểu học", 3, -0.003, -0.005),
)
"""Kind, beginning of the code, of the name, which commune of the district, and where beside the commune's own point."""


def posts(on: Ground) -> list[SiteRow]:
    """One of each kind in every district, in different communes where it has so many."""
    return list(_posts(on))


def _posts(on: Ground) -> Iterator[SiteRow]:
    communes = on.communes
    districts = list(dict.fromkeys(communes.district))
    for district in districts:
        here = [n for n, above in enumerate(communes.district) if above == district]
        for kind, code, name, nth, east, north in _KINDS:
            at = here[nth % len(here)]
            yield SiteRow(
                f"{code}-{communes.code[at]}",
                kind,
                f"{name} {on.names[at]}",
                unit=communes.code[at],
                lon=round(float(communes.lon[at]) + east, 6),
                lat=round(float(communes.lat[at]) + north, 6),
            )
