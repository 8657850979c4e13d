"""Writing links and where each case stands. Ruled tables take no COPY: rows come in beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tuyendau.records.chains import rules
from tuyendau.records.chains.models import Decision, Verdict
from tuyendau.records.chains.queries.evidence import UNIX, Evidence
from tuyendau.science.chains import Likely, Method, clusters, generations, most_likely

_LINKS = """
CREATE TEMPORARY TABLE chains_incoming (infectee_id bigint, infector_id bigint, rank int, weight float8, hazard float8,
    fit float8, days int, named bool, evidence text, site_id bigint, seconds bigint, first float8, last float8)
ON COMMIT DROP
"""
_FROM_LINKS = """
INSERT INTO chains_link (infectee_id, infector_id, rank, weight, hazard, fit, days, named, evidence, site_id, seconds,
    first, last)
SELECT infectee_id, infector_id, rank, weight, hazard, fit, days, named, evidence, site_id, seconds,
    to_timestamp(first), to_timestamp(last) FROM chains_incoming
"""
_STAND = """
INSERT INTO chains_standing (case_id, day, basis, weight, decided, generation, others, others_weight, method,
    computed_at)
SELECT case_id, day, basis, 1, false, 0, others, others_weight, %(method)s, %(at)s
FROM unnest(%(case)s::int[], %(day)s::date[], %(basis)s::int[], %(others)s::int[], %(others_weight)s::float8[])
    AS told (case_id, day, basis, others, others_weight)
ON CONFLICT (case_id) DO UPDATE SET day = excluded.day, basis = excluded.basis, others = excluded.others,
    others_weight = excluded.others_weight, method = excluded.method, computed_at = excluded.computed_at
"""
_MOVE = """
UPDATE chains_standing s SET infector_id = n.infector, head_id = n.head, generation = n.generation, weight = n.weight,
    decided = n.decided
FROM unnest(%(case)s::int[], %(infector)s::int[], %(head)s::int[], %(generation)s::int[], %(weight)s::float8[],
    %(decided)s::bool[]) AS n (id, infector, head, generation, weight, decided)
WHERE s.case_id = n.id AND (s.infector_id, s.head_id, s.generation, s.decided, s.weight)
    IS DISTINCT FROM (n.infector, n.head, n.generation, n.decided, n.weight)
RETURNING s.case_id
"""


def store_links(infectees: NDArray[np.int64], evidence: Evidence, likely: Likely, at: datetime) -> None:
    """Replace the links of `infectees` (row numbers) by those of `likely`, the first few of each."""
    mine = np.searchsorted(evidence.cases, infectees)
    begins = np.searchsorted(likely.infectee, likely.infectee)
    rank = np.arange(len(likely)) - begins + 1
    wanted = np.isin(likely.infectee, mine)
    kept = np.flatnonzero(wanted & (rank <= rules.KEPT))
    beyond = wanted & (rank > rules.KEPT)
    others = np.bincount(likely.infectee[beyond], minlength=len(evidence.cases))[mine]
    others_weight = np.bincount(
        likely.infectee[beyond], likely.weight[beyond], minlength=len(evidence.cases)
    )[mine]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM chains_link WHERE infectee_id = ANY(%s)", [infectees.tolist()])
        cursor.execute(_LINKS)
        with cursor.copy("COPY chains_incoming FROM STDIN") as copy:
            for row in kept.tolist():
                copy.write_row(_link(row, int(rank[row]), evidence, likely))
            counts = np.bincount(likely.infectee[kept], minlength=len(evidence.cases))
            for case, number in zip(infectees.tolist(), mine.tolist(), strict=True):
                copy.write_row(
                    (case, None, int(counts[number]) + 1, float(likely.outside[number]), 0.0, 0.0, 0, False, "", None,
                     0, None, None)
                )  # fmt: skip
        cursor.execute(_FROM_LINKS)
        cursor.execute("DROP TABLE chains_incoming")
        references = [rules.reference(evidence.dates[pk]) for pk in infectees.tolist()]
        cursor.execute(
            _STAND,
            {
                "case": infectees.tolist(),
                "day": [day for day, _ in references],
                "basis": [int(basis) for _, basis in references],
                "others": others.tolist(),
                "others_weight": others_weight.tolist(),
                "method": Method.bundled().version,
                "at": at,
            },
        )


def _link(row: int, rank: int, evidence: Evidence, likely: Likely) -> tuple[Any, ...]:
    """A row of the links, of row `row` of `likely`."""
    pairs, exposure = evidence.pairs, int(likely.exposure[row])
    site, first = int(evidence.site[exposure]), int(pairs.first[exposure])
    return (
        int(evidence.cases[likely.infectee[row]]), int(evidence.cases[likely.infector[row]]), rank,
        float(likely.weight[row]), float(likely.hazard[row]), float(likely.fit[row]), int(likely.days[row]),
        bool(likely.named[row]), evidence.evidence[exposure], site if site >= 0 else None,
        round(float(pairs.hours[exposure]) * 3_600), first + UNIX if first else None,
        int(pairs.last[exposure]) + UNIX if first else None,
    )  # fmt: skip


def store_forest(disease: str) -> int:
    """Find the most likely forest of a disease from its links and what was decided; how many cases stand elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.case_id FROM chains_standing s JOIN cases_case c ON c.id = s.case_id "
            "WHERE c.disease = %s AND c.status <> 'discarded' ORDER BY s.day, s.case_id",
            [disease],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            "SELECT l.infectee_id, l.infector_id, l.weight FROM chains_link l WHERE l.infectee_id = ANY(%s)",
            [ids],
        )
        links = cursor.fetchall()
    if not ids:
        return 0
    row_of = {pk: row for row, pk in enumerate(ids)}
    decided = _decided(row_of)
    edges = {
        (row_of[j], row_of[i]): w
        for j, i, w in links
        if i is not None and i in row_of and row_of[j] not in decided
    }
    outside = np.ones(len(ids))
    for infectee, infector, weight in links:
        if infector is None:
            outside[row_of[infectee]] = weight
    for infectee, infector in decided.items():
        outside[infectee] = 1.0 if infector is None else 0.0
        if infector is not None:
            edges[infectee, infector] = 1.0
    return _move(ids, edges, outside, set(decided))


def _move(
    ids: list[int], edges: dict[tuple[int, int], float], outside: NDArray[np.float64], decided: set[int]
) -> int:
    """Write where each case stands in the most likely forest of these edges (infectee, infector); how many moved."""
    pairs = list(edges)
    parent = most_likely(
        len(ids), [j for j, _ in pairs], [i for _, i in pairs], [edges[p] for p in pairs], outside
    )
    above = parent.tolist()
    weight = [edges[j, i] if i >= 0 else float(outside[j]) for j, i in enumerate(above)]
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "case": ids,
                "infector": [ids[i] if i >= 0 else None for i in above],
                "head": [ids[h] for h in clusters(parent).tolist()],
                "generation": generations(parent).tolist(),
                "weight": weight,
                "decided": [j in decided for j in range(len(ids))],
            },
        )
        return len(cursor.fetchall())


def _decided(row_of: dict[int, int]) -> dict[int, int | None]:
    """Infectors that were decided, by row of the infectee; of cases that are no longer there, none."""
    live = Decision.objects.filter(withdrawn_at__isnull=True, verdict=Verdict.INFECTED_BY)
    found: dict[int, int | None] = {}
    for infectee, infector in live.values_list("infectee", "infector"):
        if infectee in row_of and (infector is None or infector in row_of):
            found[row_of[infectee]] = None if infector is None else row_of[infector]
    return found
