"""What waits for who treats patients, in their own facilities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import under
from tuyendau.response.care.models import Stay, StayState
from tuyendau.response.care.queries.clinical import late
from tuyendau.response.care.queries.patients import ready_of
from tuyendau.response.care.queries.transfers import Waiting, waiting


@dataclass(frozen=True, slots=True)
class Due:
    """Transfers that wait; patients to be assessed again, of them severely ill ones; who meets the criteria to go."""

    transfers: Waiting
    late: int
    late_severe: int
    ready: int


@as_program()
def due(viewer: Viewer, now: datetime) -> Due:
    """What is due at `now` in the viewer's own facilities; nothing for who answers for units alone. Raises `Denied`."""
    viewer.require(Permission.STAY_RECORD)
    paths = viewer.paths(Permission.STAY_RECORD, ScopeKind.SITE)
    if not paths:
        return Due(waiting(viewer), 0, 0, 0)
    own = Stay.objects.filter(under(paths, "site__path"), state=StayState.PRESENT)
    overdue = own.filter(late(now))
    severe = overdue.filter(Q(severity__in=["severe", "critical"]))
    return Due(waiting(viewer), overdue.count(), severe.count(), len(ready_of(own, now)))
