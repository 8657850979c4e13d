"""Merging two records of one person, and taking them apart again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib.text import fold
from tuyendau.records.people.actions import moving
from tuyendau.records.people.actions.moving import MergeRefused
from tuyendau.records.people.models import Candidate, Merge, MergeBatch, Moved, Person
from tuyendau.records.people.queries.reach import visible_people

FIELDS = ("full_name", "sex", "birth", "phone", "unit", "address")
"""What can be taken from the one or the other; a birth is its day and its year together."""


@as_program()
def merge(
    survivor_id: str,
    merged_id: str,
    *,
    take: Collection[str] = (),
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
    ground: str = "",
    batch: MergeBatch | None = None,
) -> Merge:
    """Make one person of two, by their public ids: all records of `merged_id` become the survivor's.

    Of `take`, names of FIELDS, the merged person's value stands afterwards; of the others the survivor's, or where
    there is none, the merged person's. Raises Person.DoesNotExist where either is out of reach, `Denied`, and
    `MergeRefused` where the two cannot be one.
    """
    survivor, merged = _locked(viewer, survivor_id, merged_id)
    if survivor.pk == merged.pk:
        raise MergeRefused(_("This is one person already."))
    changed = _chosen(survivor, merged, take)
    before = {name: _json(getattr(survivor, name)) for name in changed}
    for name, value in changed.items():
        setattr(survivor, name, value)
    made = Merge.objects.create(
        survivor=survivor, merged=merged, batch=batch, at=at, by_id=by.pk if by else None, ground=ground[:500],
        bits=_bits(survivor, merged), before=before, after={n: _json(v) for n, v in changed.items()},
    )  # fmt: skip
    survivor.save(update_fields=list(changed))
    merged.merged_into = survivor
    merged.save(update_fields=["merged_into"])
    moving.move(made, "assignment", table="people_assignment", unique=("site_id", "valid_from"))
    moving.move(made, "identifier", table="people_identifier")
    _repoint(made)
    audit.record(
        "person.merged",
        by=by,
        at=at,
        subject=survivor.public_id,
        ground=ground[:500],
        data={"merge": made.public_id, "merged": merged.public_id, "bits": made.bits},
    )
    return made


@as_program()
def unmerge(
    public_id: str, *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime, ground: str = ""
) -> Merge:
    """Take a merge back: the merged person has again what was theirs, whatever became of it since.

    What was recorded of the survivor later stays with them, and so do fields that were changed after the merge.
    Raises Merge.DoesNotExist where it is unknown, undone already, or its survivor is out of reach; `Denied`.
    """
    viewer.require(Permission.PERSON_MERGE)
    made = Merge.objects.select_for_update().get(public_id=public_id, undone_at__isnull=True)
    survivor, merged = _both(made)
    last = Person.objects.get(pk=moving.survivor_of(survivor.pk))
    if not visible_people(viewer, Permission.PERSON_MERGE).filter(pk=last.pk).exists():
        raise Merge.DoesNotExist
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    _restore(made, survivor)
    _point_back(made)
    moving.bring_back(made, "identifier", table="people_identifier")
    moving.bring_back(made, "assignment", table="people_assignment")
    made.undone_at, made.undone_by_id = at, by.pk if by else None
    made.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        "person.unmerged",
        by=by,
        at=at,
        subject=survivor.public_id,
        ground=ground[:500],
        data={"merge": made.public_id, "merged": merged.public_id},
    )
    return made


def _locked(viewer: Viewer, *public_ids: str) -> list[Person]:
    """People whom the viewer may merge, locked in the order of their rows: two merges cannot wait in a circle."""
    among = visible_people(viewer, Permission.PERSON_MERGE).filter(public_id__in=public_ids)
    locked = Person.objects.select_for_update().filter(pk__in=among.values("pk"), merged_into__isnull=True)
    found = {person.public_id: person for person in locked.order_by("pk")}
    if missing := set(public_ids) - found.keys():
        raise Person.DoesNotExist(", ".join(sorted(missing)))
    return [found[public_id] for public_id in public_ids]


def _both(made: Merge) -> tuple[Person, Person]:
    locked = Person.objects.select_for_update().filter(pk__in=[made.survivor_id, made.merged_id])
    found = {person.pk: person for person in locked.order_by("pk")}
    return found[made.survivor_id], found[made.merged_id]


def _bits(one: Person, other: Person) -> float | None:
    first, second = sorted((one.pk, other.pk))
    return Candidate.objects.filter(first=first, second=second).values_list("bits", flat=True).first()


def _chosen(survivor: Person, merged: Person, take: Collection[str]) -> dict[str, Any]:
    """The survivor's columns that change, with their new values."""
    changed: dict[str, Any] = {}
    for name in FIELDS:
        value, other = _value(survivor, name), _value(merged, name)
        if other not in ("", None, (None, None)) and other != value:
            better = name == "birth" and value == (None, other[1])
            if name in take or value in ("", None, (None, None)) or better:
                changed |= _columns(name, other)
    return changed


def _value(person: Person, name: str) -> Any:
    if name == "birth":
        return (person.birth_date, person.birth_year)
    return person.unit_id if name == "unit" else getattr(person, name)


def _columns(name: str, value: Any) -> dict[str, Any]:
    if name == "birth":
        day, year = value
        return {"birth_date": day, "birth_year": year}
    if name == "full_name":
        return {"full_name": value, "folded": fold(value)[:120]}
    return {"unit_id" if name == "unit" else name: value}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _restore(made: Merge, survivor: Person) -> None:
    """Give the survivor the values of before, where those that the merge set still stand."""
    back = [name for name, value in made.after.items() if _json(getattr(survivor, name)) == value]
    if {"birth_date", "birth_year"} & set(back) and not {"birth_date", "birth_year"} <= set(back):
        # Day and year are one: where either was changed since, both stay.
        back = [name for name in back if name not in ("birth_date", "birth_year")]
    for name in back:
        value = made.before[name]
        setattr(survivor, name, date.fromisoformat(value) if name == "birth_date" and value else value)
    if back:
        survivor.save(update_fields=back)


def _repoint(made: Merge) -> None:
    """Whoever had been merged into the merged one now leads to the survivor: one step from any old code."""
    before = list(Person.objects.filter(merged_into=made.merged).values_list("pk", flat=True))
    Person.objects.filter(pk__in=before).update(merged_into=made.survivor)
    moving.keep(made, "merged_before", {"ids": before})


def _point_back(made: Merge) -> None:
    """Those who lead to the merged one again: of whom no merge was undone meanwhile."""
    data = moving.kept(made, "merged_before")
    if data:
        Person.objects.filter(pk__in=data["ids"], merged_into__isnull=False).update(merged_into=made.merged)


def forget_moved(before: datetime) -> int:
    """Drop what was kept of merges older than `before`, which then can be undone no more; how many were dropped."""
    dropped, _tables = Moved.objects.filter(merge__at__lt=before).delete()
    return dropped
