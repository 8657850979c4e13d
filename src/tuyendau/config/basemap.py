"""A ground of streets under the map, where the province has named one; by default nothing comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*-]+(:\d+)?")


@dataclass(frozen=True, slots=True)
class Basemap:
    """Where the browser finds it: a MapLibre `style`, or an address of `tiles` with {z}, {x} and {y}; neither is none.

    `credit` names whom the ground is of. `origins` are what the browser may then also ask: of the address itself, and
    of what a style names beside it.
    """

    style: str = ""
    tiles: str = ""
    credit: str = ""
    origins: tuple[str, ...] = ()


def load(environment: Mapping[str, str]) -> Basemap:
    """The ground that the environment names. Raises `ImproperlyConfigured` where it cannot be one."""
    style = environment.get("TUYENDAU_MAP_STYLE", "").strip()
    tiles = environment.get("TUYENDAU_MAP_TILES", "").strip()
    if style and tiles:
        raise ImproperlyConfigured(
            "TUYENDAU_MAP_STYLE and TUYENDAU_MAP_TILES are both set: keep one of them."
        )
    if tiles and not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        raise ImproperlyConfigured(
            f"TUYENDAU_MAP_TILES is {tiles!r}: write an address with {{z}}, {{x}} and {{y}},"
            " as https://tiles.example.vn/{z}/{x}/{y}.png."
        )
    named = tuple(environment.get("TUYENDAU_MAP_ORIGINS", "").split())
    for origin in named:
        if not _ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"TUYENDAU_MAP_ORIGINS holds {origin!r}: write origins as https://tiles.example.vn, spaces between."
            )
    own = _origin("TUYENDAU_MAP_STYLE" if style else "TUYENDAU_MAP_TILES", style or tiles)
    return Basemap(style, tiles, environment.get("TUYENDAU_MAP_CREDIT", "").strip(), (*own, *named))


def _origin(name: str, address: str) -> tuple[str, ...]:
    """The origin of an address; none where it is one of our own server, or there is none."""
    if not address or (address.startswith("/") and not address.startswith("//")):
        return ()
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if not _ORIGIN.fullmatch(origin):
        raise ImproperlyConfigured(
            f"{name} is {address!r}: write an address that begins with https:// or with /."
        )
    return (origin,)
