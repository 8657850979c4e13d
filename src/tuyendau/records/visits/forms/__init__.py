"""What the pages about presence ask, and the rows that senders give."""

from tuyendau.records.visits.forms.pages import AbsenceForm, CorrectionForm, DayForm, InterviewForm, ScanForm

__all__ = ["AbsenceForm", "CorrectionForm", "DayForm", "InterviewForm", "ScanForm"]
