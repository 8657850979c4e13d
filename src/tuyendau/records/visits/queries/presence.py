"""All presence, exact as of now: the published segments and whatever the database holds that is newer.

A process keeps one index and brings it up to date at each question. It reads what is committed, on a connection of
its own: rows of the asker's own open transaction might yet be rolled back.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from django.conf import settings
from django.db import connections
from numpy.typing import NDArray

from tuyendau.core import acting
from tuyendau.records.visits.queries.arrays import (
    added_since,
    changed_since,
    encounters_since,
    visits_of_day,
)
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.tracing import DaySegment, Encounters, PresenceIndex, SegmentError

log = logging.getLogger(__name__)

Connection = psycopg.Connection[Any]
Files = tuple[tuple[date, str], ...]

# A snapshot before every transaction: nothing has been seen yet.
_NOTHING_SEEN = "3:3:"
_ATTEMPTS = 3

# New sites are known at once; a site whose setting was changed counts by the new one within this time.
_SETTINGS_SECONDS = 60.0


def presence() -> PresenceIndex:
    """The index of all committed presence, as of this moment."""
    return _STORE.current()


def forget() -> None:
    """Drop what this process has read, as tests must that empty tables behind its back."""
    _STORE.forget()


def open_connection() -> Connection:
    """A connection of its own to the default database, autocommitting."""
    params = connections["default"].get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    return psycopg.connect(**params | acting.options(), autocommit=True)


class _Store:
    """The index of this process, and what of the database it has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self.forget()

    def forget(self) -> None:
        with self._lock:
            self._files: Files | None = None
            self._segments: dict[str, DaySegment] = {}
            self._seen = _NOTHING_SEEN
            self._sites = (-1, 0.0)
            self._encounters: Encounters | None = None
            self._drops, self._removals = -1, -1
            self._index: PresenceIndex | None = None
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def current(self) -> PresenceIndex:
        with self._lock:
            for attempt in range(_ATTEMPTS):
                try:
                    return self._refreshed()
                except psycopg.OperationalError:
                    # The server went away since the last question: once more on a new connection.
                    self._connection = None
                    if attempt == _ATTEMPTS - 1:
                        raise
            raise AssertionError("every attempt returns or raises")

    def _refreshed(self) -> PresenceIndex:
        if self._connection is None or self._connection.closed:
            self._connection = open_connection()
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return self._read(self._connection)

    def _read(self, connection: Connection) -> PresenceIndex:
        """Take in what is newer. Everything is read before anything of the store changes."""
        ((snapshot, highest, names, drops, removals),) = connection.execute(
            "SELECT pg_current_snapshot()::text, (SELECT coalesce(max(id), 0) FROM places_site), "
            "coalesce((SELECT array_agg(day || ' ' || file ORDER BY day) FROM visits_segment), '{}'), "
            "drops, removals FROM visits_removal"
        ).fetchall()
        files: Files = tuple((date.fromisoformat(n.split(" ", 1)[0]), n.split(" ", 1)[1]) for n in names)
        index, seen, segments = self._index, self._seen, self._segments
        if index is None or (files, drops) != (self._files, self._drops):
            segments = self._opened(connection, files)
            index, seen = PresenceIndex(segments.values(), _settings(connection)), _NOTHING_SEEN
            sites = (highest, time.monotonic())
        else:
            sites = self._sites
        stale = highest != sites[0] or time.monotonic() - sites[1] > _SETTINGS_SECONDS
        settings_now = _settings(connection) if stale else None
        near = self._encounters
        if near is None or (drops, removals) != (self._drops, self._removals):
            near = encounters_since(connection, _NOTHING_SEEN)
        elif len(more := encounters_since(connection, self._seen)):
            near = near.extended(more)
        added, changed = added_since(connection, seen), changed_since(connection, seen)
        if settings_now is not None:
            index.set_settings(settings_now)
            sites = (highest, time.monotonic())
        if len(added[0]):
            index.add(*added)
        if len(changed[0]):
            index.overlay.apply(*changed)
        if index.encounters is not near:
            index.encounters = near
        self._files, self._segments, self._sites = files, segments, sites
        self._encounters, self._drops, self._removals = near, drops, removals
        self._seen, self._index = snapshot, index
        return index

    def _opened(self, connection: Connection, files: Files) -> dict[str, DaySegment]:
        """The segments of `files` by name; those open already are kept.

        A file that is gone or damaged costs time, not answers: its day is built from the database.
        """
        folder = Path(settings.SEGMENTS)
        opened = {}
        for day, name in files:
            segment = self._segments.get(name)
            if segment is None:
                try:
                    segment = DaySegment.open(folder / name)
                except SegmentError as error:
                    log.error(
                        "%s; %s is read from the database. `tuyendau publish --all` mends it", error, day
                    )
                    segment = DaySegment.build(date_to_day(day), visits_of_day(connection, day))
            opened[name] = segment
        return opened


def _settings(connection: Connection) -> NDArray[np.uint8]:
    """The setting's code of every site, by its row id; uint8 [highest id + 1]."""
    rows = connection.execute("SELECT id, setting FROM places_site ORDER BY id").fetchall()
    codes = np.zeros(rows[-1][0] + 1 if rows else 0, np.uint8)
    if rows:
        ids, values = np.array(rows, np.int64).T
        codes[ids] = values
    return codes


_STORE = _Store()
