"""The most likely forest: for each case one infector or none, such that nobody infected themselves by any way.

Chu-Liu/Edmonds: everybody takes the likeliest infector; a circle among those is drawn together into one, whose members
then give up what is lost least, until no circle is left. The result is the heaviest of all forests, by the product of
the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]


class Circle(ValueError):
    """Cases that infected each other in a circle; `cases` are its rows, each infected by the one before it."""

    def __init__(self, cases: list[int]) -> None:
        super().__init__(" → ".join(map(str, [*cases, cases[0]])))
        self.cases = cases


HALF = 0.5
"""From this weight on the source outside the list is taken: it is likelier than all in the list together."""

_SELDOM = 1e-9


@dataclass(frozen=True, eq=False)
class _Round:
    """One drawing together: the edges before it, the best into each node, and which of the edges are left."""

    target: Ints
    best: Ints
    kept: Ints


def forest(n: int, infectee: ArrayLike, infector: ArrayLike, weight: ArrayLike, outside: ArrayLike) -> Ints:
    """For each of `n` cases its infector in the most likely forest, -1 where that is none in the list; int64 [n].

    infectee, infector, weight: [m] likely infectors, weights above 0. outside: [n], the weight of having none; 0 where
    a case must have one. Of equal weights the infector of the lower row is taken. Raises `Circle` where cases that must
    have an infector have nobody but each other, ValueError where one must have an infector and has none.
    """
    target = np.r_[np.asarray(infectee, np.int64), np.arange(n)]
    source = np.r_[np.asarray(infector, np.int64), np.full(n, n)]
    with np.errstate(divide="ignore"):
        cost = -np.log(np.r_[np.asarray(weight, np.float64), np.asarray(outside, np.float64)])
    able = np.isfinite(cost)
    origin = np.flatnonzero(able)
    chosen = _edmonds(n, source[able], target[able], cost[able])
    found = source[origin[chosen]]
    parent = np.where(found == n, -1, found)
    if circle := circle_of(parent):
        raise Circle(circle)
    return parent


def most_likely(
    n: int, infectee: ArrayLike, infector: ArrayLike, weight: ArrayLike, outside: ArrayLike
) -> Ints:
    """The forest that is shown, of arguments as of `forest`: who infected each case, -1 for nobody in the list.

    First it is asked whether anybody in the list did: not where `outside` weighs `HALF` or more. Otherwise who, which
    no source outside competes with; it comes in only where it must open a circle. Of a case with many infectors that
    are about as likely, none weighs more than the outside, and yet it was one of them.
    """
    target, other = np.asarray(infectee, np.int64), np.asarray(outside, np.float64)
    nobody = other >= HALF
    kept = ~nobody[target]
    sources, weights = np.asarray(infector, np.int64)[kept], np.asarray(weight, np.float64)[kept]
    return forest(n, target[kept], sources, weights, np.where(nobody, 1.0, other * _SELDOM))


def _edmonds(n: int, source: Ints, target: Ints, cost: Reals) -> Ints:
    """The edge (a position) by which each of `n` nodes is entered in the lightest arborescence from root `n`."""
    rounds: list[_Round] = []
    nodes = n
    while True:
        best = _cheapest_into(nodes, source, target, cost)
        label = _circles(source[best], nodes)
        if not (label >= 0).any():
            break
        number, nodes_after = _renumber(label, nodes)
        new_source, new_target = number[source], number[target]
        kept = np.flatnonzero(new_source != new_target)
        into_circle = label[target] >= 0
        reduced = np.where(into_circle, cost - cost[best[target]], cost)
        if not set(range(nodes_after)) <= set(new_target[kept].tolist()):
            # A circle that nothing enters: whoever asked sees it in what comes back.
            break
        rounds.append(_Round(target, best, kept))
        source, target, cost, nodes = new_source[kept], new_target[kept], reduced[kept], nodes_after
    for done in reversed(rounds):
        entered = done.kept[best]
        best = done.best.copy()
        best[done.target[entered]] = entered
    return best


def _cheapest_into(nodes: int, source: Ints, target: Ints, cost: Reals) -> Ints:
    order = np.lexsort((source, cost, target))
    if len(np.unique(target)) < nodes:
        raise ValueError("a case must have an infector and has none")
    return order[np.searchsorted(target[order], np.arange(nodes))]


def _circles(parent: Ints, root: int) -> Ints:
    """For each node the number of the circle that it is part of, -1 where of none. Parents: `root` ends a way."""
    label = np.full(root, -1, np.int64)
    seen = np.zeros(root, np.int64)
    above = parent.tolist()
    circles = 0
    for start in range(root):
        node = start
        while node != root and not seen[node]:
            seen[node] = start + 1
            node = above[node]
        if node != root and seen[node] == start + 1:
            while label[node] < 0:
                label[node] = circles
                node = above[node]
            circles += 1
    return label


def _renumber(label: Ints, root: int) -> tuple[Ints, int]:
    """New numbers of the nodes and of the root, with each circle drawn together into one node; how many nodes."""
    alone = label < 0
    number = np.empty(root + 1, np.int64)
    number[:root][alone] = np.arange(alone.sum())
    number[:root][~alone] = alone.sum() + label[~alone]
    count = int(alone.sum() + label.max() + 1)
    number[root] = count
    return number, count


def circle_of(parent: ArrayLike) -> list[int]:
    """The rows of a circle among infectors (-1: none), each infected by the one before it; empty if there is none."""
    above = np.asarray(parent, np.int64)
    n = len(above)
    label = _circles(np.where(above < 0, n, above), n)
    members = np.flatnonzero(label == 0)
    if not len(members):
        return []
    circle = [int(members[0])]
    while (node := int(above[circle[-1]])) != circle[0]:
        circle.append(node)
    return circle[::-1]


def generations(parent: ArrayLike) -> Ints:
    """The generation of each case: 0 without an infector, else one more than the infector's. Raises `Circle`."""
    above = np.asarray(parent, np.int64)
    if circle := circle_of(above):
        raise Circle(circle)
    depth = np.zeros(len(above), np.int64)
    at = above.copy()
    while (going := at >= 0).any():
        depth[going] += 1
        at[going] = above[at[going]]
    return depth


def clusters(parent: ArrayLike) -> Ints:
    """The first case of the tree that each case belongs to: cases of one cluster share it. Raises `Circle`."""
    above = np.asarray(parent, np.int64)
    if circle := circle_of(above):
        raise Circle(circle)
    first = np.arange(len(above))
    while (going := above[first] >= 0).any():
        first[going] = above[first[going]]
    return first
