"""Cases from a file: a line list with a row for each case, or counts of unnamed cases by day and commune.

A row belongs to a person already known only where it gives that person's code or identity number, or where somebody
ruled so: two people of one name are two people. A case without a code of its own gets one that follows from its row,
so that the same rows again are the same cases.
"""

from tuyendau.insight.exchange.actions.cases.checking import Checked, check_cases
from tuyendau.insight.exchange.actions.cases.writing import import_cases, write_cases

__all__ = ["Checked", "check_cases", "import_cases", "write_cases"]
