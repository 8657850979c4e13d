"""Whom and what the rows of senders mean: people and sites by the names that scanners know them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db import connection
from django.db.models import Q

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.core.places.queries import visible_sites
from tuyendau.records.visits.rules import ShiftSpan, shift_spans
from tuyendau.records.visits.rules.ends import days_around

AMBIGUOUS = -1
"""The answer for a number that several people have, each in another register."""

_BY_CODE = "SELECT p.code, coalesce(p.merged_into_id, p.id) FROM people_person p WHERE p.code = ANY(%s)"
_BY_PUBLIC_ID = (
    "SELECT p.public_id, coalesce(p.merged_into_id, p.id) FROM people_person p WHERE p.public_id = ANY(%s)"
)
_BY_NUMBER = """
SELECT i.value, CASE WHEN min(coalesce(p.merged_into_id, p.id)) = max(coalesce(p.merged_into_id, p.id))
                     THEN min(coalesce(p.merged_into_id, p.id)) ELSE -1 END
FROM people_identifier i JOIN people_person p ON p.id = i.person_id
WHERE i.value = ANY(%s) GROUP BY i.value
"""

_SHIFTS = """
SELECT a.person_id, s.path, a.valid_from, a.valid_to, h.begins, h.minutes, h.weekdays
FROM people_assignment a JOIN places_site s ON s.id = a.site_id JOIN people_shift h ON h.id = a.shift_id
WHERE a.person_id = ANY(%s) AND a.role = 'works'
"""


def people_by_reference(references: Collection[str]) -> dict[str, int]:
    """Row ids of the people whom `references` mean: a code, else a public id, else a number of a card or a passport.

    Who was merged into another is found as that one. Whoever is unknown is left out, and a number that is several
    people's is `AMBIGUOUS`. Nobody's reach is asked: a gate scans whoever comes.
    """
    asked = [reference for reference in references if "\x00" not in reference]
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [asked])
        found: dict[str, int] = dict(cursor.fetchall())
        if rest := [r for r in asked if r not in found and r.startswith("person_")]:
            cursor.execute(_BY_PUBLIC_ID, [rest])
            found.update(cursor.fetchall())
        if rest := [r for r in asked if r not in found]:
            cursor.execute(_BY_NUMBER, [rest])
            found.update(cursor.fetchall())
    return found


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as the recording of presence needs it."""

    id: int
    public_id: str
    dwell_seconds: int
    covers: str
    """The path of which a shift's place must lie at or below, for the shift to end a visit here."""


def sites_by_reference(references: Collection[str], viewer: Viewer) -> dict[str, KnownSite]:
    """The sites that `references` mean, codes or public ids, among those for which the viewer may record."""
    asked = {reference for reference in references if "\x00" not in reference}
    rows = visible_sites(viewer, Permission.VISIT_RECORD).filter(Q(code__in=asked) | Q(public_id__in=asked))
    found = {}
    for site in rows.only("id", "public_id", "code", "kind", "path", "dwell_minutes"):
        found[site.code] = found[site.public_id] = known_site(site)
    return {reference: found[reference] for reference in asked if reference in found}


def known_site(site: Site) -> KnownSite:
    """What the recording of presence needs of a site. Whoever passes a gate is in what the gate belongs to."""
    path = str(site.path)
    covers = path.rstrip("/").rpartition("/")[0] + "/" if site.kind == SiteKind.GATE else path
    return KnownSite(site.pk, site.public_id, site.dwell_minutes * 60, covers if covers != "/" else path)


@dataclass(frozen=True, slots=True)
class _Worked:
    """A shift that somebody has: at the site of `path`, on the days from `first` to before `last`."""

    path: str
    first: date
    last: date | None
    begins: time
    minutes: int
    weekdays: int


class Shifts:
    """The shifts of some people, to say where a visit without a check-out ends."""

    def __init__(self, people: Iterable[int]) -> None:
        self._of: dict[int, list[_Worked]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_SHIFTS, [list(set(people))])
            for person, *rest in cursor.fetchall():
                self._of.setdefault(person, []).append(_Worked(*rest))

    def at(self, person: int, site: KnownSite, moment: int) -> list[ShiftSpan]:
        """The spans around `moment` of the shifts that the person has at the site or at what is a part of it."""
        spans: list[ShiftSpan] = []
        for row in self._of.get(person, ()):
            if row.path.startswith(site.covers):
                days = [
                    d for d in days_around(moment) if row.first <= d and (row.last is None or d < row.last)
                ]
                spans += shift_spans(row.begins, row.minutes, row.weekdays, days)
        return spans
