"""For whom an order of quarantine is to be drafted: close contacts without one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import under
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.contacts.models import Contact
from tuyendau.records.contacts.queries import followed
from tuyendau.records.orders.models import Kind, Order, State
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.people.queries import within
from tuyendau.science.epi.regimes import Regime, regime_on

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A close contact without an order: the nearest case, its days, and the last day by the regime."""

    person: Person
    case: int
    disease: str
    exposed_from: date
    exposed_on: date
    ends_on: date
    regime: Regime


@as_program()
def candidates(
    viewer: Viewer,
    *,
    on: date,
    case: str = "",
    site: str = "",
    people: Sequence[str] = (),
) -> list[Candidate]:
    """Close contacts without an order whose quarantine by the text in force on `on` is not over, by commune and name.

    Narrowed to those of a case, of a site and all below it, or to `people`; all by public ids. Raises `Denied`.
    """
    viewer.require(Permission.ORDER_DRAFT)
    contacts = Contact.objects.filter(
        within(viewer, Permission.ORDER_DRAFT, person="person__"), case__status=CaseStatus.CONFIRMED
    )
    if case:
        contacts = contacts.filter(case__public_id=case)
    if site:
        contacts = contacts.filter(person__in=_at(site, on))
    if people:
        contacts = contacts.filter(person__public_id__in=people)
    listed = set(contacts.order_by().values_list("person", flat=True).distinct()[:MOST])
    bound = Order.objects.filter(person__in=listed, kind=Kind.QUARANTINE).filter(
        Q(state=State.DRAFT) | Q(state__in=[State.SIGNED, State.LIFTED], over_from__gt=on)
    )
    return _due(listed - set(bound.values_list("person", flat=True)), on)


def _at(site: str, on: date) -> QuerySet[Assignment, Any]:
    paths = Site.objects.filter(public_id=site).values_list("path", flat=True)
    there = Assignment.objects.filter(under(paths, "site__path"), valid_from__lte=on)
    return there.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).values("person")


def _due(people: Collection[int], on: date) -> list[Candidate]:
    known = Person.objects.select_related("unit").in_bulk(people)
    found = []
    for each in followed(people=people):
        regime = regime_on(each.disease, 1, on)
        last = clock.last_day(each.last) if each.last else clock.local_day(each.listed_at)
        if regime is None or regime.last_day(last) < on:
            continue
        first = clock.local_day(each.first) if each.first else last
        found.append(
            Candidate(
                known[each.person_id], each.cases[0], each.disease, first, last, regime.last_day(last), regime
            )
        )
    return sorted(found, key=lambda c: (c.person.unit.folded if c.person.unit else "", c.person.folded))
