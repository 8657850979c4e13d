"""What the chains need of a disease, by its code."""

from __future__ import annotations

from tuyendau.science.chains import Interval
from tuyendau.science.epi.diseases import Disease, DiseaseError
from tuyendau.science.epi.diseases import disease as disease_of

_USUAL = Interval(4.7, 2.8)
"""For a code that nobody knows, such as of a register that was closed: that of most cases here."""


def interval_of(code: str) -> Interval:
    """The serial interval of a disease."""
    known = _known(code)
    return Interval(known.serial_interval.mean, known.serial_interval.sd) if known else _USUAL


def minimal_incubation_of(code: str) -> float | None:
    """The shortest incubation of a disease in days; None where the method's own counts."""
    known = _known(code)
    return float(known.incubation.least) if known else None


def name_of(code: str, language: str) -> str:
    """What a disease is called in a language."""
    known = _known(code)
    return known.name.get(language, known.name["vi"]) if known else code


def _known(code: str) -> Disease | None:
    try:
        return disease_of(code)
    except DiseaseError:
        return None
