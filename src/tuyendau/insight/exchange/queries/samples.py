"""Samples that a file of results names, with the results that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.cases.actions import ResultRow
from tuyendau.records.cases.models import TestResult
from tuyendau.records.cases.queries.samples import recordable_samples

_DEFINITE = ("positive", "negative")


@dataclass(frozen=True, slots=True)
class KnownSample:
    """A sample as an import needs it. `results` are (test, result, Ct, moment) of those that stand."""

    number: str
    public_id: str
    disease: str
    taken_at: datetime
    results: list[tuple[str, str, Decimal | None, datetime]] = field(default_factory=list)

    def has(self, row: ResultRow) -> bool:
        """Whether the very same result stands there."""
        return (row.test, row.result, row.ct, row.resulted_at) in self.results

    def definite(self, row: ResultRow) -> str:
        """A positive or negative result of the same test that is another one, "" for none."""
        if self.has(row):
            return ""
        return next(
            (result for test, result, *_rest in self.results if test == row.test and result in _DEFINITE), ""
        )


@as_program()
def samples_by_number(viewer: Viewer, numbers: Sequence[str]) -> dict[str, list[KnownSample]]:
    """The samples with these numbers whose results the viewer may record."""
    found: dict[str, list[KnownSample]] = {}
    by_id: dict[int, KnownSample] = {}
    rows = recordable_samples(viewer).filter(number__any_of=list(numbers))
    for pk, number, public_id, disease, taken_at in rows.values_list(
        "pk", "number", "public_id", "disease", "taken_at"
    ):
        by_id[pk] = KnownSample(number, public_id, disease, taken_at)
        found.setdefault(number, []).append(by_id[pk])
    results = TestResult.objects.filter(sample__id__any_of=list(by_id), corrected_by=None)
    for pk, test, result, ct, at in results.values_list("sample_id", "test", "result", "ct", "resulted_at"):
        by_id[pk].results.append((test, result, ct, at))
    return found
