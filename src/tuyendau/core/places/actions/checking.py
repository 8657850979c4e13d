"""What is wrong with a file of outlines, told by feature before anything of it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import shapely
from django.utils.translation import gettext as _

from tuyendau.core.places.actions.errors import Problem
from tuyendau.core.places.actions.rows import BoundaryRow
from tuyendau.core.places.models import Unit
from tuyendau.lib import geometry, text
from tuyendau.lib.geometry import Area

OVERLAP = 0.02
"""Share of the smaller of two outlines that may lie in both: slivers along a border that was drawn twice."""

FAR = 0.3
"""Degrees, some 30 km: further from its unit's own point no outline lies that is in the right projection."""

KM2_OF_DEGREE2 = 111.32 * 110.6
"""Square kilometres of a square degree at the equator."""

Staying = Callable[[Iterable[int]], Mapping[int, Area]]


def checked(
    rows: Sequence[BoundaryRow], units: Mapping[str, Unit], *, valid_on: date, staying: Staying
) -> tuple[list[Problem], dict[Unit, Area]]:
    """What is wrong, in no order, and the outlines of the rows in which nothing is.

    `units` are those that the file may be of, by code; `staying` gives the outlines that units have from earlier files.
    """
    areas = [_area(row) for row in rows]
    problems = list(_of_rows(rows, units, areas, valid_on))
    wrong = {problem.row for problem in problems}
    sound = [
        (row, units[row.code], area)
        for row, area in zip(rows, areas, strict=True)
        if row.row not in wrong and area is not None and row.code in units
    ]
    far = list(_far(sound))
    if sound and not far:
        own = {unit.pk for _row, unit, _area in sound}
        others = {unit.pk: unit for unit in units.values() if unit.pk not in own}
        problems += _overlaps(sound, [(others[pk], area) for pk, area in staying(others).items()])
    return problems + far, {unit: area for _row, unit, area in sound}


def _area(row: BoundaryRow) -> Area | None:
    if row.wkb is None:
        return None
    return geometry.area_of(shapely.from_wkb(row.wkb, on_invalid="ignore"))


def _of_rows(
    rows: Sequence[BoundaryRow], units: Mapping[str, Unit], areas: Sequence[Area | None], valid_on: date
) -> Iterable[Problem]:
    times = Counter(row.code for row in rows)
    by_name = _by_name(units.values())
    for row, area in zip(rows, areas, strict=True):
        if not row.code:
            yield Problem(row.row, "code", _("The code is missing.") + _meant(row, by_name), row.label)
            continue
        if times[row.code] > 1:
            words = _("The code %(code)s stands in several rows.") % {"code": row.code}
            yield Problem(row.row, "code", words, row.label)
        if row.code not in units:
            words = _("There is no unit %(code)s of this level valid on %(day)s.")
            words %= {"code": row.code, "day": f"{valid_on:%d/%m/%Y}"}
            yield Problem(row.row, "code", words + _meant(row, by_name), row.label)
        if area is None:
            yield Problem(row.row, "geometry", _("%(code)s has no area.") % {"code": row.code}, row.label)


def _by_name(units: Iterable[Unit]) -> dict[str, str]:
    """The codes of units by their folded names, of names that one unit has."""
    found: dict[str, list[str]] = {}
    for unit in units:
        found.setdefault(str(unit.folded), []).append(unit.code)
    return {name: codes[0] for name, codes in found.items() if len(codes) == 1}


def _meant(row: BoundaryRow, by_name: Mapping[str, str]) -> str:
    """The code of the unit that has the row's name, where it is one: whoever mends the file need not look it up."""
    code = by_name.get(text.fold(row.label)) if row.label else None
    return " " + _("The unit of that name has the code %(code)s.") % {"code": code} if code else ""


def _far(sound: Sequence[tuple[BoundaryRow, Unit, Area]]) -> Iterable[Problem]:
    """Where most outlines lie far from their units' own points; a single one may be a fault of the point."""
    placed = [each for each in sound if each[1].lon is not None and each[1].lat is not None]
    if not placed:
        return
    points = shapely.points([[unit.lon or 0.0, unit.lat or 0.0] for _row, unit, _area in placed])
    away = shapely.distance(np.array([area for _row, _unit, area in placed], dtype=object), points)
    far = np.flatnonzero(away > FAR)
    if 2 * len(far) <= len(placed):
        return
    for place in far:
        row, unit, _area = placed[place]
        words = _(
            "The outline lies about %(km)d km from %(name)s (%(code)s). Is the projection the right one, and the code?"
        )
        words %= {"km": round(float(away[place]) * 110), "name": unit.name, "code": unit.code}
        yield Problem(row.row, "geometry", words, row.label)


def _overlaps(
    sound: Sequence[tuple[BoundaryRow, Unit, Area]], staying: Sequence[tuple[Unit, Area]]
) -> Iterable[Problem]:
    """Each pair of outlines that share more than a sliver, told at the later of the two rows."""
    areas = np.array(
        [*(area for _row, _unit, area in sound), *(area for _unit, area in staying)], dtype=object
    )
    tree = shapely.STRtree(areas)
    ones, others = tree.query(areas[: len(sound)], predicate="intersects")
    # Among the rows of the file each pair comes twice: kept is the one that begins with the later.
    kept = (others < ones) | (others >= len(sound))
    ones, others = ones[kept], others[kept]
    shared = shapely.area(shapely.intersection(areas[ones], areas[others], grid_size=geometry.GRID))
    smaller = np.minimum(shapely.area(areas[ones]), shapely.area(areas[others]))
    for pair in np.flatnonzero(shared > OVERLAP * smaller):
        row, unit, area = sound[ones[pair]]
        km2 = float(shared[pair]) * KM2_OF_DEGREE2 * float(np.cos(np.radians(area.centroid.y)))
        told = {
            "own": f"{unit.name} ({unit.code})",
            "km2": f"{km2:.2f}",
            "share": f"{100 * float(shared[pair] / smaller[pair]):.0f}",
        }
        if others[pair] >= len(sound):
            other = staying[others[pair] - len(sound)][0]
            told["other"] = f"{other.name} ({other.code})"
            words = _(
                "%(own)s lies over %(other)s, whose outline is loaded already: %(km2)s km², %(share)s%% of the smaller."
            )
        else:
            other_row, other, _shape = sound[others[pair]]
            told |= {"other": f"{other.name} ({other.code})", "row": str(other_row.row)}
            words = _(
                "%(own)s lies over %(other)s of row %(row)s: %(km2)s km², %(share)s%% of the smaller."
                " Borders may differ by slivers, not by this."
            )
        yield Problem(row.row, "geometry", words % told, row.label)
