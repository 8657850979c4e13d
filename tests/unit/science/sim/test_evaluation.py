"""Measures of contact lists, against plain loops over a small outbreak."""

from __future__ import annotations

import numpy as np
import pytest

from tuyendau.science.epi import ContactPolicy, Grade
from tuyendau.science.sim import Days, Outbreak, World, evaluation, interviews, kinds
from tuyendau.science.sim.evaluation import Listing, person_days, place_on_list, true_infectees
from tuyendau.science.sim.surveillance import Told


@pytest.fixture(scope="module")
def told(world: World, days: Days, outbreak: Outbreak) -> Told:
    return interviews(world, days, outbreak, np.arange(len(outbreak.cases), dtype=np.int32), 3)


@pytest.fixture(scope="module")
def listing(world: World, days: Days, outbreak: Outbreak, told: Told) -> Listing:
    return evaluation.lists(world, days, outbreak, {"default": ContactPolicy.bundled()}, told)["default"]


def test_person_days_equal_a_calendar() -> None:
    rng = np.random.default_rng(1)
    person, day = rng.integers(0, 30, 200), rng.integers(0, 60, 200)
    calendar = {(p, d + k) for p, d in zip(person, day, strict=True) for k in range(21)}
    assert person_days(person.astype(np.int32), day.astype(np.int32)) == len(calendar)
    assert person_days(np.array([4]), np.array([9]), 14) == 14
    assert person_days(np.empty(0, np.int32), np.empty(0, np.int32)) == 0


def test_infectees_are_counted_once_and_sorted_by_what_a_list_can_know(
    world: World, outbreak: Outbreak
) -> None:
    cases = {int(p): k for k, p in enumerate(outbreak.cases.person)}
    days = evaluation.report_days(outbreak)
    expected, unfound, known = set(), 0, 0
    for person, infector in zip(outbreak.truth.person, outbreak.truth.infector, strict=True):
        if infector < 0:
            continue
        if int(infector) not in cases:
            unfound += 1
        elif int(person) in cases and days[cases[int(person)]] <= days[cases[int(infector)]]:
            known += 1
        else:
            expected.add((cases[int(infector)], int(person)))
    found = true_infectees(world, outbreak)
    assert set(zip(found.case.tolist(), found.person.tolist(), strict=True)) == expected
    assert (found.unfound, found.known) == (unfound, known)
    assert len(expected) > 20


def test_places_on_lists_equal_a_search(world: World, outbreak: Outbreak, listing: Listing) -> None:
    infectees = true_infectees(world, outbreak)
    rows = {(int(c), int(p)): k for k, (c, p) in enumerate(zip(listing.case, listing.person, strict=True))}
    expected = [rows.get((int(c), int(p)), -1) for c, p in zip(infectees.case, infectees.person, strict=True)]
    found = place_on_list(world, infectees, listing)
    assert found.tolist() == expected
    assert 0.5 < (found >= 0).mean() < 1.0
    assert (place_on_list(world, infectees, listing.take(np.zeros(len(listing), bool))) == -1).all()


def test_a_list_equals_a_plain_search_of_what_was_observed(
    world: World, days: Days, outbreak: Outbreak, told: Told, listing: Listing
) -> None:
    """Who shared a site with the first cases in their windows, by a loop over the records and what was told."""
    case_days = evaluation.report_days(outbreak)
    first = np.flatnonzero(case_days == case_days[0])
    asked = evaluation.sources(outbreak, first)
    known = set(outbreak.cases.person[first].tolist())
    rows = []
    for day in range(outbreak.first_day - 4, int(case_days[0]) + 1):
        seen = days.presence(day, outbreak.movement(world, day), want="recorded").observed()
        rows += list(
            zip(seen.person.tolist(), seen.site.tolist(), seen.start.tolist(), seen.end.tolist(), strict=True)
        )
    told_by = told.case <= first[-1]
    t = told.visits.take(told_by)
    rows += list(zip(t.person.tolist(), t.site.tolist(), t.start.tolist(), t.end.tolist(), strict=True))
    by_site: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in rows:
        by_site.setdefault(row[1], []).append(row)
    for number, case in enumerate(first):
        low, high, who = int(asked.start[number]), int(asked.end[number]), int(asked.person[number])
        expected = set()
        for person, site, start, end in rows:
            if person == who:
                for other, _, begin, finish in by_site[site]:
                    if min(finish, end, high) > max(begin, start, low) and other not in known:
                        expected.add(other)
        assert set(listing.person[listing.case == case].tolist()) == expected
        assert expected


def test_ranks_count_on_from_zero_by_grade_and_probability(listing: Listing) -> None:
    for case in np.unique(listing.case)[:20]:
        mine = listing.take(listing.case == case)
        mine = mine.take(np.argsort(mine.rank))
        assert mine.rank.tolist() == list(range(len(mine)))
        assert (np.diff(mine.grade) >= 0).all()
        close = mine.probability[mine.grade == Grade.CLOSE]
        assert (np.diff(close) <= 1e-12).all()


def test_a_company_lock_holds_the_whole_company(world: World, outbreak: Outbreak, told: Told) -> None:
    lock = evaluation.company_lock(world, outbreak, told)
    days = evaluation.report_days(outbreak)
    company = world.people.company[outbreak.cases.person]
    row = int(np.flatnonzero(company >= 0)[0])
    staff = set(np.flatnonzero(world.people.company == company[row]).tolist())
    found = set(outbreak.cases.person[days <= days[row]].tolist())
    named = set(told.visits.person[told.case == row].tolist())
    assert set(lock.person[lock.case == row].tolist()) == (staff | named) - found


def test_an_app_finds_only_those_who_have_it(world: World, days: Days, outbreak: Outbreak) -> None:
    found = evaluation.app_list(world, days, outbreak)
    assert len(found) > 20
    assert world.people.has_app[found.person].all()
    assert world.people.has_app[outbreak.cases.person[found.case]].all()


def test_interviews_name_the_household_and_not_who_shopped(
    world: World, outbreak: Outbreak, told: Told
) -> None:
    home = world.people.home
    for row in np.flatnonzero(world.sites.kind[home[outbreak.cases.person]] == kinds.HOUSEHOLD)[:10]:
        mine = told.visits.person[told.case == row]
        mates = np.flatnonzero(home == home[outbreak.cases.person[row]])
        assert np.isin(mates, mine).mean() > 0.6, "those in a ward or in quarantine are not at home"
    shops = np.isin(world.sites.kind[told.visits.site], (kinds.SHOP, kinds.MARKET))
    assert (told.visits.person[shops] == outbreak.cases.person[told.case[shops]]).all()


def test_cuts_nest(listing: Listing) -> None:
    held = dict(evaluation.cuts(listing))
    assert held["everybody listed"].all()
    assert (held["close"] <= held["close and near"]).all()
    assert (held["first 10"] <= held["first 50"]).all()
    assert 0 < held["close"].sum() < held["close and near"].sum() < len(listing)
