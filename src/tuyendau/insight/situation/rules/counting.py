"""Which cases count, by which date, split by what."""

from __future__ import annotations

from enum import StrEnum


class Counted(StrEnum):
    """Which cases count."""

    CONFIRMED = "confirmed"
    ALL = "all"
    """Suspected and probable ones too: whatever is not discarded."""

    @property
    def statuses(self) -> frozenset[str]:
        """The statuses that count."""
        return frozenset(
            {"confirmed"} if self is Counted.CONFIRMED else {"confirmed", "probable", "suspected"}
        )


class Basis(StrEnum):
    """The date by which cases are counted."""

    REPORTED = "reported"
    ONSET = "onset"
    SAMPLE = "sample"


class By(StrEnum):
    """What the epidemic curve is split by."""

    STATUS = "status"
    SETTING = "setting"
    FOUND = "found"
    UNIT = "unit"


class Place(StrEnum):
    """Where the person of a case belonged on the day of the report; who belongs at several counts at the first."""

    PARK = "park"
    """A company in an industrial park."""
    COMPANY = "company"
    """A company elsewhere."""
    SCHOOL = "school"
    HEALTH = "health"
    """A hospital: those who work there."""
    MARKET = "market"
    LODGING = "lodging"
    """No place of work on record: a dormitory or boarding house."""
    COMMUNITY = "community"
    """None of these."""


class Found(StrEnum):
    """What a case was when it was found."""

    QUARANTINED = "quarantined"
    """A signed order kept the person apart."""
    FOLLOWED = "followed"
    """In follow-up as a contact, without an order."""
    COMMUNITY = "community"
    """Neither: nobody knew of the person."""
