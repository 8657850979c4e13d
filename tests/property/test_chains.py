"""Chains: the fast answer is that of the slow reference, and no forest has a circle."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import chains as reference
from tuyendau.science.chains import (
    Interval,
    Method,
    Pairs,
    Times,
    circle_of,
    clusters,
    forest,
    generations,
    most_likely,
    weigh,
)

INTERVAL = Interval(4.7, 2.8)
WEIGHTS = st.floats(0.001, 1.0)


@st.composite
def instances(draw: st.DrawFn) -> tuple[int, dict[tuple[int, int], float], list[float]]:
    n = draw(st.integers(1, 5))
    pairs = [(j, i) for j in range(n) for i in range(n) if i != j]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return n, {pair: draw(WEIGHTS) for pair in chosen}, [draw(WEIGHTS) for _ in range(n)]


@settings(max_examples=300, deadline=None)
@given(instances())
def test_the_forest_is_the_best_of_all(instance) -> None:
    n, edges, outside = instance
    best, _forests = reference.best_forest(n, edges, outside)
    pairs = list(edges)
    parent = forest(n, [j for j, _ in pairs], [i for _, i in pairs], [edges[p] for p in pairs], outside)
    score = sum(log(outside[j]) if i < 0 else log(edges[j, int(i)]) for j, i in enumerate(parent))
    assert score == pytest.approx(log(best), abs=1e-9)
    assert circle_of(parent) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 120), st.integers(0, 2**32 - 1))
def test_no_forest_has_a_circle(n: int, seed: int) -> None:
    """However tangled: hundreds of edges of like weights, most of them in both directions."""
    rng = np.random.default_rng(seed)
    infectee, infector = rng.integers(0, n, 6 * n), rng.integers(0, n, 6 * n)
    keep = infectee != infector
    weight = rng.choice([0.1, 0.2, 0.2, 0.5, 0.9], 6 * n)
    parent = forest(n, infectee[keep], infector[keep], weight[keep], np.full(n, 0.01))
    assert circle_of(parent) == []
    shown = most_likely(n, infectee[keep], infector[keep], weight[keep], rng.choice([0.1, 0.4, 0.6], n))
    assert circle_of(shown) == []
    depth, first = generations(parent), clusters(parent)
    inside = parent >= 0
    assert (depth[~inside] == 0).all()
    assert (depth[inside] == depth[parent[inside]] + 1).all()
    assert (first[inside] == first[parent[inside]]).all()
    assert (parent[first] == -1).all()


@st.composite
def outbreaks(draw: st.DrawFn) -> tuple[list[int], list[int], list[reference.Met]]:
    n = draw(st.integers(2, 6))
    days = draw(st.lists(st.integers(500, 520), min_size=n, max_size=n))
    bases = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    rows = st.integers(0, n - 1)
    exposure = st.builds(
        lambda i, j, named, setting, hours, share, first, span, timed: reference.Met(
            i, j, named, setting, hours, hours * share, first * 3_600 if timed else 0,
            (first + span) * 3_600 if timed else 0,
        ),
        rows, rows, st.booleans(), st.sampled_from([1, 3, 5, 14]), st.floats(0, 40), st.floats(0, 1),
        st.integers(490 * 24, 525 * 24), st.integers(0, 200), st.booleans(),
    )  # fmt: skip
    return days, bases, draw(st.lists(exposure, max_size=12))


@settings(max_examples=40, deadline=None)
@given(outbreaks())
def test_weights_are_those_of_the_reference(outbreak) -> None:
    days, bases, met = outbreak
    method = Method.bundled()
    expected, outside = reference.weights(days, bases, met, method, INTERVAL)
    pairs = Pairs(
        *(np.array([getattr(e, name) for e in met], np.int64) for name in ("infector", "infectee")),
        np.array([e.named for e in met], np.int8),
        np.array([e.setting for e in met], np.int8),
        *(np.array([getattr(e, name) for e in met], np.float64) for name in ("hours", "assumed")),
        *(np.array([getattr(e, name) for e in met], np.int64) for name in ("first", "last")),
    )
    likely = weigh(Times(np.array(days), np.array(bases, np.int8)), pairs, method, INTERVAL)
    found = {
        (int(j), int(i)): float(w)
        for j, i, w in zip(likely.infectee, likely.infector, likely.weight, strict=True)
    }
    # What stands on the edge of being left out may fall to either side.
    assert {p: w for p, w in found.items() if w > 1e-4} == pytest.approx(
        {p: w for p, w in expected.items() if w > 1e-4}, rel=1e-6, abs=1e-6
    )
    assert likely.outside == pytest.approx(outside, rel=1e-6)
    sums = np.bincount(likely.infectee, likely.weight, minlength=len(days)) + likely.outside
    assert sums == pytest.approx(np.ones(len(days)))
