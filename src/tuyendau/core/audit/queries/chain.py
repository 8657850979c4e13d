"""Whether the chain of events is whole: every digest computed again by the database itself.

Whoever owns the tables can compute the digests of all that follows a change
anew; then only an anchor shows it: a number and a digest that were noted elsewhere before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection

from tuyendau.core.audit.models import Link

WINDOW = 100_000
TOLD = 40
"""Of so many changed places it is found out how they were changed; further ones are told of as changed."""


class Fault(StrEnum):
    """What can be wrong at a place of the chain, or with its guards."""

    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    LINKS_REMOVED = "links_removed"
    UNCHAINED = "unchained"
    UNGUARDED = "unguarded"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Break:
    """One fault: the number `seq` in the chain and the row number of the event, 0 where there is none.

    LINKS_REMOVED: the numbers from `seq` to `until` are gone. UNGUARDED: `name` is the trigger that is switched off.
    CUT: an anchor that was noted with the number `seq` is no longer in the chain.
    """

    fault: Fault
    seq: int = 0
    event: int = 0
    until: int = 0
    name: str = ""


@dataclass(slots=True)
class Report:
    """What a verification found: events `first` to `last` were looked at, `digest` is that of `last`."""

    first: int
    last: int = 0
    digest: bytes = b""
    checked: int = 0
    breaks: list[Break] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.breaks


def head() -> tuple[int, bytes]:
    """The number and the digest of the last event in the chain; (0, b"") where there is none."""
    last = Link.objects.order_by("-seq").values_list("seq", "digest").first()
    return (last[0], bytes(last[1])) if last else (0, b"")


def anchor_holds(seq: int, digest: bytes) -> bool:
    """Whether the chain still has `digest` at number `seq`: nothing up to there was recomputed or cut off."""
    found = Link.objects.filter(seq=seq).values_list("digest", flat=True).first()
    return found is not None and bytes(found) == digest


def verify(after: int = 0) -> Report:
    """Compute the digest of every event behind number `after` again, and look for what is missing.

    Each break is told once: what follows a changed event stands on the digest that was kept, and is not told of.
    """
    report = Report(first=after + 1)
    suspects: list[_Suspect] = []
    with connection.cursor() as cursor:
        last = after
        while rows := _window(cursor, last):
            seen, last, faults = rows
            report.checked += seen
            for fault in faults:
                if isinstance(fault, _Suspect):
                    suspects.append(fault)
                else:
                    report.breaks.append(fault)
        report.breaks += _classified(cursor, suspects[:TOLD])
        report.breaks += (Break(Fault.CHANGED, s.seq, s.event) for s in suspects[TOLD:])
        report.breaks += _unchained(cursor) + _unguarded(cursor)
    report.breaks.sort(key=lambda b: b.seq)
    report.last, report.digest = head()
    return report


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A link whose digest is not that of its event on the digest before it."""

    seq: int
    event: int
    before: bytes
    digest: bytes


# The link before the first of the window is what that one stands on. Of a whole window only faults leave the database.
_WINDOW_SQL = """
    WITH part AS (
        SELECT seq, event_id, digest FROM audit_link WHERE seq BETWEEN %(after)s AND %(last)s
    ), pairs AS (
        SELECT seq, event_id, digest, lag(seq, 1, %(after)s) OVER w AS before_seq,
            lag(digest, 1, ''::bytea) OVER w AS before
        FROM part WINDOW w AS (ORDER BY seq)
    ), checked AS (
        SELECT seq, event_id, digest, before_seq, before, event.id IS NULL AS missing,
            audit_digest(before, seq, event) IS DISTINCT FROM digest AS differs
        FROM pairs LEFT JOIN audit_event event ON event.id = pairs.event_id
        WHERE seq > %(after)s
    )
    SELECT seq, event_id, digest, before_seq, before, missing, differs
    FROM checked WHERE missing OR differs OR before_seq <> seq - 1
    ORDER BY seq
"""
_EXTENT_SQL = """
    SELECT count(*), max(seq) FROM (
        SELECT seq FROM audit_link WHERE seq > %(after)s ORDER BY seq LIMIT %(size)s
    ) AS part
"""


