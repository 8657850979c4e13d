"""The service of features as GDAL reads it from the running server: through pyogrio, and with ogrinfo."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tests.factories import UnitFactory, make_user
from tests.integration.live.server import Server, cut, serving
from tests.integration.map.sample_layer import COUNT
from tests.integration.map.test_features import key_of
from tuyendau.core.accounts.models import User

pytestmark = pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="GDAL without its OAPIF driver")


@pytest.fixture(scope="module")
def one_server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Server]:
    application = "tests.integration.map.served:application"
    with (
        django_db_blocker.unblock(),
        serving(tmp_path_factory.mktemp("map"), application=application) as server,
    ):
        yield server


@pytest.fixture
def source(one_server: Server, transactional_db: None) -> str:
    cut()
    return f"OAPIF:{one_server.url}/api/features"


@pytest.fixture
def user(source: str) -> User:
    province = UnitFactory.create(level=1, code="24")
    UnitFactory.create(parent=province, lon=106.1, lat=21.2)
    return make_user("dichte", "epidemiologist", unit=province)


@pytest.fixture
def key(user: User) -> Iterator[str]:
    """A key of the user's, which GDAL sends as the password of HTTP Basic."""
    key = key_of(user)
    pyogrio.set_gdal_config_options({"GDAL_HTTP_USERPWD": f"dichte:{key}", "GDAL_HTTP_AUTH": "BASIC"})
    yield key
    pyogrio.set_gdal_config_options({"GDAL_HTTP_USERPWD": None, "GDAL_HTTP_AUTH": None})


def test_gdal_lists_the_layers(source: str, key: str) -> None:
    found = {name for name, _kind in pyogrio.list_layers(source)}
    assert {"sample.points", "sample.areas", "sample.secret"} <= found


def test_gdal_reads_every_feature_with_its_types(source: str, key: str) -> None:
    meta, _ids, shapes, columns = pyogrio.raw.read(source, layer="sample.points")
    fields = list(meta["fields"])
    told = dict(zip(fields, columns, strict=True))
    points = shapely.from_wkb(shapes)
    assert len(points) == COUNT
    assert [points[7].x, points[7].y] == [106.0007, 21.0]
    assert points[-1] is None
    assert told["name"][7] == "Chợ “7”"
    assert told["rate"][7] == 1.75
    assert told["day"][0] == np.datetime64("2021-05-08")
    assert np.isnat(told["day"][1])
    assert "4326" in meta["crs"] or "CRS84" in meta["crs"]


def test_gdal_asks_the_server_for_a_box_and_a_filter(source: str, key: str, one_server: Server) -> None:
    _meta, _ids, shapes, _columns = pyogrio.raw.read(
        source, layer="sample.points", bbox=(106.00015, 20.9, 106.00035, 21.1)
    )
    assert len(shapes) == 2
    meta, _ids, shapes, columns = pyogrio.raw.read(source, layer="sample.points", where="count = 7")
    assert list(columns[list(meta["fields"]).index("name")]) == ["Chợ “7”"]


def test_gdal_reads_areas(source: str, key: str) -> None:
    _meta, _ids, shapes, _columns = pyogrio.raw.read(source, layer="sample.areas")
    assert [shape.geom_type for shape in shapely.from_wkb(shapes)] == ["Polygon", "MultiPolygon"]


def test_gdal_sends_a_key_as_bearer_token(source: str, user: User) -> None:
    pyogrio.set_gdal_config_options({"GDAL_HTTP_BEARER": key_of(user), "GDAL_HTTP_AUTH": "BEARER"})
    try:
        assert len(pyogrio.list_layers(source))
    finally:
        pyogrio.set_gdal_config_options({"GDAL_HTTP_BEARER": None, "GDAL_HTTP_AUTH": None})


def test_gdal_without_a_key_is_refused(source: str, user: User) -> None:
    with pytest.raises(pyogrio.errors.DataSourceError, match="401"):
        pyogrio.list_layers(source)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="no ogrinfo here: Debian has it in gdal-bin")
def test_ogrinfo_reads_a_layer(source: str, user: User) -> None:
    environment = os.environ | {"GDAL_HTTP_USERPWD": f"dichte:{key_of(user)}", "GDAL_HTTP_AUTH": "BASIC"}
    told = subprocess.run(
        [str(shutil.which("ogrinfo")), "-ro", "-so", source, "sample.points"],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert f"Feature Count: {COUNT}" in told
    assert "Geometry: Point" in told
    for field in ("name: String", "count: Integer", "rate: Real", "day: Date", "seen: DateTime"):
        assert field in told
    listed = subprocess.run(
        [str(shutil.which("ogrinfo")), "-ro", source],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert "sample.areas" in listed


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="no ogr2ogr here: Debian has it in gdal-bin")
def test_ogr2ogr_copies_a_layer(source: str, user: User, tmp_path: Any) -> None:
    environment = os.environ | {"GDAL_HTTP_USERPWD": f"dichte:{key_of(user)}", "GDAL_HTTP_AUTH": "BASIC"}
    target = tmp_path / "copy.geojson"
    subprocess.run(
        [str(shutil.which("ogr2ogr")), str(target), source, "sample.areas"],
        env=environment, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    names = [feature["properties"]["name"] for feature in json.loads(target.read_text())["features"]]
    assert names == ["Xã Một", "Xã Hai"]
