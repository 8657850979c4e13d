"""What events mean to the pages that show contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.records.cases.queries import whereabouts_of_cases
from tuyendau.records.contacts.models import Contact
from tuyendau.records.people.queries import whereabouts_of

REWRITE_LISTS = (
    "case.traced", "case.contacts_taken_back", "contact.linked", "contact.unlinked", "contact.reclassified"
)  # fmt: skip
CHANGE_A_CASE = (
    "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded", "case.dates_corrected"
)  # fmt: skip
TOLD_OF_CONTACTS = (*REWRITE_LISTS, *CHANGE_A_CASE, "contacts.reported")


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """A case's list when it is traced or classified; the lists and pages of whoever became a case or a contact."""
    cases = whereabouts_of_cases(event.subject for event in events)
    listed = _listed({e.subject for e in events if e.kind in REWRITE_LISTS})
    lists = _lists({cases[e.subject][0] for e in events if e.kind in CHANGE_A_CASE and e.subject in cases})
    found: dict[int, list[Notice]] = {}
    for event in events:
        if event.kind == "contacts.reported":
            found[event.pk] = [Notice("contacts", event.subject, Permission.CONTACT_VIEW, None)]
        elif event.subject in cases:
            person, places = cases[event.subject]
            of_case = Notice(f"contacts:{event.subject}", event.subject, Permission.CASE_VIEW, places)
            others = listed[event.subject] if event.kind in REWRITE_LISTS else lists[person]
            found[event.pk] = [of_case, *others]
    return found


def _listed(cases: set[str]) -> defaultdict[str, list[Notice]]:
    """For each case the notices to the pages of those who are in its list."""
    rows = list(
        Contact.objects.filter(case__public_id__in=cases).values_list(
            "case__public_id", "person", "person__public_id"
        )
    )
    where = whereabouts_of(person for _case, person, _public_id in rows)
    found: defaultdict[str, list[Notice]] = defaultdict(list)
    for case, person, public_id in rows:
        if person in where:
            notice = Notice(f"person:{public_id}", public_id, Permission.CONTACT_VIEW, where[person])
            found[case].append(notice)
    return found


def _lists(people: set[str]) -> defaultdict[str, list[Notice]]:
    """For each person (a public id) the notices to the lists in which they are: their badge has changed there."""
    rows = list(
        Contact.objects.filter(person__public_id__in=people).values_list(
            "case__public_id", "person", "person__public_id"
        )
    )
    where: Mapping[int, Whereabouts] = whereabouts_of(person for _case, person, _public_id in rows)
    found: defaultdict[str, list[Notice]] = defaultdict(list)
    for case, person, public_id in rows:
        if person in where:
            notice = Notice(f"contacts:{case}", public_id, Permission.CONTACT_VIEW, where[person])
            found[public_id].append(notice)
    return found
