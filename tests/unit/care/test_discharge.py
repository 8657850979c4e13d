"""The criteria of discharge by the text in force, as small tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tuyendau.response.care.rules.discharge import (
    Course,
    Criterion,
    Sampled,
    clear_samples,
    findings,
    guidance,
    guidance_on,
    had_symptoms,
    well_since,
)

NOW = datetime(2021, 8, 1, 2, tzinfo=UTC)
AUGUST = date(2021, 8, 1)


def ago(**back: float) -> datetime:
    return NOW - timedelta(**back)


def positive(hours: float, ct: float | None = None) -> Sampled:
    return Sampled(ago(hours=hours), True, ct)


def negative(hours: float) -> Sampled:
    return Sampled(ago(hours=hours), False)


@pytest.mark.parametrize(
    ("day", "symptoms", "id_"),
    [
        (date(2021, 5, 28), False, "vn.covid19.discharge.2008"),
        (date(2021, 5, 28), True, "vn.covid19.discharge.2008"),
        (date(2021, 7, 13), True, "vn.covid19.discharge.2008"),
        (date(2021, 7, 14), False, "vn.covid19.discharge.5599"),
        (date(2021, 7, 14), True, "vn.covid19.discharge.3416"),
    ],
)
def test_which_text_is_in_force(day, symptoms, id_):
    found = guidance_on("covid19", day, symptoms=symptoms)
    assert found is not None
    assert found.id == id_


def test_of_another_disease_no_text_is_known():
    assert guidance_on("measles", AUGUST, symptoms=True) is None


def test_every_text_says_where_it_is_from_and_how_far_that_is_verified():
    assert len({each.id for each in guidance()}) == len(guidance()) == 3
    for each in guidance():
        assert each.source
        assert each.verified in ("yes", "partial", "memory")
        assert each.title.keys() == {"vi", "en"}
    assert {each.id for each in guidance() if each.verified == "yes"} == {"vn.covid19.discharge.5599"}


@pytest.mark.parametrize(
    ("samples", "clear"),
    [
        ([], 0),
        ([negative(30)], 1),
        ([negative(30), negative(4)], 2),
        ([negative(20), negative(4)], 1),
        ([negative(60), positive(30, 25), negative(4)], 1),
        ([positive(30, 30.0), positive(4, 33.1)], 2),
        ([positive(30, 29.9), positive(4, 33.1)], 1),
        ([positive(30), negative(4)], 1),
        ([negative(60), negative(30), positive(4, 20)], 0),
        ([negative(29), negative(17), negative(4)], 2),
    ],
)
def test_which_samples_are_clear(samples, clear):
    """Consecutive, a day apart, negative or a Ct of 30 and more."""
    text = guidance_on("covid19", AUGUST, symptoms=False)
    assert text is not None
    assert clear_samples(text, Course(ago(days=12), samples)) == clear


def test_before_that_text_a_high_ct_was_not_clear():
    text = guidance_on("covid19", date(2021, 5, 28), symptoms=False)
    assert text is not None
    assert clear_samples(text, Course(ago(days=12), [positive(30, 36), positive(4, 36)])) == 0


@pytest.mark.parametrize(
    ("levels", "days"),
    [
        ([], None),
        ([(ago(days=5), "asymptomatic")], 5),
        ([(ago(days=5), "mild")], None),
        ([(ago(days=5), "mild"), (ago(days=2), "asymptomatic"), (ago(days=1), "asymptomatic")], 2),
        ([(ago(days=5), "asymptomatic"), (ago(days=1), "mild")], None),
    ],
)
def test_since_when_somebody_is_well(levels, days):
    assert well_since(Course(ago(days=12), (), levels)) == (None if days is None else ago(days=days))


def test_symptoms_are_known_by_onset_or_by_an_assessment():
    assert had_symptoms(Course(NOW), onset=True)
    assert had_symptoms(Course(NOW, (), [(NOW, "mild")]), onset=False)
    assert not had_symptoms(Course(NOW, (), [(NOW, "asymptomatic")]), onset=False)


@pytest.mark.parametrize(("days", "met"), [(8.9, False), (9, True), (30, True)])
def test_without_symptoms_from_the_tenth_day_on(days, met):
    text = guidance_on("covid19", AUGUST, symptoms=False)
    assert text is not None
    course = Course(ago(days=days), [negative(30), negative(4)])
    assert all(each.met for each in findings(text, course, NOW)) is met


def test_what_nobody_assessed_is_not_known_and_is_not_met():
    text = guidance_on("covid19", AUGUST, symptoms=True)
    assert text is not None
    course = Course(ago(days=20), [negative(30), negative(4)])
    assert {each.criterion: each.met for each in findings(text, course, NOW)} == {
        Criterion.DAYS: True, Criterion.WELL: None, Criterion.SAMPLES: True,
    }  # fmt: skip
