"""What an event means to pages: said by the rooms above, which know the subjects and where these belong."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Change, Notice

Resolver = Callable[[Sequence[Event]], Mapping[int, Sequence[Notice]]]
"""Of some events, by their row numbers, the notices that each gives. A few queries for all of them, not some for each.

It runs soon after the events were committed, as the program itself, which sees every row.
"""
_resolvers: defaultdict[str, list[Resolver]] = defaultdict(list)


def register(resolver: Resolver, *kinds: str) -> None:
    """Have `resolver` say what events of these kinds mean to pages. Call it in AppConfig.ready."""
    for kind in kinds:
        if resolver not in _resolvers[kind]:
            _resolvers[kind].append(resolver)


def changes_of(events: Sequence[tuple[int, Event]]) -> list[Change]:
    """The changes that events, each with its number in the chain, mean; one that tells nobody has no notices."""
    by_resolver: defaultdict[Resolver, list[Event]] = defaultdict(list)
    for _seq, event in events:
        for resolver in _resolvers.get(event.kind, ()):
            by_resolver[resolver].append(event)
    notices: defaultdict[int, list[Notice]] = defaultdict(list)
    for resolver, its in by_resolver.items():
        for number, found in _resolved(resolver, its).items():
            notices[number] += found
    return [Change(seq, event.kind, tuple(notices[event.pk])) for seq, event in events]


def _resolved(resolver: Resolver, events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """What the resolver says. Its fault must not keep the events of others from their pages, nor pass unseen."""
    try:
        return resolver(events)
    except (LookupError, TypeError, ValueError, AttributeError):
        kinds = sorted({event.kind for event in events})
        logging.getLogger(__name__).exception("pages were not told of %s", ", ".join(kinds))
        return {}
