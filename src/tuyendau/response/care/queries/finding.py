"""Finding the person who stands in front of whoever admits them, by a number that only they are likely to give."""

from __future__ import annotations

from contextlib import suppress

from django.db.models import Q

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.lib import phones, text
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Identifier, Person

SHORTEST = 4


@as_program()
def person_by_number(viewer: Viewer, number: str, birth_year: int) -> Person | None:
    """The one person with this number who was born in that year, wherever they live; None where there is not one.

    A number is that of a case, of an identity card, of health insurance, a code by which files know people, or a
    telephone. It is to be whole. The caller puts on record that somebody was looked up. Raises `Denied`.
    """
    viewer.require(Permission.STAY_RECORD)
    written = text.clean(number)
    if len(written) < SHORTEST:
        return None
    spellings = {written, written.upper(), written.replace(" ", "").replace(".", "")}
    wanted = Q(code__in=spellings)
    wanted |= Q(pk__in=Identifier.objects.filter(value__in=spellings).values("person"))
    wanted |= Q(pk__in=Case.objects.filter(code__in=spellings).values("person"))
    with suppress(phones.PhoneRefused):
        wanted |= Q(phone=phones.normalise(written))
    found = list(Person.objects.filter(wanted, merged_into=None, birth_year=birth_year)[:2])
    return found[0] if len(found) == 1 else None


@as_program()
def proven(viewer: Viewer, public_id: str) -> Person | None:
    """A person whom the viewer found by a number just now: the caller holds the proof. Raises `Denied`."""
    viewer.require(Permission.STAY_RECORD)
    return Person.objects.select_related("unit").filter(public_id=public_id, merged_into=None).first()
