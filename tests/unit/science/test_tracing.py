"""Boundary cases of tracing that people in the field have met."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from tuyendau.science.epi import ContactPolicy, Grade, Setting
from tuyendau.science.tracing import (
    DaySegment,
    Encounters,
    Keys,
    PresenceIndex,
    SegmentError,
    Sources,
    Visits,
    day_of,
    day_start,
    degrees,
    split_days,
)

DAY = 500
T = day_start(DAY)
HOUR = 3_600
LINE, ROOM, BUS = 0, 1, 2
SETTINGS = [Setting.LINE, Setting.ROOM, Setting.BUS]
ANYONE = ContactPolicy.bundled("fifteen_minutes")

Row = tuple[int, int, int, int] | tuple[int, int, int, int, int]


def visits(*rows: Row) -> Visits:
    table = np.array([(*r, 0)[:5] for r in rows], np.int64).reshape(-1, 5)
    return Visits.of(*table.T)


def index(*rows: Row, encounters: Encounters | None = None) -> PresenceIndex:
    segments = [DaySegment.build(day, part) for day, part in split_days(visits(*rows))]
    return PresenceIndex(segments, SETTINGS, encounters=encounters)


def seconds(found: PresenceIndex, *sources: Sources) -> dict[int, int]:
    case = sources[0] if sources else Sources.of([1], T, T + 86_400)
    contacts = found.contacts(case)
    return dict(zip(contacts.contact.tolist(), contacts.seconds.tolist(), strict=True))


def test_who_came_before_the_window_and_stays_is_found() -> None:
    found = index((1, LINE, T - HOUR, T + 4 * HOUR), (2, LINE, T - 2 * HOUR, T + 3 * HOUR))
    assert seconds(found, Sources.of([1], T + HOUR, T + 2 * HOUR)) == {2: HOUR}


def test_air_stays_infectious_after_the_case_has_left_where_the_policy_says_so() -> None:
    found = index(
        (1, LINE, T, T + HOUR),
        (1, BUS, T + HOUR, T + 2 * HOUR),
        (2, LINE, T + 2 * HOUR, T + 4 * HOUR),
        (3, LINE, T + 3 * HOUR, T + 4 * HOUR),
        (4, LINE, T, T + 2 * HOUR),
        (4, BUS, T + 2 * HOUR, T + 3 * HOUR),
    )
    case = Sources.of([1], T, T + 86_400, onset=T)
    lingering = found.contacts(case, ContactPolicy.bundled("measles"))
    assert dict(zip(lingering.contact.tolist(), lingering.seconds.tolist(), strict=True)) == {
        2: HOUR,  # the second hour after the case left
        4: 3
        * HOUR,  # the hour beside it, one behind it on the line, one behind it on the bus; none counted twice
    }
    assert found.contacts(case, ContactPolicy.bundled("default")).contact.tolist() == [4]


def test_who_leaves_as_the_case_arrives_shares_nothing() -> None:
    found = index((1, LINE, T + HOUR, T + 2 * HOUR), (2, LINE, T, T + HOUR), (3, LINE, T, T + HOUR + 1))
    assert seconds(found) == {3: 1}


def test_assumed_end_is_marked_and_weighs_half() -> None:
    found = index((1, LINE, T, T + HOUR), (2, LINE, T, T + 20 * 60, 1), (3, LINE, T, T + 20 * 60))
    contacts = found.contacts(Sources.of([1], T, T + HOUR), ANYONE)
    by_person = {int(c): i for i, c in enumerate(contacts.contact)}
    assert contacts.assumed_seconds[by_person[2]] == 20 * 60
    assert contacts.grade[by_person[2]] == Grade.NONE
    assert contacts.grade[by_person[3]] == Grade.CLOSE
    assert contacts.probability[by_person[2]] == pytest.approx(
        contacts.probability[by_person[3]] / 2, rel=0.01
    )


def test_seen_time_wins_over_assumed_time_of_the_same_stay() -> None:
    segment = DaySegment.build(DAY, visits((1, LINE, T, T + 600, 1), (1, LINE, T + 100, T + 200)))
    pieces = zip(segment.start - T, segment.end - T, segment.assumed, strict=True)
    assert sorted(map(tuple, pieces)) == [(0, 100, 1), (100, 200, 0), (200, 600, 1)]


def test_overlapping_visits_at_one_site_count_once() -> None:
    found = index((1, LINE, T, T + HOUR), (2, LINE, T, T + 1_800), (2, LINE, T + 900, T + 2_700))
    assert seconds(found) == {2: 2_700}


def test_stay_over_several_midnights_is_one_stay() -> None:
    found = index((1, ROOM, T, T + 3 * 86_400), (2, ROOM, T + HOUR, T + 2 * 86_400 + HOUR))
    assert seconds(found, Sources.of([1], T, T + 3 * 86_400)) == {2: 2 * 86_400}
    assert sorted(found.segments) == [DAY, DAY + 1, DAY + 2]


def test_days_are_cut_at_local_midnight() -> None:
    assert day_of(T) == DAY
    assert day_of(T - 1) == DAY - 1
    assert T % 86_400 == 17 * HOUR


def test_time_that_visits_and_encounters_cover_counts_once() -> None:
    near = Encounters.of([1, 3], [2, 1], [T + 1_800, T], [HOUR, 60])
    found = index((1, LINE, T, T + HOUR), (2, LINE, T, T + HOUR), encounters=near)
    trace = found.trace(Sources.of([1], T, T + 86_400))
    contacts = dict(zip(trace.contacts.contact.tolist(), trace.contacts.seconds.tolist(), strict=True))
    assert contacts == {2: HOUR + 1_800, 3: 60}
    sites = dict(zip(trace.contacts.contact.tolist(), trace.contacts.sites.tolist(), strict=True))
    assert sites == {2: 2, 3: 1}
    assert trace.exposures.seconds.sum() == 2 * HOUR + 60


def test_contact_of_two_cases_stands_once_for_each() -> None:
    found = index(
        (1, LINE, T, T + HOUR), (2, BUS, T, T + HOUR), (3, LINE, T, T + 900), (3, BUS, T + 900, T + 1_900)
    )
    contacts = found.contacts(Sources.of([1, 2], T, T + 86_400))
    pairs = zip(contacts.source.tolist(), contacts.contact.tolist(), contacts.seconds.tolist(), strict=True)
    assert sorted(pairs) == [(0, 3, 900), (1, 3, 1_000)]


def test_contacts_of_an_f1_who_turns_f0_become_f1() -> None:
    found = index(
        (1, LINE, T, T + HOUR), (2, LINE, T, T + HOUR), (2, ROOM, T + HOUR, T + 2 * HOUR),
        (3, ROOM, T + HOUR, T + 2 * HOUR),
    )  # fmt: skip
    before = degrees(found, Sources.of([1], T, T + 86_400), 2)
    assert dict(zip(before.person.tolist(), before.degree.tolist(), strict=True)) == {1: 0, 2: 1, 3: 2}
    after = degrees(found, Sources.of([1, 2], T, T + 86_400), 2)
    assert dict(zip(after.person.tolist(), after.degree.tolist(), strict=True)) == {1: 0, 2: 0, 3: 1}


@pytest.mark.parametrize(("options", "reached"), [
    ({}, {3}),
    ({"latent_seconds": 3 * HOUR}, set()),
    ({"quarantined": ([2], [T + 2 * HOUR])}, set()),
    ({"quarantined": ([2, 2], [T + 5 * HOUR, T + 2 * HOUR])}, set()),
])  # fmt: skip
def test_f2_only_while_the_f1_could_pass_it_on(options: dict[str, object], reached: set[int]) -> None:
    """Person 4 met the F1 before the case did, person 3 after."""
    found = index(
        (2, ROOM, T - 2 * HOUR, T - HOUR), (4, ROOM, T - 2 * HOUR, T - HOUR),
        (1, LINE, T, T + HOUR), (2, LINE, T, T + HOUR),
        (2, ROOM, T + 2 * HOUR, T + 3 * HOUR), (3, ROOM, T + 2 * HOUR, T + 3 * HOUR),
    )  # fmt: skip
    far = degrees(found, Sources.of([1], T - 86_400, T + 86_400), 2, **options)  # type: ignore[arg-type]
    assert set(far.person[far.degree == 2].tolist()) == reached


def test_graded_by_setting_and_ranked_by_probability() -> None:
    found = index(
        (1, LINE, T, T + HOUR), (2, LINE, T, T + HOUR), (1, ROOM, T + HOUR, T + 2 * HOUR),
        (3, ROOM, T + HOUR, T + 2 * HOUR), (4, LINE, T, T + 120),
    )  # fmt: skip
    contacts = found.contacts(Sources.of([1], T, T + 86_400))
    assert contacts.contact.tolist() == [3, 2, 4]
    assert [Grade(g) for g in contacts.grade] == [Grade.CLOSE, Grade.CLOSE, Grade.NEAR]
    assert contacts.probability[0] == pytest.approx(1 - np.exp(-0.03))


def test_forgetting_the_overlay_shows_the_segment_again() -> None:
    found = index((1, LINE, T, T + HOUR), (2, LINE, T, T + HOUR))
    found.overlay.apply(Keys.of([2], [LINE], [DAY]), Visits.none())
    assert seconds(found) == {}
    found.overlay.forget(DAY)
    assert seconds(found) == {2: HOUR}
    found.overlay.apply(Keys.of([2], [LINE], [DAY]), visits((2, LINE, T, T + 60)))
    assert seconds(found) == {2: 60}
    found.drop(DAY)
    assert seconds(found) == {}


def test_part_of_a_new_visit_outside_its_keys_is_ignored() -> None:
    found = index((1, ROOM, T, T + 2 * 86_400), (2, ROOM, T, T + 2 * 86_400))
    found.overlay.apply(Keys.of([2], [ROOM], [DAY]), visits((2, ROOM, T + 86_400 - 60, T + 86_400 + 60)))
    assert seconds(found, Sources.of([1], T, T + 2 * 86_400)) == {2: 60 + 86_400}


def test_segment_comes_back_from_its_file(tmp_path: Path) -> None:
    built = DaySegment.build(DAY, visits((5, 3, T, T + 60), (1, 0, T + 5, T + 9, 1), (5, 0, T, T + 7)))
    path = tmp_path / built.file_name
    built.write(path)
    opened = DaySegment.open(path)
    for name in DaySegment.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(opened, name), getattr(built, name))
    assert [p.name for p in tmp_path.iterdir()] == ["presence-2021-05-15.arrow"]
    assert not opened.person.flags.writeable


@pytest.mark.parametrize("content", [b"", b"not arrow at all", b"ARROW1\0\0" + b"x" * 64])
def test_file_that_is_no_segment_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "presence-2021-05-15.arrow"
    path.write_bytes(content)
    with pytest.raises(SegmentError, match=r"presence-2021-05-15\.arrow"):
        DaySegment.open(path)
    with pytest.raises(SegmentError, match="absent"):
        DaySegment.open(tmp_path / "absent.arrow")


def test_empty_day_can_be_written_and_asked(tmp_path: Path) -> None:
    DaySegment.build(DAY, Visits.none()).write(tmp_path / "empty.arrow")
    found = PresenceIndex([DaySegment.open(tmp_path / "empty.arrow")], SETTINGS)
    assert len(found.contacts(Sources.of([1], T, T + 86_400))) == 0


@pytest.mark.parametrize(("columns", "said"), [
    (([1], [1], [9], [3]), "ends before"),
    (([-1], [1], [0], [3]), "person must lie"),
    (([1, 2], [1], [0], [3]), "differ in length"),
    (([1.5], [1], [0], [3]), "person must be integers"),
    (([1], [1], [0], [2**31]), "end must lie"),
])  # fmt: skip
def test_columns_that_are_no_visits_are_refused(columns: tuple[list[float], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Visits.of(*columns)


def test_setting_that_no_site_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="settings must be"):
        PresenceIndex([], [Setting.MEASURED])


def test_readers_and_a_writer_in_many_threads_agree() -> None:
    """The overlay always holds person 2 for exactly one of two whole hours; no reader may see both or none."""
    found = index((1, LINE, T, T + 2 * HOUR), *((p, LINE, T, T + 60) for p in range(10, 400)))
    key = Keys.of([2], [LINE], [DAY])
    found.overlay.apply(key, visits((2, LINE, T, T + HOUR)))
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(seconds(found)[2])

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(200):
        found.overlay.apply(key, visits((2, LINE, T + HOUR * (turn % 2), T + HOUR * (turn % 2 + 1))))
    stop.set()
    for reader in readers:
        reader.join()
    assert len(seen) > 4
    assert set(seen) == {HOUR}


def test_probability_of_an_f2_is_that_along_its_chain() -> None:
    """Forty F1, each in the room for other minutes, so that every one has a chance of its own to pass on."""
    f1 = range(2, 42)
    rows: list[Row] = [(1, ROOM, T, T + 41 * 60), *((p, ROOM, T, T + p * 60) for p in f1)]
    rows += [(p, 100 + p, T + HOUR, T + 2 * HOUR) for p in f1] + [
        (100 + p, 100 + p, T + HOUR, T + 2 * HOUR) for p in f1
    ]
    far = degrees(index(*rows), Sources.of([1], T, T + 86_400), 2, ANYONE, counts=Grade.NONE).contacts
    found = {int(c): p for c, p, d in zip(far.contact, far.probability, far.degree, strict=True) if d == 2}
    assert found.keys() == {100 + p for p in f1}
    for p in f1:
        chance = (1 - np.exp(-0.03 * p / 60)) * (1 - np.exp(-0.002))
        assert found[100 + p] == pytest.approx(chance, rel=1e-9), p
