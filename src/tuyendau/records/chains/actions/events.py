"""What happens to cases and contacts and moves their chains: noted in the same transaction, computed by the worker."""

from __future__ import annotations

from contextlib import suppress

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event
from tuyendau.records.cases.models import Case
from tuyendau.records.chains import tasks
from tuyendau.records.chains.actions.computing import mark, missing
from tuyendau.records.people.actions import moving

OF_A_CASE = (
    "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded", "case.dates_corrected",
    "case.edited", "case.traced", "case.contacts_taken_back", "contact.linked", "contact.unlinked",
    "contact.reclassified",
)  # fmt: skip
"""Events whose subject is the case."""

# Cases that somebody named as a contact of another case, and whose link to it is not weighed with that yet.
_NAMED = """
INSERT INTO chains_waiting (case_id)
SELECT DISTINCT j.id FROM contacts_exposure x JOIN contacts_contact c ON c.id = x.contact_id
JOIN cases_case i ON i.id = c.case_id JOIN cases_case j ON j.person_id = c.person_id AND j.disease = i.disease
WHERE x.evidence = 'reported' AND NOT EXISTS (
    SELECT FROM chains_link l WHERE l.infectee_id = j.id AND l.infector_id = i.id AND l.named)
"""


def on_case(event: Event) -> None:
    """Note the case of an event."""
    mark(Case.objects.filter(public_id=event.subject).values_list("pk", flat=True))
    _call()


def on_imported(event: Event) -> None:
    """Note the cases of a list that was imported: those that stand in no chain yet."""
    mark(missing())
    _call()


@as_program()
def on_named(event: Event) -> None:
    """Note the cases that were named as contacts."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED)
    _call()


def on_published(event: Event) -> None:
    """The links of a published list wait already: have them computed."""
    _call()


def on_person(event: Event) -> None:
    """After a merge, or its undoing, the cases of both people have other contacts."""
    merge = moving.merge_of(event)
    people = {merge.merged_id, merge.survivor_id, moving.survivor_of(merge.survivor_id)}
    mark(Case.objects.filter(person__in=people).values_list("pk", flat=True))
    _call()


def _call() -> None:
    """Have the worker compute as soon as this transaction is committed; one call is enough for many changes."""
    transaction.on_commit(_defer, robust=True)


def _defer() -> None:
    # After the commit the asker acts again, who may put nothing into the queue.
    with suppress(AlreadyEnqueued), as_program():
        tasks.compute.defer()
