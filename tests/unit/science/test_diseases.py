"""Diseases as data: what their files say by date, and what is refused in a file."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tuyendau.science.epi import Grade, Setting
from tuyendau.science.epi.diseases import (
    Disease,
    DiseaseError,
    Facts,
    Meaning,
    disease,
    diseases,
    from_record,
    standing,
)
from tuyendau.science.epi.diseases.checking import check_sources

COVID, MEASLES = disease("covid19"), disease("measles")


@pytest.mark.parametrize(
    ("on", "days"),
    [(date(2019, 12, 31), 3), (date(2021, 5, 18), 3), (date(2021, 12, 28), 3), (date(2021, 12, 29), 2)],
)
def test_lookback_is_that_of_the_day(on: date, days: int) -> None:
    assert COVID.lookback_days(on) == days


@pytest.mark.parametrize(
    ("of", "on", "group", "hours"),
    [
        (COVID, date(2021, 5, 18), "A", 24),
        (COVID, date(2023, 10, 19), "A", 24),
        (COVID, date(2023, 10, 20), "B", 48),
        (MEASLES, date(2025, 3, 1), "B", 48),
    ],
)
def test_group_of_the_law_by_date(of: Disease, on: date, group: str, hours: int) -> None:
    assert (of.group(on), of.report_within_hours(on)) == (group, hours)


def test_covid_is_infectious_until_isolation_and_measles_for_four_days_after_the_rash() -> None:
    assert COVID.infectious_until(date(2021, 5, 18)) is None
    assert MEASLES.infectious_until(date(2025, 3, 1)) == date(2025, 3, 5)
    assert MEASLES.lookback_days(date(2025, 3, 1)) == 4


def test_reference_day_is_the_rash_where_it_is_known() -> None:
    fever, rash = date(2025, 3, 1), date(2025, 3, 4)
    assert MEASLES.reference_days(fever, {"fever": fever, "rash": rash}) == (rash, rash)
    assert MEASLES.reference_days(fever, {"rash": None}) == (date(2025, 3, 3), date(2025, 3, 5))
    assert MEASLES.reference_days(None, {"fever": fever}) == (date(2025, 3, 3), date(2025, 3, 5))
    assert MEASLES.reference_days(None, {}) is None
    assert COVID.reference_days(fever, {"cough": rash}) == (fever, fever)


def test_what_a_positive_means_follows_from_the_day_of_the_sample() -> None:
    antigen = COVID.test("antigen")
    found = [antigen.means(day) for day in (date(2021, 5, 18), date(2022, 1, 1), date(2022, 3, 14))]
    assert found == [Meaning.SUSPECTS, Meaning.PROBABLE, Meaning.CONFIRMS]
    assert COVID.test("rt_pcr").means(date(2021, 5, 18)) is Meaning.CONFIRMS
    assert COVID.test("antibody").means(date(2021, 5, 18)) is Meaning.NOTHING
    assert MEASLES.test("igm").means(date(2025, 3, 1)) is Meaning.CONFIRMS
    with pytest.raises(KeyError, match="igm, rt_pcr"):
        MEASLES.test("antigen")


def test_measles_counts_shared_air_and_covid_by_setting() -> None:
    on = date(2025, 3, 1)
    measles, covid = MEASLES.policy(on), COVID.policy(on)
    assert measles.grade(Setting.SCHOOL, 1) is Grade.CLOSE
    assert covid.grade(Setting.SCHOOL, 1) is Grade.AROUND
    assert (measles.linger, covid.linger) == (7_200.0, 0.0)


def test_serial_intervals() -> None:
    assert (COVID.serial_interval.low, COVID.serial_interval.high) == (3.78, 5.19)
    assert (MEASLES.serial_interval.mean, MEASLES.serial_interval.sd) == (11.7, 2.0)
    assert (MEASLES.incubation.least, MEASLES.incubation.most) == (7, 21)


def test_definitions_tell_what_is_met_and_what_is_missing() -> None:
    on = date(2025, 3, 1)
    suspected, probable, confirmed = standing(MEASLES, Facts(frozenset({"fever", "rash"})), on)
    assert not suspected.met
    assert [c.code for c in suspected.missing] == ["catarrh"]
    facts = Facts(frozenset({"fever", "rash", "cough"}), {"contact_with_case": "yes"})
    suspected, probable, confirmed = standing(MEASLES, facts, on)
    assert (suspected.met, probable.met, confirmed.met) == (True, True, False)
    assert [c.code for c in confirmed.missing] == ["laboratory"]
    assert standing(MEASLES, Facts(positive=frozenset({"igm"})), on)[-1].met


def test_definitions_are_those_of_the_day() -> None:
    facts = Facts(positive=frozenset({"antigen"}))
    in_2021, in_2022 = (
        {s.definition.status: s.met for s in standing(COVID, facts, day)}
        for day in (date(2021, 5, 18), date(2022, 4, 1))
    )
    assert in_2021 == {"suspected": True, "confirmed": False}
    assert in_2022["confirmed"]


@pytest.mark.parametrize("of", diseases(), ids=lambda d: d.code)
def test_every_figure_tells_its_source(of: Disease) -> None:
    check_sources(of.record, of.code)
    figures = _without_sources(of.record)
    assert figures > 10
    for key in set(of.record) - {"form"}:
        if _figures(of.record[key]):
            bare = _stripped(of.record[key])
            with pytest.raises(DiseaseError, match="has no source"):
                check_sources({key: bare}, of.code)


def _figures(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_figures(each) for each in value.values())
    if isinstance(value, list):
        return sum(_figures(each) for each in value)
    return int(isinstance(value, int | float) and not isinstance(value, bool))


def _without_sources(record: dict[str, Any]) -> int:
    return sum(_figures(value) for key, value in record.items() if key != "form")


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _stripped(v) for k, v in value.items() if k not in ("source", "verified")}
    return [_stripped(each) for each in value] if isinstance(value, list) else value


def _set(path: list[Any], value: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set(["lookback", 0, "source"], ""), "lookback 1: needs a source"),
        (_set(["lookback", 0, "verified"], "surely"), "verified as one of"),
        (
            _set(["lookback", 0, "days"], -1),
            "lookback: lookback 1: -1 is no count|lookback 1: -1 is no count",
        ),
        (_set(["lookback", 0, "effective_from"], "May"), "lookback 1"),
        (_set(["groups", 0, "group"], "D"), "none of A, B, C"),
        (_set(["name"], {"en": "Measles"}), "no text in vi and en"),
        (_set(["reference", "symptom"], "spots"), "reference: symptom 'spots' is none of"),
        (_set(["incubation", "mean_days"], 30), "does not lie between"),
        (_set(["serial_interval", "sd_days"], 0), "deviation above 0"),
        (_set(["policies", 0, "policy"], "plague"), "no bundled policy 'plague'"),
        (_set(["tests", 0, "positive", 0, "means"], "perhaps"), "'perhaps' is not a valid Meaning"),
        (_set(["tests", 0, "specimens"], ["hair"]), "specimen 'hair' is none of"),
        (_set(["criteria", 0, "symptoms"], ["spots"]), "symptom 'spots' is none of"),
        (_set(["definitions", 0, "statuses", 0, "any"], [["magic"]]), "criterion 'magic' is none of"),
        (_set(["form", "fields", 0, "kind"], "colour"), "kind 'colour' is none of"),
        (_set(["form", "fields", 0, "section"], "hobbies"), "section 'hobbies' is none of"),
        (_set(["symptoms", 1, "code"], "fever"), "a code stands twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(change: Callable[[Any], None], said: str) -> None:
    record = copy.deepcopy(MEASLES.record)
    change(record)
    with pytest.raises(DiseaseError, match=said) as error:
        from_record(record, "mine.json")
    assert str(error.value).startswith("mine.json")


@pytest.mark.parametrize("key", ["groups", "reference", "tests", "form", "transmission"])
def test_what_is_missing_is_named(key: str) -> None:
    record = {k: v for k, v in MEASLES.record.items() if k != key}
    with pytest.raises(DiseaseError, match=f"'{key}' is missing"):
        from_record(record, "mine.json")


def test_an_unknown_disease_is_answered_with_the_known() -> None:
    with pytest.raises(DiseaseError, match="covid19, measles"):
        disease("plague")
