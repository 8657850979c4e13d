"""Pairs of people that may be one, as whoever decides on them sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.people.models import Candidate, Merge, MergeBatch
from tuyendau.records.people.queries.area import area
from tuyendau.records.people.queries.reach import visible_people

PAGE = 25
COUNT_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Queue:
    """The likest open pairs, and how many there are: COUNT_LIMIT where there are `more`."""

    pairs: Sequence[Candidate]
    count: int
    more: bool


def queue(viewer: Viewer) -> Queue:
    """The open pairs of which both are in the viewer's reach, likest first. Raises `Denied`."""
    ids = pairs_in_reach(viewer, most=COUNT_LIMIT + 1)
    found = _whole().in_bulk(ids[:PAGE])
    return Queue(
        [found[pk] for pk in ids[:PAGE] if pk in found], min(len(ids), COUNT_LIMIT), len(ids) > COUNT_LIMIT
    )


def pairs_in_reach(viewer: Viewer, *, least: float = 0.0, most: int | None = None) -> list[int]:
    """Row ids of the open pairs alike by `least` bits or more, likest first. Raises `Denied`."""
    with as_program():
        among = area(viewer, Permission.PERSON_MERGE)
        limit = "" if most is None else f" LIMIT {int(most)}"
        query = (
            "SELECT c.id FROM people_candidate c JOIN people_person p ON p.id = c.first_id "  # noqa: S608
            "JOIN people_person q ON q.id = c.second_id "
            f"WHERE c.verdict = '' AND c.bits >= %(least)s AND {among.where} AND {among.where.replace('p.', 'q.')} "
            f"ORDER BY c.bits DESC, c.id{limit}"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, among.values | {"least": least})
            return [row[0] for row in cursor.fetchall()]


def pair_by_public_id(viewer: Viewer, public_id: str) -> Candidate:
    """The open pair. Raises `Denied`, and Candidate.DoesNotExist also where either is out of reach."""
    among = visible_people(viewer, Permission.PERSON_MERGE).values("pk")
    return _whole().get(public_id=public_id, verdict="", first__in=among, second__in=among)


def _whole() -> QuerySet[Candidate]:
    return Candidate.objects.select_related("first__unit", "second__unit")


def merges(viewer: Viewer, *, most: int = 50) -> QuerySet[Merge]:
    """The latest merges of people in the viewer's reach. Raises `Denied`."""
    among = visible_people(viewer, Permission.PERSON_MERGE).values("pk")
    return (
        Merge.objects.filter(survivor__in=among)
        .select_related("survivor", "merged", "by", "undone_by", "batch")
        .order_by("-pk")[:most]
    )


def batches(viewer: Viewer, *, most: int = 10) -> QuerySet[MergeBatch]:
    """The viewer's own latest batches. Raises `Denied`."""
    viewer.require(Permission.PERSON_MERGE)
    return MergeBatch.objects.filter(by=viewer.user_id).select_related("by").order_by("-pk")[:most]


def merged_into(viewer: Viewer, survivor_id: int) -> QuerySet[Merge]:
    """The merges in force that made a person whom the viewer may see."""
    made = Merge.objects.filter(survivor=survivor_id, undone_at__isnull=True)
    return made.select_related("merged", "by").order_by("-pk")
