"""Writes of sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places import rules
from tuyendau.core.places.actions.errors import PlacesRefused, Problem
from tuyendau.core.places.actions.rows import Loaded, SiteRow
from tuyendau.core.places.actions.trees import lock_trees, next_ids, rebuild_paths
from tuyendau.core.places.models import Site, SiteKind, Unit
from tuyendau.core.places.queries import ancestors, units_by_code
from tuyendau.lib import clock, text

BATCH = 2000
_FIELDS = ["kind", "setting", "name", "parent", "path", "unit", "capacity", "dwell_minutes", "lon", "lat"]


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may refer to: sites by code, units by code."""

    sites: dict[str, Site]
    units: dict[str, Unit]


@as_program()
def add_sites(
    rows: Iterable[SiteRow], *, by: AbstractBaseUser | None, at: datetime, unit_on: date | None = None
) -> Loaded:
    """Take in sites with their tree; parents may stand in the same rows, in any order.

    A site whose code is known is brought up to date with what its row tells. A new one without a commune lies in that
    of its parent; setting and dwell time follow from the kind. Codes of units are those valid on `unit_on`, else on the
    day of `at`. The same rows again change nothing. Raises `PlacesRefused`.
    """
    lock_trees()
    rows = list(rows)
    day = unit_on or clock.local_day(at)
    known = _known(rows, day)
    problems = list(_problems(rows, known, day))
    if problems:
        raise PlacesRefused(problems)
    ordered = _parents_first(rows)
    new, changed = _apply(ordered, known)
    Site.objects.bulk_create(new, batch_size=BATCH)
    Site.objects.bulk_update(changed, _FIELDS, batch_size=BATCH)
    if changed:
        rebuild_paths(Site)
    loaded = Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))
    if loaded.changed:
        audit.record(
            "sites.loaded", by=by, at=at, subject="sites", data={"created": len(new), "updated": len(changed)}
        )
    return loaded


def _known(rows: Sequence[SiteRow], day: date) -> _Known:
    codes = {row.code for row in rows} | {row.parent for row in rows if row.parent}
    sites = {site.code: site for site in Site.objects.filter(code__in=codes)}
    units = units_by_code({row.unit for row in rows if row.unit}, day)
    return _Known(sites, units)


def _problems(rows: Sequence[SiteRow], known: _Known, day: date) -> Iterable[Problem]:
    times = Counter(row.code for row in rows)
    in_file = set(times)
    for row in rows:
        if not row.code:
            yield Problem(row.row, "code", _("The code is missing."))
        elif times[row.code] > 1:
            yield Problem(
                row.row, "code", _("The code %(code)s stands in several rows.") % {"code": row.code}
            )
        if row.kind not in SiteKind.values:
            kinds = ", ".join(SiteKind.values)
            yield Problem(
                row.row,
                "kind",
                _("“%(kind)s” is no kind of site: %(kinds)s.") % {"kind": row.kind, "kinds": kinds},
            )
        if not text.clean(row.name):
            yield Problem(row.row, "name", _("The name is missing."))
        if row.parent and row.parent not in in_file and row.parent not in known.sites:
            yield Problem(
                row.row, "parent", _("There is no site with the code “%(code)s”.") % {"code": row.parent}
            )
        if row.unit and row.unit not in known.units:
            message = _("There is no administrative unit with the code “%(code)s” on %(day)s.")
            yield Problem(row.row, "unit", message % {"code": row.unit, "day": f"{day:%d/%m/%Y}"})
        if row.dwell_minutes is not None and not 0 < row.dwell_minutes <= 1440:
            yield Problem(row.row, "dwell_minutes", _("The dwell time is from 1 to 1440 minutes."))
    yield from _circles(rows, known)


def _circles(rows: Sequence[SiteRow], known: _Known) -> Iterable[Problem]:
    """Rows that would lie below themselves, through the file or through what is already there."""
    above = {row.code: row.parent for row in rows if row.parent}
    numbers = {pk for site in known.sites.values() for pk in ancestors(site)}
    codes = dict(Site.objects.filter(pk__in=numbers).values_list("pk", "code"))
    for site in known.sites.values():
        for upper, lower in pairwise([*(codes[pk] for pk in ancestors(site)), site.code]):
            above.setdefault(lower, upper)
    for row in rows:
        seen = {row.code}
        code = row.parent
        while code and code not in seen:
            seen.add(code)
            code = above.get(code, "")
        if code and code == row.code:
            yield Problem(row.row, "parent", _("%(code)s would lie below itself.") % {"code": row.code})


def _parents_first(rows: Sequence[SiteRow]) -> list[SiteRow]:
    """`rows` with each after its parent, where that is among them; there are no circles."""
    by_code = {row.code: row for row in rows}
    depth: dict[str, int] = {}
    for row in rows:
        chain = []
        code = row.code
        while code in by_code and code not in depth:
            chain.append(code)
            code = by_code[code].parent
        for code in reversed(chain):
            depth[code] = depth.get(by_code[code].parent, 0) + 1
    return sorted(rows, key=lambda row: depth[row.code])


def _apply(rows: Sequence[SiteRow], known: _Known) -> tuple[list[Site], list[Site]]:
    """New sites with number and path, and known ones that the rows change."""
    missing = [row.code for row in rows if row.code not in known.sites]
    numbers = dict(zip(missing, next_ids(Site, len(missing)), strict=True))
    sites = dict(known.sites)
    new, changed = [], []
    for row in rows:
        site = sites.get(row.code)
        before = _state(site) if site else None
        if site is None:
            site = _fresh(row, numbers[row.code])
            sites[row.code] = site
            new.append(site)
        _fill(site, row, sites.get(row.parent) if row.parent else None, known.units)
        if before is not None and _state(site) != before:
            changed.append(site)
    return new, changed


def _fresh(row: SiteRow, number: int) -> Site:
    defaults = rules.DEFAULTS[row.kind]
    return Site(
        id=number,
        code=row.code,
        kind=row.kind,
        setting=defaults.setting,
        dwell_minutes=defaults.dwell_minutes,
        path=f"/{number}/",
    )


def _state(site: Site) -> list[object]:
    return [getattr(site, f"{field}_id" if field in {"parent", "unit"} else field) for field in _FIELDS]


def _fill(site: Site, row: SiteRow, parent: Site | None, units: dict[str, Unit]) -> None:
    """Set what the row tells."""
    if site.kind != row.kind:
        site.kind = row.kind
        site.setting = rules.DEFAULTS[row.kind].setting
        site.dwell_minutes = rules.DEFAULTS[row.kind].dwell_minutes
    site.name = text.clean(row.name)
    if parent is not None:
        site.parent = parent
        site.path = f"{parent.path}{site.pk}/"
    if row.unit:
        site.unit = units[row.unit]
    elif site.unit_id is None and parent is not None:
        site.unit_id = parent.unit_id
    for field in ("capacity", "dwell_minutes", "lon", "lat"):
        if (value := getattr(row, field)) is not None:
            setattr(site, field, value)
