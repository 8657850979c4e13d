"""Reads of contacts: the lists for pages, and the tracing that finds them."""

from tuyendau.records.contacts.queries.lists import (
    ELSEWHERE,
    ContactFilter,
    SiteCount,
    contact_list,
    contacts_of_person,
    grade_counts,
    has_contacts,
    site_counts,
    visible_contacts,
)
from tuyendau.records.contacts.queries.tracing import Found, Staleness, find, staleness, warm_up

__all__ = [
    "ELSEWHERE",
    "ContactFilter",
    "Found",
    "SiteCount",
    "Staleness",
    "contact_list",
    "contacts_of_person",
    "find",
    "grade_counts",
    "has_contacts",
    "site_counts",
    "staleness",
    "visible_contacts",
    "warm_up",
]
