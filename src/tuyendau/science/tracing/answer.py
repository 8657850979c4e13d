"""From the search's tables to the answer: columns, and contacts in order of grade and probability."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.tracing import kernel as k
from tuyendau.science.tracing.results import Contacts, Exposures, Trace
from tuyendau.science.tracing.visits import Ints


def assembled(parts: list[tuple[int, Any]]) -> Trace:
    """The answer of all parts; each comes with the number of its first source."""
    for first, (found, _, rows, _) in parts:
        if first:
            found[:, k.C_SOURCE] += first
            rows[:, k.E_SOURCE] += first
    found, chances, rows, doses = (
        parts[0][1] if len(parts) == 1 else (np.concatenate([p[1][i] for p in parts]) for i in range(4))
    )
    order = ranked(found[:, k.C_GRADE], chances[:, 0])
    c = k.columns_of(found, order)
    contacts = Contacts(
        source=c[k.C_SOURCE],
        contact=c[k.C_CONTACT],
        degree=np.ones(len(found), np.int32),
        seconds=c[k.C_SECONDS],
        assumed_seconds=c[k.C_ASSUMED],
        first=c[k.C_FIRST],
        last=c[k.C_LAST],
        sites=c[k.C_SITES],
        grade=c[k.C_GRADE],
        probability=chances[order, 0],
    )
    e = k.columns_of(rows, np.arange(len(rows)))
    exposures = Exposures(
        source=e[k.E_SOURCE],
        contact=e[k.E_CONTACT],
        site=e[k.E_SITE],
        setting=e[k.E_SETTING],
        seconds=e[k.E_SECONDS],
        assumed_seconds=e[k.E_ASSUMED],
        first=e[k.E_FIRST],
        last=e[k.E_LAST],
        dose=doses[:, 0],
    )
    return Trace(contacts, exposures)


def ranked(grade: Ints, chance: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order by grade, then by probability from high to low; ties stay as they stand.

    The bits of a probability, read as an integer, order as it does and leave two bits free for the grade, so that
    one sort of integers serves both. The fast sort is not stable, so ties are settled after it.
    """
    below = np.float64(1.0).view(np.int64) - np.ascontiguousarray(chance).view(np.int64)
    keys = (grade.astype(np.uint64) << np.uint64(62)) | below.astype(np.uint64)
    order = np.argsort(keys)
    k.settle_ties(keys, order)
    return order


def with_degree(contacts: Contacts, degree: int, first_source: int) -> Contacts:
    """The same contacts at another degree, their sources counted from `first_source`."""
    return replace(
        contacts,
        source=contacts.source + np.int32(first_source),
        degree=np.full(len(contacts), degree, np.int32),
    )
