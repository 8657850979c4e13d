"""Cases, and what belongs to them."""

from tuyendau.records.cases.models.case import Case, CaseStatus, Outcome
from tuyendau.records.cases.models.sample import Effect, Result, Sample, TestResult

__all__ = ["Case", "CaseStatus", "Effect", "Outcome", "Result", "Sample", "TestResult"]
