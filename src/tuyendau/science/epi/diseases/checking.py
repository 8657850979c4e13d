"""Checks of a disease's data: every figure has its source, and what names something names something known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuyendau.science.epi.diseases.disease import Disease

VERIFIED = ("yes", "partial", "memory", "assumed")

# Bounds of what may be typed, not figures of the disease.
_NO_FIGURES = {"form"}


class DiseaseError(ValueError):
    """Data of a disease that cannot be used; the message says where and why."""


def check_sources(record: dict[str, Any], where: str) -> None:
    """Every number lies inside an entry that tells `source` and `verified`. Raises DiseaseError naming the place."""
    for key, value in record.items():
        if key not in _NO_FIGURES:
            _walk(value, f"{where}: {key}", sourced=False)


def _walk(value: Any, where: str, *, sourced: bool) -> None:
    if isinstance(value, dict):
        if "source" in value or "verified" in value:
            if not value.get("source") or value.get("verified") not in VERIFIED:
                known = ", ".join(VERIFIED)
                raise DiseaseError(f"{where}: needs a source, and verified as one of {known}")
            sourced = True
        for key, each in value.items():
            _walk(each, f"{where}: {key}", sourced=sourced)
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            _walk(each, f"{where} {number}", sourced=sourced)
    elif isinstance(value, int | float) and not isinstance(value, bool) and not sourced:
        raise DiseaseError(f"{where}: the figure {value} has no source")


def check_references(disease: Disease, where: str) -> None:
    """What the data name is there: symptoms, specimens, tests, criteria, answers, sections, policies.

    Raises DiseaseError, or PolicyError for a policy that does not come with the program.
    """
    symptoms = {s.code for s in disease.symptoms}
    tests = {t.code for t in disease.tests}
    fields = {f.code: f for f in disease.form.fields}
    if disease.reference.symptom is not None:
        _known([disease.reference.symptom], symptoms, f"{where}: reference: symptom")
    for test in disease.tests:
        _known(test.specimens, {s.code for s in disease.specimens}, f"{where}: test {test.code}: specimen")
    for criterion in disease.criteria:
        place = f"{where}: criterion {criterion.code}"
        _known(criterion.symptoms, symptoms, f"{place}: symptom")
        _known(criterion.positive, tests, f"{place}: test")
        _known(criterion.answers, fields, f"{place}: question")
    criteria = {c.code for c in disease.criteria}
    for entry in disease.all_definitions:
        for definition in entry.value:
            for way in definition.ways:
                _known(way, criteria, f"{where}: definition {definition.status}: criterion")
    sections = {s.code for s in disease.form.sections}
    _known([f.section for f in disease.form.fields], sections, f"{where}: form: section")
    for policy in disease.policies:
        disease.policy(policy.effective_from)


def _known(codes: Iterable[str], known: Iterable[str], what: str) -> None:
    allowed = set(known)
    for code in codes:
        if code not in allowed:
            raise DiseaseError(f"{what} {code!r} is none of {', '.join(sorted(allowed))}")
