"""Pages of contacts: the list of a case, one contact, the list over all cases, F2 and further."""

from tuyendau.records.contacts.views.across import across, export_across
from tuyendau.records.contacts.views.contact import contact, judge, link, unlink, withdraw
from tuyendau.records.contacts.views.further import further_of_case
from tuyendau.records.contacts.views.lists import (
    changes,
    columns,
    export,
    list_of_case,
    of_person,
    seen,
    summary_of_case,
    trace_again,
)

__all__ = [
    "across",
    "changes",
    "columns",
    "contact",
    "export",
    "export_across",
    "further_of_case",
    "judge",
    "link",
    "list_of_case",
    "of_person",
    "seen",
    "summary_of_case",
    "trace_again",
    "unlink",
    "withdraw",
]
