"""Cases, and what belongs to them."""

from tuyendau.records.cases.models.case import Case, CaseStatus, Outcome
from tuyendau.records.cases.models.sample import Effect, Result, Sample, TestResult
from tuyendau.records.cases.models.version import CaseVersion

__all__ = ["Case", "CaseStatus", "CaseVersion", "Effect", "Outcome", "Result", "Sample", "TestResult"]
