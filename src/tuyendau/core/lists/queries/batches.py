"""What is under way on many rows."""

from __future__ import annotations

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.models import Batch


@as_program()
def batch_by_public_id(viewer: Viewer, public_id: str) -> Batch:
    """A batch that the viewer began. Raises Batch.DoesNotExist for any other."""
    return Batch.objects.get(public_id=public_id, by=viewer.user_id or 0)
