"""A small province in two trees, a company and its neighbour, and who may bring files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import translation

from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.places.models import Site, Unit
from tuyendau.insight.exchange.actions import Imported, import_file
from tuyendau.insight.exchange.actions.base import Options
from tuyendau.lib.text import fold
from tuyendau.records.people.models import Assignment, Person

AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
BEGIN, REFORM = date(2020, 1, 1), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def unit(code: str, level: int, name: str, parent: Unit | None, first: date, last: date | None) -> Unit:
    new = Unit.objects.create(
        code=code, level=level, name=name, folded=fold(name), parent=parent, valid_from=first, valid_to=last
    )
    new.path = f"{parent.path if parent else '/'}{new.pk}/"
    new.save()
    return new


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """Two districts of 2021, and a ward of after the reform that has the code of a town before it."""
    province = unit("24", 1, "Tỉnh Bắc Giang", None, BEGIN, REFORM)
    viet_yen = unit("222", 2, "Huyện Việt Yên", province, BEGIN, REFORM)
    yen_dung = unit("221", 2, "Huyện Yên Dũng", province, BEGIN, REFORM)
    new = unit("24", 1, "Tỉnh Bắc Ninh", None, REFORM, None)
    return {
        "province": province,
        "222": viet_yen,
        "221": yen_dung,
        "07777": unit("07777", 3, "Thị trấn Bích Động", viet_yen, BEGIN, REFORM),
        "07807": unit("07807", 3, "Xã Quang Châu", viet_yen, BEGIN, REFORM),
        "07708": unit("07708", 3, "Xã Nội Hoàng", yen_dung, BEGIN, REFORM),
        "07777 of 2025": unit("07777", 3, "Phường Việt Yên", new, REFORM, None),
    }


@pytest.fixture
def sites(units: dict[str, Unit]) -> dict[str, Site]:
    """Two companies, each with a line."""
    made: dict[str, Site] = {}

    def site(code: str, kind: str, setting: int, parent: str | None, dwell: int) -> None:
        above = made.get(parent or "")
        new = Site.objects.create(
            code=code,
            kind=kind,
            setting=setting,
            name=code,
            parent=above,
            unit=units["07807"],
            dwell_minutes=dwell,
        )
        new.path = f"{above.path if above else '/'}{new.pk}/"
        new.save()
        made[code] = new

    site("CTY-A", "company", 5, None, 540)
    site("A-1", "line", 3, "CTY-A", 480)
    site("CTY-B", "company", 5, None, 540)
    site("B-1", "line", 3, "CTY-B", 480)
    return made


@pytest.fixture
def people(sites: dict[str, Site], units: dict[str, Unit]) -> dict[str, Person]:
    """A worker of each company."""
    made = {}
    for code, line in (("CN-1", "A-1"), ("CN-2", "B-1")):
        made[code] = Person.objects.create(code=code, full_name=code, folded=fold(code), unit=units["07807"])
        Assignment.objects.create(person=made[code], site=sites[line], valid_from=date(2021, 1, 1))
    return made


@pytest.fixture
def province(units: dict[str, Unit]) -> Viewer:
    return Viewer(None, (Grant("epidemiologist", ScopeKind.UNIT, str(units["province"].path)),))


@pytest.fixture
def district(units: dict[str, Unit]) -> Viewer:
    return Viewer(None, (Grant("epidemiologist", ScopeKind.UNIT, str(units["222"].path)),))


@pytest.fixture
def company(sites: dict[str, Site]) -> Viewer:
    return Viewer(None, (Grant("company_officer", ScopeKind.SITE, str(sites["CTY-A"].path)),))


Take = Callable[..., Imported]


@pytest.fixture
def take() -> Take:
    """Bring a file in, as the program itself or as a viewer."""

    def run(kind: str, data: bytes | str, viewer: Viewer | None = None, **options: object) -> Imported:
        raw = data.encode() if isinstance(data, str) else data
        return import_file(
            kind, f"{kind}.csv", raw, viewer=viewer, by=None, at=AT, options=Options(**options)
        )

    return run


@pytest.fixture
def rows_everywhere() -> Callable[[], dict[str, int]]:
    """How many rows every table of the database holds."""

    def count() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            )
            tables = [name for (name,) in cursor.fetchall()]
            counts = {}
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counts[table] = cursor.fetchone()[0]
        return counts

    return count
