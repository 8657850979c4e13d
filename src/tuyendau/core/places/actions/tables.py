"""Tables of units as offices keep them, read into typed rows: one unit a row with its parent, or a commune a row with
the district and the province that it lies in.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tuyendau.core.places import rules
from tuyendau.core.places.actions.errors import PlacesRefused, Problem, refused
from tuyendau.core.places.actions.rows import UnitRow
from tuyendau.lib import text

ALIASES = {
    "code": ("code", "ma", "ma xa", "ma phuong xa", "ma dvhc", "commune code", "ward code", "id"),
    "name": ("name", "ten", "ten xa", "ten phuong xa", "ten dvhc", "commune", "ward", "xa", "phuong xa"),
    "level": ("level", "cap"),
    "parent_code": ("parent code", "parent", "ma cap tren", "cap tren"),
    "district_code": ("district code", "ma huyen", "ma qh", "ma quan huyen"),
    "district": ("district", "huyen", "ten huyen", "quan huyen", "ten quan huyen"),
    "province_code": ("province code", "ma tinh", "ma tp", "ma tinh tp"),
    "province": ("province", "tinh", "ten tinh", "tinh thanh pho", "ten tinh thanh pho"),
    "lon": ("lon", "lng", "long", "longitude", "kinh do", "x"),
    "lat": ("lat", "latitude", "vi do", "y"),
    "area_km2": ("area km2", "area", "dien tich", "dien tich km2"),
    "population": ("population", "pop", "pop2019 est", "dan so"),
    "successor": ("successor", "successors", "successor code", "ma sau sap nhap"),
}
"""Headers that are understood for each column, folded, with `_` and `-` as spaces. An exact name comes first."""

_GROUPED = re.compile(r"\d{1,3}([., ]\d{3})+")
_GROUPS = re.compile(r"[., ]")

Cells = Mapping[str, Any]


def read_units(path: Path, *, successors: str | None = None) -> list[UnitRow]:
    """The units in a CSV or GeoJSON file. `successors` names the column with the codes that follow a unit in time.

    Raises `PlacesRefused` with every row and column that is wrong.
    """
    if path.suffix.lower() in {".geojson", ".json"}:
        rows = _geojson_rows(path)
        first = 1
    else:
        rows = _csv_rows(path)
        first = 2
    return unit_rows(rows, first=first, successors=successors)


def unit_rows(rows: Sequence[Cells], *, first: int = 2, successors: str | None = None) -> list[UnitRow]:
    """Rows of cells by header as units, parents before children; `first` is the number of the first row."""
    if not rows:
        raise refused(_("The file has no rows."))
    columns = _columns(rows[0], successors)
    reader = _Reader(columns, flat="province_code" in columns or "district_code" in columns)
    for number, row in enumerate(rows, first):
        reader.take(row, number)
    return reader.finish()


def _csv_rows(path: Path) -> list[Cells]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refused(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from None
    head = content.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    return list(csv.DictReader(content.splitlines(), delimiter=delimiter))


def _geojson_rows(path: Path) -> list[Cells]:
    try:
        features = json.loads(path.read_bytes())["features"]
        return [feature["properties"] for feature in features]
    except (ValueError, KeyError, TypeError):
        raise refused(_("The file is not a GeoJSON collection of features.")) from None


def _columns(row: Cells, successors: str | None) -> dict[str, str]:
    """Which header holds which column: {"district_code": "Mã huyện"}."""
    folded = {_fold_header(header): header for header in reversed([h for h in row if h])}
    columns: dict[str, str] = {}
    for name, aliases in ALIASES.items():
        for alias in aliases:
            if alias in folded:
                columns[name] = folded[alias]
                break
    for name in ("code", "name"):
        if name not in columns:
            raise refused(
                _("The column “%(column)s” is missing. The file has: %(headers)s.")
                % {"column": name, "headers": ", ".join(h for h in row if h)}
            )
    if successors is not None:
        if successors not in row:
            raise refused(_("The column “%(column)s” is missing.") % {"column": successors})
        columns["successor"] = successors
    return columns


def _fold_header(header: str) -> str:
    return text.fold(header.replace("_", " ").replace("-", " "))


class _Reader:
    """Gathers the units of a table and what is wrong with it."""

    def __init__(self, columns: dict[str, str], *, flat: bool) -> None:
        self.columns = columns
        self.flat = flat
        self.units: dict[tuple[int, str], UnitRow] = {}
        self.problems: list[Problem] = []
        self.pending: list[tuple[Cells, int, int, str]] = []

    def take(self, cells: Cells, row: int) -> None:
        """Note the row; its parent is found when all rows are known."""
        code = self._text(cells, "code")
        if not code:
            self._wrong(row, "code", _("The code is missing."))
        elif not code.removesuffix(".0").isdigit():
            self._wrong(row, "code", _("“%(code)s” is not a code of digits.") % {"code": code})
        elif not self._text(cells, "name"):
            self._wrong(row, "name", _("The name is missing."))
        elif level := self._level(cells, code, row):
            self.pending.append((cells, row, level, rules.full_code(code, level)))

    def finish(self) -> list[UnitRow]:
        """The units, parents before children. Raises `PlacesRefused`."""
        for cells, row, level, _code in self.pending:
            if self.flat and level == rules.COMMUNE:
                self._add_parents(cells, row)
        levels = {(level, code) for _cells, _row, level, code in self.pending} | set(self.units)
        for cells, row, level, code in self.pending:
            self._add(self._unit(cells, row, level, code, levels))
        if self.problems:
            raise PlacesRefused(self.problems)
        return sorted(self.units.values(), key=lambda unit: unit.level)

    def _add(self, unit: UnitRow) -> None:
        before = self.units.get(unit.key)
        if before is not None and before.row and unit.row:
            self._wrong(
                unit.row,
                "code",
                _("The code %(code)s stands in row %(other)s too.")
                % {"code": unit.code, "other": before.row},
            )
        self.units[unit.key] = unit

    def _add_parents(self, cells: Cells, row: int) -> None:
        """Add the district and the province that a commune's row names, once each."""
        above: tuple[int, str] | None = None
        for level, column in ((rules.PROVINCE, "province"), (rules.DISTRICT, "district")):
            if code := self._text(cells, f"{column}_code"):
                key = (level, rules.full_code(code, level))
                name = self._text(cells, column)
                known = self.units.get(key)
                if known is not None and name and known.name != name:
                    self._wrong(
                        row,
                        self.columns[column],
                        _("%(code)s is called “%(name)s” here and “%(other)s” further up.")
                        % {"code": key[1], "name": name, "other": known.name},
                    )
                elif known is None:
                    self.units[key] = UnitRow(key[1], level, name or key[1], above)
                above = key

    def _unit(self, cells: Cells, row: int, level: int, code: str, known: set[tuple[int, str]]) -> UnitRow:
        return UnitRow(
            code=code,
            level=level,
            name=self._text(cells, "name"),
            parent=self._parent(cells, row, level, known),
            lon=self._number(cells, "lon", row, -180, 180),
            lat=self._number(cells, "lat", row, -90, 90),
            population=self._whole(cells, "population", row),
            area_km2=self._number(cells, "area_km2", row, 0, 2_000_000),
            successors=tuple(
                rules.full_code(part, rules.COMMUNE)
                for part in self._text(cells, "successor").replace(";", "|").split("|")
                if part.strip()
            ),
            row=row,
        )

    def _parent(
        self, cells: Cells, row: int, level: int, known: set[tuple[int, str]]
    ) -> tuple[int, str] | None:
        """The nearest level above that has the code named as parent; a flat commune's district, else its province."""
        if level == rules.PROVINCE:
            return None
        above = range(level - 1, 0, -1)
        if self.flat:
            named = {rules.DISTRICT: "district_code", rules.PROVINCE: "province_code"}
            codes = [(up, self._text(cells, named[up])) for up in above]
            return next(((up, rules.full_code(code, up)) for up, code in codes if code), None)
        code = self._text(cells, "parent_code")
        if not code:
            return None
        keys = [(up, rules.full_code(code, up)) for up in above]
        return next((key for key in keys if key in known), keys[0] if level == rules.DISTRICT else keys[-1])

    def _level(self, cells: Cells, code: str, row: int) -> int | None:
        word = self._text(cells, "level")
        if word:
            level = rules.level_of_word(text.fold(word).removesuffix(".0"))
            if level is None:
                self._wrong(
                    row, "level", _("“%(word)s” is no level: province, district or commune.") % {"word": word}
                )
            return level
        if self.flat or "parent_code" not in self.columns:
            return rules.COMMUNE
        level = rules.level_of_code(code)
        if level is None:
            self._wrong(
                row,
                "code",
                _("“%(code)s” has not 2, 3 or 5 digits: give its level in a column “level”.")
                % {"code": code},
            )
        return level

    def _text(self, cells: Cells, column: str) -> str:
        value = cells.get(self.columns.get(column, ""))
        return "" if value is None else text.clean(str(value))

    def _number(self, cells: Cells, column: str, row: int, low: float, high: float) -> float | None:
        value = self._text(cells, column)
        if not value:
            return None
        try:
            number = float(value if "." in value else value.replace(",", "."))
        except ValueError:
            number = float("nan")
        if low <= number <= high:
            return number
        self._wrong(
            row,
            self.columns[column],
            _("“%(value)s” is not a number from %(low)s to %(high)s.")
            % {"value": value, "low": low, "high": high},
        )
        return None

    def _whole(self, cells: Cells, column: str, row: int) -> int | None:
        """A number of people: 9100, 9.100 and 9,100 are the same, as the one or the other country writes it."""
        value = self._text(cells, column)
        digits = _GROUPS.sub("", value) if _GROUPED.fullmatch(value) else value.removesuffix(".0")
        if not digits:
            return None
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            return int(digits)
        self._wrong(row, self.columns[column], _("“%(value)s” is not a whole number.") % {"value": value})
        return None

    def _wrong(self, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(row, column, message))


def only_province(units: Iterable[UnitRow], code: str) -> list[UnitRow]:
    """The province of that code and the units below it; `units` has parents before children."""
    kept: dict[tuple[int, str], UnitRow] = {}
    for unit in units:
        if unit.key == (rules.PROVINCE, code) or unit.parent in kept:
            kept[unit.key] = unit
    return list(kept.values())
