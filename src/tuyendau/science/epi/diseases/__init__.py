"""Diseases as data: what a disease means for dates, contacts, tests and forms, each figure with date and source.

from tuyendau.science.epi.diseases import disease, diseases

measles = disease("measles")
measles.lookback_days(date(2025, 3, 1))     # 4
measles.policy(date(2025, 3, 1)).id         # "measles"
measles.test("igm").means(date(2025, 3, 1)) # Meaning.CONFIRMS
"""

from tuyendau.science.epi.diseases.criteria import Facts, Standing, criteria_met, standing
from tuyendau.science.epi.diseases.disease import Disease
from tuyendau.science.epi.diseases.loading import DiseaseError, disease, diseases, from_record
from tuyendau.science.epi.diseases.parts import (
    Criterion,
    Definition,
    Field,
    Form,
    Incubation,
    Meaning,
    Named,
    Reference,
    SerialInterval,
    TestKind,
)

__all__ = [
    "Criterion",
    "Definition",
    "Disease",
    "DiseaseError",
    "Facts",
    "Field",
    "Form",
    "Incubation",
    "Meaning",
    "Named",
    "Reference",
    "SerialInterval",
    "Standing",
    "TestKind",
    "criteria_met",
    "disease",
    "diseases",
    "from_record",
    "standing",
]
