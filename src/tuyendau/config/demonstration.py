"""Whether a database waits for the demonstration. The demonstration itself lies above and is only called by name."""

from __future__ import annotations

SUBJECT = "demo"
BEGUN, LOADED = "demo.begun", "demo.loaded"
CLOCK = "clock.json"
"""The file in `var/` that says at which moment a demonstration stands, and how fast its time runs."""
FOLDER = "demo"
"""The folder in `var/` of what a demonstration still brings, and of the truth behind it, which no record shows."""

GATE_KEY = "gate-key"
"""The file in it with the key of a gate device."""


def is_wanted() -> bool:
    """Whether this database has nothing yet, or a demonstration whose loading was cut short."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.audit.queries import events_of
    from tuyendau.core.places.models import Unit

    kinds = {event.kind for event in events_of(SUBJECT)}
    if kinds:
        return LOADED not in kinds
    return not User.objects.exists() and not Unit.objects.exists()


def is_loaded() -> bool:
    """Whether this database holds the demonstration, whole."""
    from tuyendau.core.audit.queries import events_of

    return any(event.kind == LOADED for event in events_of(SUBJECT))
