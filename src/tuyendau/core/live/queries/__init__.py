"""Following the change feed: what the rooms above say of events, and the pages that are told."""

from tuyendau.core.live.queries.hub import Hub, Session, position
from tuyendau.core.live.queries.resolving import changes_of, register

__all__ = ["Hub", "Session", "changes_of", "position", "register"]
