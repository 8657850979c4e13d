"""The calendar of an interview: what the records know of the infectious window beside what was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tuyendau.access import Viewer
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.contacts.queries.tracing import window_of
from tuyendau.records.interviews.models import Interview, Stay, Verdict
from tuyendau.records.interviews.rules import Span, days_of, gaps
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.queries import visits_of_person

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Item:
    """One stay of the calendar: the `visit` that the records have, the `stay` that was told, or both of it.

    [start, end) is as told where something was told, else as recorded. `key` tells it apart on the page.
    """

    start: datetime
    end: datetime
    site: Site | None
    visit: Visit | None
    stay: Stay | None
    around: tuple[Visit, ...] = ()
    """The visits of the same times at what the site is a part of: a room's house is not asked about by itself."""

    @property
    def key(self) -> str:
        if self.stay is not None:
            return self.stay.public_id
        where = self.site.public_id if self.site else ""
        return f"{where}-{int(self.start.timestamp())}-{int(self.end.timestamp())}"

    @property
    def span(self) -> str:
        """The times of the visit that is asked about, in seconds since 1970, as addresses and forms name them."""
        if self.stay is not None and self.stay.known_start and self.stay.known_end:
            return f"{int(self.stay.known_start.timestamp())}-{int(self.stay.known_end.timestamp())}"
        return f"{int(self.start.timestamp())}-{int(self.end.timestamp())}"

    @property
    def asked(self) -> bool:
        """Whether nothing has been said of it yet."""
        return self.stay is None


@dataclass(slots=True)
class Day:
    """One day of the window: what was then, and of which times nothing is known."""

    day: date
    span: Span
    items: list[Item] = field(default_factory=list)
    gaps: list[Span] = field(default_factory=list)

    @property
    def unanswered(self) -> int:
        """How many recorded stays nobody has asked about."""
        return sum(item.asked for item in self.items)

    @property
    def done(self) -> bool:
        return not self.unanswered and not self.gaps


def window(interview: Interview, *, at: datetime) -> Span:
    """The infectious window of the interview's case as of `at`."""
    found, _used = window_of(interview.case, at=at)
    return Span(found.start, found.end)


def calendar(interview: Interview, *, viewer: Viewer, at: datetime) -> list[Day]:
    """The days of the infectious window, in order, with recorded and told stays and the gaps between them."""
    asked = window(interview, at=at)
    stays = list(
        Stay.objects.filter(interview=interview)
        .select_related("site__parent", "unit", "by")
        .order_by("start", "pk")
    )
    first = min([asked.start, *(stay.start for stay in stays)])
    last = max([asked.end, *(stay.end for stay in stays)])
    visits = visits_of_person(interview.case.person, first, last, viewer=viewer, most=MOST)
    items = _items(visits, stays)
    return [_day(day, asked, items) for day in days_of(Span(first, last)) if _wanted(day, asked, items)]


def _wanted(day: date, asked: Span, items: Sequence[Item]) -> bool:
    """Days outside the window are there only for what was told of them."""
    start, end = clock.day_span(day, day)
    inside = start < asked.end and end > asked.start
    return inside or any(item.stay and clock.local_day(item.start) == day for item in items)


def _items(visits: Sequence[Visit], stays: Sequence[Stay]) -> list[Item]:
    said: dict[tuple[int | None, datetime, datetime], Stay] = {}
    for stay in stays:
        if stay.known_start and stay.known_end:
            said[stay.site_id, stay.known_start, stay.known_end] = stay
        if stay.taken_at:
            # What was told is a visit of these times now.
            said[stay.site_id, stay.start, stay.end] = stay
    items, met = [], set()
    for visit in visits:
        found = said.get((visit.site_id, visit.start, visit.end))
        if found is not None and found.pk in met:
            continue
        if found is None:
            items.append(Item(visit.start, visit.end, visit.site, visit, None))
        else:
            met.add(found.pk)
            items.append(Item(found.start, found.end, found.site, visit, found))
    items += [Item(stay.start, stay.end, stay.site, None, stay) for stay in stays if stay.pk not in met]
    return _folded(sorted(items, key=lambda item: (item.start, item.end)))


def _folded(items: Sequence[Item]) -> list[Item]:
    """Items, those of a whole within that of its part where both have the same times."""
    found: list[Item] = []
    for item in items:
        parts = [other for other in items if other is not item and _is_part(other, item)]
        if parts:
            continue
        wholes = tuple(other.visit for other in items if other.visit is not None and _is_part(item, other))
        found.append(replace(item, around=wholes))
    return found


def _is_part(one: Item, other: Item) -> bool:
    """Whether `one` was at a part of the site of `other`, at the same times and by the same word."""
    if one.site is None or other.site is None or one.site.pk == other.site.pk or one.span != other.span:
        return False
    if (one.stay and one.stay.verdict) != (other.stay and other.stay.verdict):
        return False
    return str(one.site.path).startswith(str(other.site.path))


def _day(day: date, asked: Span, items: Sequence[Item]) -> Day:
    start, end = clock.day_span(day, day)
    span = Span(max(start, asked.start), min(end, asked.end))
    there = [item for item in items if item.stay is None or item.stay.verdict != Verdict.DENIED]
    # What was there before the window belongs to its first day.
    own = [
        item
        for item in items
        if clock.local_day(item.start) == day
        or (item.start < asked.start < item.end and start <= asked.start < end)
    ]
    unknown = gaps(span, [Span(item.start, item.end) for item in there]) if span.start < span.end else []
    return Day(day, span, own, unknown)


def open_day(days: Sequence[Day]) -> Day | None:
    """The day to ask about next: the latest that is not done, else the last."""
    waiting = [day for day in days if not day.done]
    found = waiting or days
    return found[-1] if found else None
