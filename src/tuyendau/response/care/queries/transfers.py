"""Transfers as each side sees them: who is asked is told what they decide by, and who it is once they accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import under
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.response.care.models import Transfer, TransferState
from tuyendau.response.care.queries.clinical import Latest, latest_results
from tuyendau.response.care.queries.patients import day_of
from tuyendau.response.care.queries.reach import asked_of, stays_in_reach, transfers_in_reach
from tuyendau.response.care.rules import OPEN

CLOSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A transfer as a viewer may see it.

    `ours` says that the patient's stay is in their reach, `asked` that they answer for the facility that is asked.
    `name` is empty until the patient may be named to them: while it is only asked for, age, sex and what is known of
    the illness are all that the other side needs. `led_to` is the stay there, for who sees it.
    """

    transfer: Transfer
    ours: bool
    asked: bool
    name: str
    phone: str
    age: int | None
    sex: str
    day: int | None
    latest: Latest | None
    stay_id: str
    led_to: str

    @property
    def waits_for_me(self) -> bool:
        """Whether the viewer's facility is to answer now."""
        return self.asked and self.transfer.state == TransferState.PROPOSED

    @property
    def comes_to_me(self) -> bool:
        """Whether the patient is on the way to the viewer's facility."""
        return self.asked and self.transfer.state == TransferState.ACCEPTED


@dataclass(frozen=True, slots=True)
class Transfers:
    """What a viewer has of transfers: to answer, to expect, sent out and waiting, and the latest that are over."""

    to_answer: list[Asked]
    coming: list[Asked]
    sent: list[Asked]
    over: list[Asked]


def transfers(viewer: Viewer) -> Transfers:
    """Every transfer under way that concerns the viewer, the urgent first, then by waiting. Raises `Denied`."""
    reach = transfers_in_reach(viewer)
    under_way = shown(viewer, reach.filter(state__in=list(OPEN)).order_by("-urgent", "proposed_at"))
    closed = reach.exclude(state__in=list(OPEN)).order_by("-closed_at", "-pk")[:CLOSED_SHOWN]
    return Transfers(
        [each for each in under_way if each.waits_for_me],
        [each for each in under_way if each.comes_to_me],
        [each for each in under_way if not each.waits_for_me and not each.comes_to_me],
        shown(viewer, closed),
    )


def transfer_by_public_id(viewer: Viewer, public_id: str) -> Asked:
    """One transfer as the viewer may see it. Raises Transfer.DoesNotExist, `Denied`."""
    found = shown(viewer, transfers_in_reach(viewer).filter(public_id=public_id))
    if not found:
        raise Transfer.DoesNotExist(public_id)
    return found[0]


def of_stay(viewer: Viewer, stay_id: int) -> list[Asked]:
    """The transfers of a stay, the latest first."""
    return shown(viewer, transfers_in_reach(viewer).filter(stay=stay_id).order_by("-pk"))


def shown(viewer: Viewer, found: QuerySet[Transfer]) -> list[Asked]:
    """Transfers, narrowed to the viewer's reach already, with what of the patient the viewer is told. Six queries.

    The patients of the viewer's own stays are read as the viewer; of the others the program tells what may be told.
    """
    with as_program():
        rows = list(found.select_related("stay__case", "stay__site", "stay__ward", "to", "led_to", *_WHO))
        own = set(_of_ours(viewer, rows).values_list("pk", flat=True)) if rows else set()
        asked = set(_where_asked(viewer, rows).values_list("pk", flat=True)) if rows else set()
        people = Person.objects.in_bulk([row.stay.person_id for row in rows])
        latest = latest_results(row.stay.person_id for row in rows)
    seen = Person.objects.in_bulk([row.stay.person_id for row in rows if row.pk in own])
    today = clock.local_day(clock.now())
    return [
        Asked(
            transfer=row, ours=row.pk in own, asked=row.pk in asked,
            **_told(row, people[row.stay.person_id], seen, asked=row.pk in asked, year=today.year),
            day=day_of(row.stay, today), latest=latest.get(row.stay.person_id),
            stay_id=row.stay.public_id if row.pk in own else "",
            led_to=row.led_to.public_id if row.led_to is not None and row.pk in asked else "",
        )
        for row in rows
    ]  # fmt: skip


_WHO = ("proposed_by", "answered_by")


def _told(
    row: Transfer, person: Person, seen: dict[int, Person], *, asked: bool, year: int
) -> dict[str, Any]:
    """Who the patient is, as far as it is told: whoever is asked hears the name once they accepted."""
    taken = asked and row.state in (TransferState.ACCEPTED, TransferState.ARRIVED)
    named = person if taken else seen.get(person.pk)
    return {
        "name": str(named) if named is not None else "",
        "phone": named.phone if named is not None else "",
        "age": year - person.birth_year if person.birth_year else None,
        "sex": str(person.get_sex_display()) if person.sex else "",
    }


def _of_ours(viewer: Viewer, rows: Sequence[Transfer]) -> QuerySet[Transfer]:
    own = stays_in_reach(viewer).filter(pk__in=[row.stay_id for row in rows]).values("pk")
    return Transfer.objects.filter(pk__in=[row.pk for row in rows], stay__in=own)


def _where_asked(viewer: Viewer, rows: Sequence[Transfer]) -> QuerySet[Transfer]:
    if not viewer.may(Permission.STAY_RECORD):
        return Transfer.objects.none()
    return Transfer.objects.filter(asked_of(viewer, Permission.STAY_RECORD), pk__in=[row.pk for row in rows])


@dataclass(frozen=True, slots=True)
class Waiting:
    """Transfers that wait for the viewer's facilities: to answer and since when, and accepted ones on the way."""

    to_answer: int
    since: datetime | None
    coming: int


@as_program()
def waiting(viewer: Viewer) -> Waiting:
    """What waits of transfers at the viewer's own facilities, not those of their units. Raises `Denied`."""
    viewer.require(Permission.STAY_RECORD)
    rows = _of_own_facilities(viewer).values_list("state", "proposed_at")
    times = [at for state, at in rows if state == TransferState.PROPOSED]
    return Waiting(len(times), min(times, default=None), len(rows) - len(times))


def _of_own_facilities(viewer: Viewer) -> QuerySet[Transfer]:
    paths: Iterable[str] = viewer.paths(Permission.STAY_RECORD, ScopeKind.SITE)
    return Transfer.objects.filter(under(paths, "to__path") & Q(state__in=list(OPEN)))
