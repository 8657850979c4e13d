"""Merging all pairs that are beyond doubt at once, and taking such a batch apart again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.people.actions.merging import merge, unmerge
from tuyendau.records.people.actions.moving import MergeRefused
from tuyendau.records.people.models import Candidate, Merge, MergeBatch, Person
from tuyendau.records.people.queries.pairs import pairs_in_reach
from tuyendau.records.people.queries.traits import traits_of
from tuyendau.records.people.rules.likeness import fuller, thresholds


@as_program()
def plan_batch(least: float, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> MergeBatch:
    """Note all open pairs in the viewer's reach that are alike by `least` bits or more, to be merged by `run_batch`.

    Raises `MergeRefused` where `least` is less than what is beyond doubt, or nobody is that alike; `Denied`.
    """
    viewer.require(Permission.PERSON_MERGE)
    if least < thresholds()[0]:
        raise MergeRefused(_("Pairs that are open to doubt are decided one by one."))
    pairs = pairs_in_reach(viewer, least=least)
    if not pairs:
        raise MergeRefused(_("No pair is that alike."))
    batch = MergeBatch.objects.create(least=least, pairs=pairs, at=at, by_id=by.pk)
    audit.record(
        "people.batch_planned",
        by=by,
        at=at,
        subject=batch.public_id,
        data={"least": least, "pairs": len(pairs)},
    )
    return batch


def run_batch(public_id: str, *, at: datetime) -> MergeBatch:
    """Merge the pairs of a batch that were not merged yet, each in its own transaction; meant for the worker.

    A pair that cannot be one, such as of two people with an open case each, is left for the queue and counted.
    Running it again after a crash goes on where it stopped.
    """
    batch = MergeBatch.objects.select_related("by").get(public_id=public_id)
    viewer = viewer_of(batch.by, on=clock.local_day(at))
    refused = 0
    if batch.done_at is None and batch.undone_at is None:
        for pair in Candidate.objects.filter(pk__in=batch.pairs, verdict="").select_related(
            "first", "second"
        ):
            refused += not _merge_pair(pair, batch, viewer, at)
        batch.done_at, batch.refused = at, refused
        batch.save(update_fields=["done_at", "refused"])
    return batch


def _merge_pair(pair: Candidate, batch: MergeBatch, viewer: Viewer, at: datetime) -> bool:
    """Merge one pair into the fuller record; False where it cannot be."""
    if Merge.objects.filter(
        batch=batch, undone_at__isnull=True, merged__in=[pair.first_id, pair.second_id]
    ).exists():
        # Of three records of one person the third was merged into the one that survives already, or will be.
        return True
    known = traits_of([pair.first_id, pair.second_id])
    survivor, merged = pair.first, pair.second
    if fuller(known[pair.second_id], known[pair.first_id]):
        survivor, merged = merged, survivor
    try:
        merge(survivor.public_id, merged.public_id, viewer=viewer, by=batch.by, at=at, batch=batch)
    except (MergeRefused, Person.DoesNotExist):
        return False
    return True


@as_program()
def undo_batch(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> int:
    """Take every merge of a batch apart, the last first; how many there were. All of them or none.

    Raises MergeBatch.DoesNotExist where it is unknown or undone already, Merge.DoesNotExist where one of its people is
    out of reach; `Denied`.
    """
    viewer.require(Permission.PERSON_MERGE)
    batch = MergeBatch.objects.select_for_update().get(public_id=public_id, undone_at__isnull=True)
    merges = Merge.objects.filter(batch=batch, undone_at__isnull=True).order_by("-pk")
    ids = list(merges.values_list("public_id", flat=True))
    for each in ids:
        unmerge(each, viewer=viewer, by=by, at=at)
    batch.undone_at, batch.undone_by_id = at, by.pk
    batch.save(update_fields=["undone_at", "undone_by"])
    audit.record("people.batch_undone", by=by, at=at, subject=batch.public_id, data={"merges": len(ids)})
    return len(ids)