def _window(cursor: Any, after: int) -> tuple[int, int, list[Break | _Suspect]] | None:
    """The next WINDOW links behind number `after`: how many, the last, what is wrong; None behind the last."""
    cursor.execute(_EXTENT_SQL, {"after": after, "size": WINDOW})
    count, last = cursor.fetchone()
    if not count:
        return None
    cursor.execute(_WINDOW_SQL, {"after": after, "last": last})
    return count, last, list(_faults(cursor.fetchall()))


def _faults(rows: Sequence[tuple[Any, ...]]) -> Iterator[Break | _Suspect]:
    for seq, event, digest, before_seq, before, missing, differs in rows:
        gap = before_seq != seq - 1
        if gap:
            yield Break(Fault.LINKS_REMOVED, before_seq + 1, until=seq - 1)
        if missing:
            yield Break(Fault.REMOVED, seq, event)
        elif differs and not gap:
            # Behind a gap the digest that this one stood on is gone with its link.
            yield _Suspect(seq, event, bytes(before), bytes(digest))


def _classified(cursor: Any, suspects: list[_Suspect]) -> list[Break]:
    """Tell events that stand in each other's places from those that were changed.

    An event that gives a digest which is kept when it is put at the place of another once stood there. One that is
    right on the digest that an event before it has, or should have, only follows that one, and is not told of.
    """
    kept = {s.digest for s in suspects}
    swaps = [(place, owner) for place in suspects for owner in suspects if place is not owner]
    moved = set()
    for (place, owner), digest in zip(
        swaps, _digests(cursor, [(p.before, p.seq, o.event) for p, o in swaps]), strict=True
    ):
        if digest in kept:
            moved |= {place.seq, owner.seq}
    right = set(_digests(cursor, [(s.before, s.seq, s.event) for s in suspects])) | kept
    onto = [(s, before) for s in suspects if s.seq not in moved for before in right]
    digests = _digests(cursor, [(before, s.seq, s.event) for s, before in onto])
    following = {s.seq for (s, _), digest in zip(onto, digests, strict=True) if digest == s.digest}
    return [
        Break(Fault.REORDERED if s.seq in moved else Fault.CHANGED, s.seq, s.event)
        for s in suspects
        if s.seq not in following
    ]


def _digests(cursor: Any, places: Sequence[tuple[bytes, int, int]]) -> list[bytes]:
    """For each (digest before, number, row number of an event) the digest that the event would have there."""
    befores, seqs, events = zip(*places, strict=True) if places else ((), (), ())
    cursor.execute(
        "SELECT audit_digest(place.before, place.seq, event) "
        "FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[]) WITH ORDINALITY AS place (before, seq, event_id, n) "
        "JOIN audit_event event ON event.id = place.event_id ORDER BY n",
        [list(befores), list(seqs), list(events)],
    )
    return [bytes(digest) for (digest,) in cursor.fetchall()]


def _unchained(cursor: Any) -> list[Break]:
    """Events without a link: somebody took the link away, or wrote the event with the trigger switched off."""
    cursor.execute(
        "SELECT id FROM audit_event WHERE NOT EXISTS (SELECT FROM audit_link WHERE event_id = audit_event.id) "
        "ORDER BY id LIMIT %s",
        [TOLD],
    )
    return [Break(Fault.UNCHAINED, event=pk) for (pk,) in cursor.fetchall()]


_GUARDS = ("audit_event_append_only", "audit_event_take_turn", "audit_turn_chain", "audit_link_append_only")


def _unguarded(cursor: Any) -> list[Break]:
    """The triggers that guard the tables and are switched off or gone."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s) AND tgenabled = 'O'", [list(_GUARDS)]
    )
    on = {name for (name,) in cursor.fetchall()}
    return [Break(Fault.UNGUARDED, name=name) for name in _GUARDS if name not in on]
