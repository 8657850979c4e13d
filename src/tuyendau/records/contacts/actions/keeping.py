"""What becomes of the records that were kept long enough: contacts, the free words of cases, who people are, presence.

They stand here, at the top of the records, since what may go depends on what hangs on what. They go in this order:
contacts before the people whom they tell of. Whoever is on hold keeps everything that is theirs.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, Sample
from tuyendau.records.contacts.actions.degrees import keep_degrees_of
from tuyendau.records.contacts.models import Change, Contact, ContactVersion, Exposure, Judgement, Link
from tuyendau.records.people.models import Assignment, Identifier, Person
from tuyendau.records.visits import actions as visits
from tuyendau.records.visits.models import Visit

Held = frozenset[str]
_SAID = (Link, Judgement, Change)
NAMELESS = {"full_name": "", "folded": "", "phone": "", "address": "", "code": None, "birth_date": None}
"""What takes out who somebody was. Sex, year of birth and commune stay, for the numbers of later years."""


def _old_contacts(before: date, held: Held) -> QuerySet[Contact]:
    contacts = Contact.objects.filter(case__reported_on__lt=before)
    return contacts.exclude(person__public_id__in=held).exclude(case__person__public_id__in=held)


def _found_contacts(before: date, held: Held) -> Found:
    old = _old_contacts(before, held)
    days = old.aggregate(oldest=Min("case__reported_on"), newest=Max("case__reported_on"))
    rows = {
        "contacts_contact": old.count(),
        "contacts_exposure": Exposure.objects.filter(contact__in=old).count(),
    } | {said._meta.db_table: _old_said(said, before, held).count() for said in _SAID}
    return _found(rows, days["oldest"], days["newest"])


def _old_said(
    model: type[Link | Judgement | Change | ContactVersion], before: date, held: Held
) -> QuerySet[Any]:
    said = model._default_manager.filter(case__reported_on__lt=before)
    return said.exclude(person__public_id__in=held).exclude(case__person__public_id__in=held)


@as_program()
def remove_contacts(before: date, held: Held) -> Found:
    """Delete the contacts of cases that were reported before a day, with their exposures and what was known when."""
    found = _found_contacts(before, held)
    old = _old_contacts(before, held)
    Exposure.objects.filter(contact__in=old).delete()
    gone = set(old.values_list("person_id", flat=True))
    old.delete()
    for said in _SAID:
        _old_said(said, before, held).delete()
    # Also of those whom a later tracing had taken off the list.
    _old_said(ContactVersion, before, held).delete()
    keep_degrees_of(gone)
    return found


def _worded_cases(before: date, held: Held) -> QuerySet[Case]:
    worded = Case.objects.filter(~Q(note="") | ~Q(place_infected=""), reported_on__lt=before)
    return worded.exclude(person__public_id__in=held)


def _found_words(before: date, held: Held) -> Found:
    worded = _worded_cases(before, held)
    days = worded.aggregate(oldest=Min("reported_on"), newest=Max("reported_on"))
    return _found({"cases_case": worded.count()}, days["oldest"], days["newest"])


@as_program()
def remove_words(before: date, held: Held) -> Found:
    """Empty what was written of old cases in free words."""
    found = _found_words(before, held)
    _worded_cases(before, held).update(note="", place_infected="")
    return found


def _finished_people(before: date, held: Held) -> QuerySet[Person]:
    """People of whom something dated is known, all of it over before a day, and who are not nameless yet.

    Of whom nothing dated is known, nobody can say how old it is: they stay.
    """
    mine = OuterRef("pk")
    cases, contacts = Case.objects.filter(person=mine), Contact.objects.filter(person=mine)
    assignments = Assignment.objects.filter(person=mine)
    lasting = assignments.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=before))
    people = Person.objects.filter(
        ~Exists(cases.filter(reported_on__gte=before)),
        ~Exists(contacts),
        ~Exists(Sample.objects.filter(person=mine, taken_at__gte=clock.midnight(before))),
        ~Exists(lasting),
        Exists(cases) | Exists(assignments),
        merged_into__isnull=True,
    )
    return people.exclude(**NAMELESS).exclude(public_id__in=held)


def _found_people(before: date, held: Held) -> Found:
    people = _finished_people(before, held)
    last = people.annotate(last=Max("assignments__valid_to"), reported=Max("cases__reported_on")).aggregate(
        oldest=Min("last"), newest=Max("last"), first_case=Min("reported"), last_case=Max("reported")
    )
    rows = {
        "people_person": people.count(),
        "people_identifier": Identifier.objects.filter(person__in=people).count(),
    }
    oldest = min(filter(None, (last["oldest"], last["first_case"])), default=None)
    newest = max(filter(None, (last["newest"], last["last_case"])), default=None)
    return _found(rows, oldest, newest)


@as_program()
def remove_names(before: date, held: Held) -> Found:
    """Take out who people were of whom nothing has been known since before a day."""
    found = _found_people(before, held)
    gone = list(_finished_people(before, held).values_list("pk", flat=True))
    Identifier.objects.filter(person__in=gone).delete()
    Person.objects.filter(pk__in=gone).update(**NAMELESS)
    return found


def _first_kept_day(before: date, held: Held) -> date:
    """The first day of presence that is kept: `before`, or the first on which somebody on hold was anywhere.

    Presence goes by whole days, so that theirs keeps the days from there on for everybody.
    """
    people = Person.objects.filter(public_id__in=held)
    first = Visit.objects.filter(person__in=people).aggregate(first=Min("start"))["first"] if held else None
    return min(before, clock.local_day(first)) if first else before


@as_program()
def _found_days(before: date, held: Held) -> Found:
    before = _first_kept_day(before, held)
    old = visits.would_drop(before)
    days = Visit.objects.filter(start__lt=clock.midnight(before)).aggregate(oldest=Min("start"))
    oldest = clock.local_day(days["oldest"]) if days["oldest"] else None
    return _dropped(old, oldest, before - timedelta(days=1) if oldest else None)


def remove_days(before: date, held: Held) -> Found:
    """Drop the presence of whole days before a day."""
    with as_program():
        before = _first_kept_day(before, held)
    return _dropped(visits.drop_days_before(before, by=None, at=clock.now()), None, None)


def _dropped(what: visits.Dropped, oldest: date | None, newest: date | None) -> Found:
    rows = {
        "visits_visit": what.visits,
        "visits_encounter": what.encounters,
        "visits_batch": what.batches,
    }
    return _found(rows, oldest, newest)


def _found(rows: dict[str, int], oldest: date | None, newest: date | None) -> Found:
    return Found({table: n for table, n in rows.items() if n}, oldest, newest)


KEEPINGS = (
    Keeping("visits", _("Presence: where people were"), Act.DROP_DAYS, _found_days, remove_days),
    Keeping(
        "contacts",
        _("Contacts of cases, with where they met"),
        Act.DELETE,
        _found_contacts,
        remove_contacts,
    ),
    Keeping(
        "case_words",
        _("What was written of cases in free words"),
        Act.EMPTY,
        _found_words,
        remove_words,
    ),
    Keeping(
        "people",
        _("Who people are, once nothing is known of them any more"),
        Act.PSEUDONYMISE,
        _found_people,
        remove_names,
    ),
)
