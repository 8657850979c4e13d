"""Whether a database waits for the demonstration. The demonstration itself lies above and is only called by name."""

from __future__ import annotations

SUBJECT = "demo"
BEGUN, LOADED = "demo.begun", "demo.loaded"


def is_wanted() -> bool:
    """Whether this database has nothing yet, or a demonstration whose loading was cut short."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.audit.queries import events_of
    from tuyendau.core.places.models import Unit

    kinds = {event.kind for event in events_of(SUBJECT)}
    if kinds:
        return LOADED not in kinds
    return not User.objects.exists() and not Unit.objects.exists()
