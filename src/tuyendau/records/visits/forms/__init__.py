"""What the pages about presence ask, and the rows that senders give."""

from tuyendau.records.visits.forms.pages import DayForm, ScanForm

__all__ = ["DayForm", "ScanForm"]
