"""What a result means for a case, and which results cannot be true. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tuyendau.records.cases.rules.cases import Status
from tuyendau.science.epi.diseases import Meaning
from tuyendau.science.epi.diseases.parts import Ct

ASKED_AGAIN = timedelta(days=60)
"""A positive within so long after a case was discarded is laid before somebody; later ones are another illness."""

LATEST_SAMPLE = timedelta(minutes=10)
"""The clock of a laboratory may go ahead by so much."""

OLDEST_SAMPLE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a positive does: open a case first, make it `become` a status; or wait for a decision."""

    opens: bool = False
    become: Status | None = None
    waits: bool = False


_BECOMES: dict[Meaning, dict[Status | None, Status]] = {
    Meaning.CONFIRMS: {None: Status.CONFIRMED, Status.SUSPECTED: Status.CONFIRMED, Status.PROBABLE: Status.CONFIRMED},
    Meaning.PROBABLE: {None: Status.PROBABLE, Status.SUSPECTED: Status.PROBABLE},
    Meaning.SUSPECTS: {None: Status.SUSPECTED},
    Meaning.NOTHING: {},
}  # fmt: skip


def consequence(meaning: Meaning, status: Status | None, *, discarded_lately: bool = False) -> Consequence:
    """What a positive of that meaning does to a person's open case of that `status`; None where there is none.

    A case that is further along stays as it is. Where one was discarded lately, a person decides, not the program.
    """
    become = _BECOMES[meaning].get(status)
    if status is None and discarded_lately and meaning is not Meaning.NOTHING:
        return Consequence(waits=True)
    return Consequence(opens=status is None and become is not None, become=become)


class ResultFault(StrEnum):
    """Results and samples that cannot be true."""

    TAKEN_FUTURE = "taken_future"
    TAKEN_TOO_EARLY = "taken_too_early"
    RESULTED_FUTURE = "resulted_future"
    RESULT_BEFORE_SAMPLE = "result_before_sample"
    CT_OUT_OF_RANGE = "ct_out_of_range"
    CT_WITHOUT_PCR = "ct_without_pcr"
    CT_OF_NEGATIVE = "ct_of_negative"


def fault_of_sample(taken: datetime, at: datetime) -> ResultFault | None:
    """The fault of a sample taken at `taken` and recorded at `at`, if any."""
    if taken > at + LATEST_SAMPLE:
        return ResultFault.TAKEN_FUTURE
    return ResultFault.TAKEN_TOO_EARLY if taken < at - OLDEST_SAMPLE else None


def fault_of_result(
    taken: datetime, resulted: datetime, at: datetime, *, positive: bool, ct: float | None, bounds: Ct | None
) -> ResultFault | None:
    """The first fault of a result recorded at `at`. `bounds` are those of the test's Ct, None where it has none."""
    if resulted > at + LATEST_SAMPLE:
        return ResultFault.RESULTED_FUTURE
    if resulted < taken:
        return ResultFault.RESULT_BEFORE_SAMPLE
    if ct is None:
        return None
    if bounds is None:
        return ResultFault.CT_WITHOUT_PCR
    if not bounds.least <= ct <= bounds.most:
        return ResultFault.CT_OUT_OF_RANGE
    return None if positive else ResultFault.CT_OF_NEGATIVE
