"""The tracing engine equals the reference, second by second, on random instances."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference.tracing import MEASURED, Meeting, Rules, Source, Visit, World
from tuyendau.science.epi import ContactPolicy, Grade, Setting, parameters
from tuyendau.science.tracing import (
    DaySegment,
    Encounters,
    Keys,
    PresenceIndex,
    Sources,
    Visits,
    day_of,
    day_start,
    degrees,
    split_days,
)

MIDNIGHT = day_start(500)
PEOPLE = [0, 1, 65_540, 300_000]
SITES = [0, 1, 4, 90_000]
SETTINGS = {0: Setting.ROOM, 1: Setting.LINE, 4: Setting.LINE}
BY_SITE = [SETTINGS.get(s, Setting.OTHER) for s in range(5)]

POLICY = ContactPolicy.from_record(
    {
        "id": "test",
        "title": {"en": "test"},
        "source": "made up",
        "verified": "yes",
        "effective_from": "2020-01-01",
        "assumed_weight": 0.25,
        "rules": [
            {"setting": "room", "grade": "close", "minutes": 0.5},
            {"setting": "line", "grade": "close", "minutes": 2},
            {"setting": "line", "grade": "near", "minutes": 1},
            {"setting": "measured", "grade": "near", "minutes": 0.25},
            {"setting": "other", "grade": "around", "minutes": 0},
        ],
        "anywhere": [{"grade": "close", "minutes": 4}],
    }
)
EPI = parameters()
RULES = Rules(
    POLICY.thresholds.tolist(),
    POLICY.anywhere.tolist(),
    POLICY.assumed_weight,
    EPI.hazards.tolist(),
    {EPI.first_day + i: float(v) for i, v in enumerate(EPI.infectiousness)},
)

times = st.integers(MIDNIGHT - 300, MIDNIGHT + 300)
people = st.sampled_from(PEOPLE)
windows = st.tuples(times, st.integers(0, 600))


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    start = draw(times)
    length = draw(st.sampled_from([0, 1, 40, 150, 300, 450]))
    return Visit(draw(people), draw(st.sampled_from(SITES)), start, start + length, draw(st.booleans()))


crowds = st.lists(visits(), min_size=12, max_size=25)


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    a, b = draw(st.lists(people, min_size=2, max_size=2, unique=True))
    return Meeting(a, b, draw(times), draw(st.sampled_from([0, 1, 20, 60, 200])))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    start, length = draw(st.sampled_from([(MIDNIGHT - 500, 1_200)] * 2 + [(MIDNIGHT - 150, 250)]) | windows)
    onset = draw(st.none() | st.integers(-6, 6).map(lambda d: MIDNIGHT + 86_400 * d))
    return Source(
        draw(people),
        start,
        start + draw(st.just(length) | st.integers(0, 600)),
        onset,
        draw(st.sampled_from([1.0, 0.3])),
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[tuple[int, int, int]], list[Visit]]:
    """Touched keys with their visits; some keys without any, and some visits that reach beyond the keys."""
    new = draw(st.lists(visits(), max_size=8))
    keys = {(v.person, v.site, day_of(v.start)) for v in new if draw(st.integers(0, 4))}
    keys |= set(
        draw(st.lists(st.tuples(people, st.sampled_from(SITES), st.sampled_from([499, 500])), max_size=6))
    )
    return sorted(keys), new


def columns(rows: Iterable[Visit]) -> Visits:
    table = np.array([(v.person, v.site, v.start, v.end, v.assumed) for v in rows], np.int64).reshape(-1, 5)
    return Visits.of(*table.T)


def encounters_of(met: list[Meeting]) -> Encounters:
    table = np.array([(m.a, m.b, m.start, m.seconds) for m in met], np.int64).reshape(-1, 4)
    return Encounters.of(*table.T)


def asked(rows: list[Source]) -> Sources:
    onset = [-(2**31) if s.onset is None else s.onset for s in rows]
    return Sources.of(
        [s.person for s in rows],
        [s.start for s in rows],
        [s.end for s in rows],
        onset,
        [s.prior for s in rows],
    )


def index_of(rows: list[Visit], met: list[Meeting], threads: int = 1) -> PresenceIndex:
    segments = [DaySegment.build(day, part) for day, part in split_days(columns(rows))]
    return PresenceIndex(segments, BY_SITE, encounters=encounters_of(met), threads=threads)


def world_of(rows: list[Visit], met: list[Meeting]) -> World:
    world = World({s: int(k) for s, k in SETTINGS.items()}, RULES)
    for visit in rows:
        world.add(visit)
    for meeting in met:
        world.meet(meeting)
    return world


def assert_same(
    index: PresenceIndex, world: World, rows: list[Source], min_seconds: int, worst: Grade
) -> None:
    expected = world.contacts(rows, min_seconds, worst)
    trace = index.trace(asked(rows), POLICY, min_seconds=min_seconds, worst=worst)
    c, e = trace.contacts, trace.exposures
    pairs = list(zip(c.source.tolist(), c.contact.tolist(), strict=True))
    assert sorted(pairs) == sorted(expected)
    for i, pair in enumerate(pairs):
        met = expected[pair]
        got = (c.seconds[i], c.assumed_seconds[i], c.first[i], c.last[i], c.sites[i], c.grade[i])
        assert got == (met.seconds, met.assumed, met.first, met.last, len(met.sites), met.grade), pair
        assert c.probability[i] == pytest.approx(met.probability, rel=1e-9, abs=1e-12)
    ranks = list(
        zip(c.grade.tolist(), (-c.probability).tolist(), c.source.tolist(), c.contact.tolist(), strict=True)
    )
    assert ranks == sorted(ranks)
    evidence = list(zip(e.source.tolist(), e.contact.tolist(), e.site.tolist(), strict=True))
    assert sorted(evidence) == sorted((*pair, site) for pair, met in expected.items() for site in met.sites)
    for i, (source, contact, site) in enumerate(evidence):
        met, seconds = expected[source, contact], expected[source, contact].sites[site]
        found = (e.seconds[i], e.assumed_seconds[i], e.first[i], e.last[i], e.setting[i])
        setting = MEASURED if site == -1 else SETTINGS.get(site, Setting.OTHER)
        assert found == (len(seconds), sum(seconds.values()), min(seconds), max(seconds) + 1, setting)
        assert e.dose[i] == pytest.approx(met.doses[site], rel=1e-9, abs=1e-12)


instances = settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@instances
@given(
    st.lists(visits(), max_size=25) | crowds,
    st.lists(meetings(), max_size=8) | st.lists(meetings(), min_size=4, max_size=8),
    st.lists(sources(), min_size=1, max_size=4),
    st.sampled_from([1, 1, 30, 120]),
    st.sampled_from(list(Grade)),
)
def test_contacts_equal_reference(
    rows: list[Visit], met: list[Meeting], of: list[Source], min_seconds: int, worst: Grade
) -> None:
    assert_same(index_of(rows, met), world_of(rows, met), of, min_seconds, worst)


@instances
@given(
    st.lists(visits(), max_size=20) | crowds,
    st.lists(changes(), min_size=1, max_size=4),
    st.sets(st.sampled_from([499, 500])),
    st.lists(sources(), min_size=1, max_size=3),
)
def test_newer_truth_equals_reference(
    rows: list[Visit],
    later: list[tuple[list[tuple[int, int, int]], list[Visit]]],
    unpublished: set[int],
    of: list[Source],
) -> None:
    """Late, corrected and cancelled visits, with and without a segment of their day, asked after every change."""
    published = [(d, part) for d, part in split_days(columns(rows)) if d not in unpublished]
    index = PresenceIndex([DaySegment.build(d, part) for d, part in published], BY_SITE, threads=1)
    world = world_of(rows, [])
    for key in list(world.truth):
        if key[2] in unpublished:
            del world.truth[key]
    for keys, new in later:
        table = np.array(keys, np.int64).reshape(-1, 3)
        index.overlay.apply(Keys.of(*table.T), columns(new))
        world.replace(keys, new)
        assert_same(index, world, of, 1, Grade.NONE)


@instances
@given(
    st.lists(visits(), max_size=20) | crowds,
    st.lists(changes(), min_size=2, max_size=4),
    st.integers(0, 3),
    st.lists(sources(), min_size=1, max_size=3),
)
def test_publishing_changes_no_answer(
    rows: list[Visit],
    later: list[tuple[list[tuple[int, int, int]], list[Visit]]],
    turn: int,
    of: list[Source],
) -> None:
    """A segment published with the truth of some stamp, while later changes stay in the overlay."""
    index, world = index_of(rows, []), world_of(rows, [])
    published: tuple[int, Visits] = (0, columns(rows))
    for number, (keys, new) in enumerate(later):
        table = np.array(keys, np.int64).reshape(-1, 3)
        stamp = index.overlay.apply(Keys.of(*table.T), columns(new))
        world.replace(keys, new)
        if number == turn:
            pieces = [
                Visit(person, site, t, t + 1, flag)
                for (person, site, _), seconds in world.truth.items()
                for t, flag in seconds.items()
            ]
            published = (stamp, columns(pieces))
            index.snapshot()
    for day in (499, 500):
        if published[0]:
            index.publish(DaySegment.build(day, published[1]), through=published[0])
            assert_same(index, world, of, 1, Grade.NONE)


@instances
@given(
    st.lists(visits(), max_size=25) | crowds,
    st.lists(meetings(), max_size=6),
    st.lists(sources(), min_size=1, max_size=2),
    st.integers(1, 4),
    st.sampled_from([Grade.CLOSE, Grade.AROUND, Grade.NONE]),
    st.sampled_from([0, 0, 40]),
    st.dictionaries(people, times, max_size=4),
)
def test_degrees_equal_reference(
    rows: list[Visit],
    met: list[Meeting],
    of: list[Source],
    n: int,
    counts: Grade,
    latent: int,
    held: dict[int, int],
) -> None:
    degree, pairs = world_of(rows, met).degrees(of, n, counts=counts, latent=latent, quarantined=held)
    found = degrees(
        index_of(rows, met), asked(of), n, POLICY, counts=counts, latent_seconds=latent,
        quarantined=(list(held.keys()), list(held.values())),
    )  # fmt: skip
    assert dict(zip(found.person.tolist(), found.degree.tolist(), strict=True)) == degree
    c = found.contacts
    who = found.sources.person[c.source].tolist()
    got = {(a, b): d for a, b, d in zip(who, c.contact.tolist(), c.degree.tolist(), strict=True)}
    assert got == pairs


@settings(max_examples=100, deadline=None)
@given(st.lists(visits(), max_size=20), st.lists(sources(), min_size=20, max_size=40))
def test_threads_change_no_answer(rows: list[Visit], of: list[Source]) -> None:
    one, many = (index_of(rows, [], threads=t).trace(asked(of), POLICY) for t in (1, 3))
    for table in ("contacts", "exposures"):
        for name in getattr(one, table).__dataclass_fields__:
            np.testing.assert_array_equal(
                getattr(getattr(one, table), name), getattr(getattr(many, table), name)
            )
