"""Reads of contacts: the lists for pages, and the tracing that finds them."""

from tuyendau.records.contacts.queries.degrees import Followed, counted_grade, followed
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
from tuyendau.records.contacts.queries.said import (
    contacts_in_reach,
    judgements_in_reach,
    linkable_cases,
    linkable_people,
    links_in_reach,
)
from tuyendau.records.contacts.queries.tracing import Found, Staleness, find, staleness, warm_up

__all__ = [
    "ELSEWHERE",
    "ContactFilter",
    "Followed",
    "Found",
    "SiteCount",
    "Staleness",
    "contact_list",
    "contacts_in_reach",
    "contacts_of_person",
    "counted_grade",
    "find",
    "followed",
    "grade_counts",
    "has_contacts",
    "judgements_in_reach",
    "linkable_cases",
    "linkable_people",
    "links_in_reach",
    "site_counts",
    "staleness",
    "visible_contacts",
    "warm_up",
]
