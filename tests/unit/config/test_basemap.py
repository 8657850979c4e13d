"""The ground under the map: what the environment names, and whom the browser may then ask."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from tuyendau.config import basemap


def test_nothing_is_asked_of_anybody_by_default() -> None:
    assert basemap.load({}) == basemap.Basemap()


def test_the_origin_of_the_address_may_be_asked() -> None:
    found = basemap.load(
        {
            "TUYENDAU_MAP_STYLE": "https://maps.example.vn:8443/s.json",
            "TUYENDAU_MAP_ORIGINS": "https://tiles.example.vn",
        }
    )
    assert found.origins == ("https://maps.example.vn:8443", "https://tiles.example.vn")


def test_tiles_of_our_own_server_need_no_origin() -> None:
    assert basemap.load({"TUYENDAU_MAP_TILES": "/tiles/{z}/{x}/{y}.png"}).origins == ()


@pytest.mark.parametrize(
    "environment",
    [
        {"TUYENDAU_MAP_TILES": "https://tiles.example.vn/{z}.png"},
        {"TUYENDAU_MAP_TILES": "tiles.example.vn/{z}/{x}/{y}"},
        {"TUYENDAU_MAP_TILES": "//tiles.example.vn/{z}/{x}/{y}"},
        {"TUYENDAU_MAP_STYLE": "https://a b/style.json"},
        {"TUYENDAU_MAP_STYLE": "https://a.vn; script-src *"},
        {"TUYENDAU_MAP_STYLE": "https://a.vn/s", "TUYENDAU_MAP_TILES": "https://a.vn/{z}/{x}/{y}"},
        {"TUYENDAU_MAP_STYLE": "https://a.vn/s", "TUYENDAU_MAP_ORIGINS": "'unsafe-inline'"},
    ],
)
def test_what_cannot_be_a_ground_is_refused_by_its_name(environment: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="TUYENDAU_MAP_"):
        basemap.load(environment)
