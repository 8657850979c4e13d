"""Cases, and what belongs to them."""

from tuyendau.records.cases.models.case import Case, CaseStatus, Outcome

__all__ = ["Case", "CaseStatus", "Outcome"]
