"""What the chains need of a disease."""

from __future__ import annotations

from tuyendau.science.chains import Interval

_USUAL = Interval(4.7, 2.8)
_KNOWN = {"covid19": _USUAL, "measles": Interval(11.7, 2.3)}


def interval_of(disease: str) -> Interval:
    """The serial interval of a disease by its code."""
    return _KNOWN.get(disease, _USUAL)


def minimal_incubation_of(disease: str) -> float | None:
    """The shortest incubation of a disease in days; None where the method's own counts."""
    return None


def name_of(disease: str, language: str) -> str:
    """What a disease is called in a language."""
    return disease
