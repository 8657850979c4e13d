"""The two unit trees of Vietnam that the package `vietnamadminunits` carries, and how the one went into the other.

The legacy tree is that of January to June 2025: provinces, districts, communes, after the mergers of communes that took
effect on 1 January 2025 and before districts were abolished on 1 July 2025 (Resolution 202/2025/QH15). Earlier trees,
such as that of 2021, are other trees and come from files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from typing import Any

from tuyendau.core.places import rules
from tuyendau.core.places.actions.rows import Link, UnitRow

LEGACY_FROM = date(2025, 1, 1)
REFORM = date(2025, 7, 1)

_LEGACY = """SELECT DISTINCT province, district, ward, provinceCode, districtCode, wardCode, provinceLat, provinceLon,
    districtLat, districtLon, wardLat, wardLon, provinceKey, districtKey, wardKey FROM admin_units_legacy"""
_PRESENT = """SELECT DISTINCT province, ward, provinceCode, wardCode, provinceLat, provinceLon, wardLat, wardLon,
    wardAreaKm2, provinceKey, wardKey FROM admin_units"""


def legacy_units() -> list[UnitRow]:
    """63 provinces, 696 districts, 10,035 communes of January to June 2025, parents first."""
    return _tree(_query(_LEGACY))


def present_units() -> list[UnitRow]:
    """34 provinces and 3,321 communes since 1 July 2025, parents first."""
    return _tree(_query(_PRESENT))


def links() -> list[Link]:
    """Which legacy commune went into which present ones, by name in the package. Shares are not known.

    Five island districts had no communes: there the district is what went into the new unit.
    """
    old = {_old_key(row): _lowest(row) for row in _query(_LEGACY)}
    new = {(row["provinceKey"], row["wardKey"]): _lowest(row) for row in _query(_PRESENT)}
    table = json.loads(
        (files("vietnamadminunits") / "data" / "converter_2025.json").read_text(encoding="utf-8")
    )
    whole = (
        (old_key, (province, ward))
        for province, wards in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, old_keys in wards.items()
        for old_key in old_keys
    )
    divided = (
        (old_key, (province, part["newWardKey"]))
        for province, wards in table["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old_key, parts in wards.items()
        for part in parts
    )
    return [Link(old[a], new[b]) for a, b in (*whole, *divided) if a in old and b in new]


def _query(sql: str) -> list[dict[str, Any]]:
    from vietnamadminunits.database import query

    rows: list[dict[str, Any]] = query(sql)
    return rows


def _old_key(row: dict[str, Any]) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _lowest(row: dict[str, Any]) -> tuple[int, str]:
    """The (level, code) of the smallest unit in a row."""
    if row["wardCode"]:
        return rules.COMMUNE, row["wardCode"]
    return rules.DISTRICT, row["districtCode"]


KINDS = {"Thị Xã ": "Thị xã ", "Thị Trấn ": "Thị trấn ", "Thành Phố ": "Thành phố "}
"""Kinds of unit as the package writes some of them, and as they are written in Vietnamese."""


def _written(name: str) -> str:
    """A unit's name with its kind as it is written."""
    return next((kind + name[len(wrong) :] for wrong, kind in KINDS.items() if name.startswith(wrong)), name)


def _tree(rows: Iterable[dict[str, Any]]) -> list[UnitRow]:
    units: dict[tuple[int, str], UnitRow] = {}
    for row in rows:
        above: tuple[int, str] | None = None
        for level, name in (
            (rules.PROVINCE, "province"),
            (rules.DISTRICT, "district"),
            (rules.COMMUNE, "ward"),
        ):
            if code := row.get(f"{name}Code"):
                key = (level, code)
                if key not in units:
                    area = row.get("wardAreaKm2") if level == rules.COMMUNE else None
                    units[key] = UnitRow(
                        code,
                        level,
                        _written(row[name]),
                        above,
                        lon=row[f"{name}Lon"],
                        lat=row[f"{name}Lat"],
                        area_km2=area,
                    )
                above = key
    return sorted(units.values(), key=lambda unit: unit.level)
