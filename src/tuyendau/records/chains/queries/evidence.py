"""What is known of cases that met, gathered as arrays for `science.chains`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tuyendau.core.acting import as_program
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.chains import rules
from tuyendau.science.chains import Kind, Pairs, Times
from tuyendau.science.epi import Setting
from tuyendau.science.epi.times import date_to_day

UNIX = 1_577_836_800
"""Seconds from 1970 to the EPOCH of `science.epi`."""

_MET = """
SELECT j.id, i.id, x.evidence, coalesce(s.setting, %(measured)s), x.seconds, x.assumed_seconds,
    coalesce(extract(epoch FROM x.first)::bigint - %(unix)s, 0),
    coalesce(extract(epoch FROM x.last)::bigint - %(unix)s, 0), coalesce(x.site_id, -1)
FROM cases_case j
JOIN contacts_contact c ON c.person_id = j.person_id
JOIN cases_case i ON i.id = c.case_id AND i.disease = j.disease AND i.id <> j.id AND i.status <> 'discarded'
JOIN contacts_exposure x ON x.contact_id = c.id
LEFT JOIN places_site s ON s.id = x.site_id
WHERE j.id = ANY(%(infectees)s) AND NOT EXISTS (
    SELECT FROM chains_decision d WHERE d.infectee_id = j.id AND d.infector_id = i.id AND d.verdict = 'not_by'
        AND d.withdrawn_at IS NULL)
ORDER BY j.id, i.id, x.id
"""

_REPORTED = """
SELECT DISTINCT j.id, i.id FROM contacts_exposure x JOIN contacts_contact c ON c.id = x.contact_id
JOIN cases_case i ON i.id = c.case_id AND i.status <> 'discarded'
JOIN cases_case j ON j.person_id = c.person_id AND j.disease = i.disease AND j.status <> 'discarded' AND j.id <> i.id
WHERE x.evidence = 'reported' AND i.disease = %s ORDER BY j.id, i.id
"""

VISITS, ENCOUNTER, REPORTED = "visits", "encounter", "reported"


@dataclass(frozen=True, eq=False)
class Evidence:
    """Cases (row numbers of the database) and their meetings; `site` and `evidence` go with the rows of `pairs`."""

    cases: NDArray[np.int64]
    times: Times
    pairs: Pairs
    site: NDArray[np.int64]
    evidence: Sequence[str]
    dates: dict[int, rules.Dates]


def evidence_of(infectees: Iterable[int]) -> Evidence:
    """Who of the other cases of their disease met each of `infectees` in their own infectious window, and when."""
    wanted = sorted(set(infectees))
    with connection.cursor() as cursor:
        cursor.execute(_MET, {"infectees": wanted, "measured": int(Setting.MEASURED), "unix": UNIX})
        rows = cursor.fetchall()
    columns: list[Any] = (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(9)]
    )
    ids = np.unique(np.array([*wanted, *columns[1]], np.int64))
    dates = dates_of(ids.tolist())
    references = [rules.reference(dates[pk]) for pk in ids.tolist()]
    times = Times(
        np.array([date_to_day(day) for day, _ in references], np.int64),
        np.array([basis for _, basis in references], np.int8),
    )
    whole = {
        name: np.array(columns[c], np.int64) for name, c in (("infectee", 0), ("infector", 1), ("setting", 3))
    }
    pairs = Pairs(
        np.searchsorted(ids, whole["infector"]),
        np.searchsorted(ids, whole["infectee"]),
        np.array([Kind.NAMED if e == REPORTED else Kind.MET for e in columns[2]], np.int8),
        whole["setting"].astype(np.int8),
        np.array(columns[4], np.float64) / 3_600,
        np.array(columns[5], np.float64) / 3_600,
        np.array(columns[6], np.int64),
        np.array(columns[7], np.int64),
    )
    return Evidence(ids, times, pairs, np.array(columns[8], np.int64), columns[2], dates)


def dates_of(cases: Sequence[int]) -> dict[int, rules.Dates]:
    """The dates of cases, by row number."""
    found = Case.objects.filter(pk__any_of=list(cases)).values_list(
        "pk", "onset_on", "sampled_on", "result_on", "reported_on", "isolated_at"
    )
    return {
        pk: rules.Dates(onset, sampled, result, reported, isolated)
        for pk, onset, sampled, result, reported, isolated in found
    }


def living(cases: Iterable[int]) -> dict[str, list[int]]:
    """Those of `cases` that are not discarded, by disease."""
    found: dict[str, list[int]] = {}
    rows = Case.objects.filter(pk__any_of=sorted(set(cases))).exclude(status=CaseStatus.DISCARDED)
    for pk, disease in rows.order_by("pk").values_list("pk", "disease"):
        found.setdefault(disease, []).append(pk)
    return found


@as_program()
def reported_pairs(disease: str) -> list[tuple[int, int]]:
    """Pairs of cases of a disease of which somebody said that they met: row numbers, the infectee first."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, [disease])
        return [(infectee, infector) for infectee, infector in cursor.fetchall()]
