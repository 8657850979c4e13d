"""Counts by company and line for the board of a park: bands, no person and no exact small number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from tuyendau.access import Denied, Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.core.places.queries import under
from tuyendau.insight.exchange.rules.pseudonyms import band
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.models import Contact, Grade
from tuyendau.records.people.models import Assignment

SHOWN = (SiteKind.PARK, SiteKind.COMPANY, SiteKind.WORKSHOP, SiteKind.LINE)


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """One company, workshop or line: how deep it stands below the park, and its people in bands."""

    name: str
    kind: str
    depth: int
    people: str
    cases: str
    close: str
    others: str


def park_numbers(viewer: Viewer) -> list[SiteNumbers]:
    """Who belongs, today, at each part of the viewer's parks: how many, confirmed, close contacts, other contacts.

    Raises `Denied` for whoever holds the permission over no site.
    """
    paths = viewer.paths(Permission.PSEUDONYM_VIEW, ScopeKind.SITE)
    if not paths:
        raise Denied(Permission.PSEUDONYM_VIEW)
    with as_program():
        sites = list(Site.objects.filter(under(paths)).order_by("path"))
        people = _people_at(sites)
        everybody = {person for found in people.values() for person in found}
        confirmed = set(
            Case.objects.filter(status=CaseStatus.CONFIRMED, person__in=everybody).values_list(
                "person_id", flat=True
            )
        )
        graded = defaultdict(set)
        contacts = Contact.objects.filter(person__in=everybody, case__status=CaseStatus.CONFIRMED)
        for person, grade in contacts.values_list("person_id", "grade"):
            graded[grade].add(person)
    close = graded[Grade.CLOSE] - confirmed
    others = (graded[Grade.NEAR] | graded[Grade.AROUND]) - close - confirmed
    top = min(path.count("/") for path in paths)
    return [
        SiteNumbers(
            name=site.name,
            kind=str(site.get_kind_display()),
            depth=str(site.path).count("/") - top,
            people=_band(people[site.pk]),
            cases=_band(people[site.pk] & confirmed),
            close=_band(people[site.pk] & close),
            others=_band(people[site.pk] & others),
        )
        for site in sites
        if site.kind in SHOWN
    ]


def _band(people: set[int]) -> str:
    return band(len(people), settings.LEAST_GROUP)


def _people_at(sites: Iterable[Site]) -> dict[int, set[int]]:
    """By site (row number) the people who belong there today, at it or at a part of it."""
    today = clock.local_day(clock.now())
    above = {site.pk: [int(part) for part in str(site.path).strip("/").split("/")] for site in sites}
    found: defaultdict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today), site__in=list(above), valid_from__lte=today
    )
    for site, person in held.values_list("site_id", "person_id"):
        for place in above[site]:
            found[place].add(person)
    return found
