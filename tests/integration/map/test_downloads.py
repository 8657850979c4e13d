"""Layers as files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import fastexcel
import numpy as np
import pyogrio
import pytest
import shapely
from django.test import Client

from tests.factories import UnitFactory, make_user
from tests.integration.map.sample_layer import COUNT, FIRST, SamplePoints, with_samples
from tuyendau.core.accounts.models import User
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Unit
from tuyendau.insight.map.layers import base

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_discovered", with_samples())
    SamplePoints.asked.clear()


@pytest.fixture
def unit() -> Unit:
    province = UnitFactory.create(level=1, code="24")
    UnitFactory.create(parent=province)
    return province


def take(user: User, code: str, form: str, **query: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/map/layers/{code}/download/{form}", query)


@pytest.fixture
def user(unit: Unit) -> User:
    return make_user("dichte", "epidemiologist", unit=unit)


def test_geojson(user: User) -> None:
    answer = take(user, "sample.points", "geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sample.points-')
    found = answer.json()
    assert found["name"] == "Điểm thử"
    assert len(found["features"]) == COUNT
    assert found["features"][-1]["geometry"] is None


def test_geopackage(user: User, tmp_path: Any) -> None:
    file = tmp_path / "layer.gpkg"
    file.write_bytes(take(user, "sample.points", "gpkg").content)
    meta, _ids, shapes, columns = pyogrio.raw.read(file)
    told = dict(zip(meta["fields"], columns, strict=True))
    assert (meta["crs"], meta["geometry_type"], len(shapes)) == ("EPSG:4326", "Point", COUNT)
    assert shapely.from_wkb(shapes)[7].coords[0] == (106.0007, 21.0)
    assert shapely.from_wkb(shapes)[-1] is None
    assert told["feature_id"][7] == "điểm 7"
    assert told["count"][7] == 7
    assert np.isnan(told["count"][9]), "what is not known is not 0"
    assert told["day"][0] == np.datetime64("2021-05-08")
    assert np.isnat(told["day"][1])
    assert np.isnat(told["seen"][1])
    assert told["seen"][0] == np.datetime64(FIRST.replace(tzinfo=None))


def test_geopackage_of_areas(user: User, tmp_path: Any) -> None:
    file = tmp_path / "layer.gpkg"
    file.write_bytes(take(user, "sample.areas", "gpkg").content)
    meta, _ids, shapes, _columns = pyogrio.raw.read(file)
    assert meta["geometry_type"] == "MultiPolygon"
    assert {shape.geom_type for shape in shapely.from_wkb(shapes)} == {"MultiPolygon"}


def test_xlsx(user: User) -> None:
    book = fastexcel.read_excel(take(user, "sample.points", "xlsx").content)
    rows = book.load_sheet(0).to_polars()
    assert rows.columns == ["Tên", "Số", "Tỷ lệ", "Ngày", "Lúc", "lon", "lat"]
    assert rows.row(7) == (
        "Chợ “7”",
        7,
        1.75,
        datetime(2021, 5, 8),
        datetime(2021, 5, 8, 15, 30),
        106.0007,
        21,
    )
    assert rows["Số"][9] is None
    assert rows.row(-1)[5:] == (None, None)
    assert len(rows) == COUNT


def test_as_known_then_with_its_options(user: User) -> None:
    answer = take(user, "sample.points", "geojson", at="2021-05-10T07:00", **{"sample.points.many": "few"})
    assert len(answer.json()["features"]) == 5
    assert SamplePoints.asked[-1].at == datetime(2021, 5, 10, tzinfo=UTC)
    assert "2021-05-10-0700" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("code", "form"), [("none", "gpkg"), ("sample.points", "pdf")])
def test_what_is_not_there(user: User, code: str, form: str) -> None:
    assert take(user, code, form).status_code == 404


@pytest.mark.parametrize("query", [{"at": "hôm qua"}, {"at": "2999-01-01"}, {"sample.points.many": "vừa"}])
def test_an_address_that_cannot_be_understood_says_why(user: User, query: dict[str, str]) -> None:
    refused = take(user, "sample.points", "gpkg", **query)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.content.decode()
    assert SamplePoints.asked == []


def test_the_table_offers_the_files_of_what_it_shows(user: User, unit: Unit) -> None:
    client = Client()
    client.force_login(user)
    at = "2021-05-10T07:00"
    text = client.get("/map/layers/cases/table", {"at": at}).content.decode()
    assert "/download/" not in text, "there is nothing to take"
    text = client.get("/map/layers/communes/table", {"at": at}).content.decode()
    for form in ("geojson", "gpkg", "xlsx"):
        assert f"/map/layers/communes/download/{form}?at=2021-05-10T07" in text


def test_what_tells_of_people_needs_the_right_to_export_and_is_on_record(user: User, unit: Unit) -> None:
    leader = make_user("lanhdao", "leader", unit=unit)
    for code in ("sample.secret", "sample.private"):
        assert take(leader, code, "xlsx").status_code == 403
    assert not Event.objects.filter(kind="map.layer_exported").exists()
    assert take(leader, "sample.points", "xlsx").status_code == 200
    assert not Event.objects.filter(kind="map.layer_exported").exists()
    assert take(user, "sample.secret", "xlsx").status_code == 200
    (event,) = Event.objects.filter(kind="map.layer_exported")
    assert (event.by_id, event.data["layer"], event.data["rows"]) == (user.pk, "sample.secret", COUNT)
    assert event.data["format"] == "xlsx"
