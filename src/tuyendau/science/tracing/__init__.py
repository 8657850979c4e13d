"""Who met whom: presence segments, the index over them, contacts, degrees.

    from tuyendau.science.tracing import DaySegment, Keys, PresenceIndex, Sources, Visits, split_days, to_seconds

    for day, visits in split_days(Visits.of(person, site, start, end, assumed)):    # int32 ids, seconds since EPOCH
        segment = DaySegment.build(day, visits)
        segment.write(folder / segment.file_name)
    index = PresenceIndex([DaySegment.open(p) for p in sorted(folder.glob("presence-*.arrow"))], setting_by_site)
    index.overlay.apply(Keys.of([7], [3], [494]), Visits.of([7], [3], [t0], [t1]))  # all there is of (person 7, site 3)
    sources = Sources.of(person=[7], start=window_start, end=window_end, onset=onset)
    contacts = index.contacts(sources, ContactPolicy.bundled("default"), min_seconds=60)
    trace = index.trace(sources)              # trace.contacts, and trace.exposures: site, seconds, first, last
    f2 = degrees(index, sources, 2, quarantined=(people, times))    # f2.person, f2.degree, f2.contacts
    stamp = index.overlay.stamp               # read before the rows of a new segment are read, ...
    index.publish(segment, through=stamp)     # ... so that what came later stays in the overlay

Times are int32 seconds since `EPOCH` (2020-01-01T00:00Z); intervals are half-open. `PresenceIndex` is safe for threads.
"""

from tuyendau.science.epi.grading import Grade
from tuyendau.science.epi.policy import ContactPolicy
from tuyendau.science.epi.settings import Setting
from tuyendau.science.epi.times import (
    EPOCH,
    UTC_OFFSET,
    date_to_day,
    day_of,
    day_start,
    day_to_date,
    minutes_shown,
    to_datetime,
    to_seconds,
)
from tuyendau.science.tracing.degrees import degrees
from tuyendau.science.tracing.encounters import Encounters
from tuyendau.science.tracing.index import PresenceIndex
from tuyendau.science.tracing.overlay import Overlay
from tuyendau.science.tracing.present import Present, present
from tuyendau.science.tracing.results import NO_ONSET, Contacts, Degrees, Exposures, Sources, Trace
from tuyendau.science.tracing.segment import DaySegment, SegmentError
from tuyendau.science.tracing.visits import Keys, Visits, split_days

__all__ = [
    "EPOCH",
    "NO_ONSET",
    "UTC_OFFSET",
    "ContactPolicy",
    "Contacts",
    "DaySegment",
    "Degrees",
    "Encounters",
    "Exposures",
    "Grade",
    "Keys",
    "Overlay",
    "PresenceIndex",
    "Present",
    "SegmentError",
    "Setting",
    "Sources",
    "Trace",
    "Visits",
    "date_to_day",
    "day_of",
    "day_start",
    "day_to_date",
    "degrees",
    "minutes_shown",
    "present",
    "split_days",
    "to_datetime",
    "to_seconds",
]
