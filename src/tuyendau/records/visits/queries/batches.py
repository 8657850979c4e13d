"""Reads of batches: what a sender was answered."""

from __future__ import annotations

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.visits.models import Batch


def sender_of(viewer: Viewer) -> str:
    """The viewer as the table of batches knows senders: a device's public id, or "user_" and a row number."""
    return viewer.device or f"user_{viewer.user_id}"


@as_program()
def batch_answer(key: str, *, viewer: Viewer) -> bytes | None:
    """The answer to the viewer's own batch of that key; None where it never came. Raises `Denied`."""
    viewer.require(Permission.VISIT_RECORD)
    batch = Batch.objects.filter(sender=sender_of(viewer), key=key).first()
    return None if batch is None else bytes(batch.answer)
