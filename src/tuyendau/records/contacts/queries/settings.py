"""On which occasions a case met its close contacts."""

from __future__ import annotations

from collections import defaultdict

from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure
from tuyendau.records.contacts.queries.degrees import counted_grade
from tuyendau.science.epi.settings import Setting


def met_by_setting(case: Case) -> dict[str, int]:
    """How many F1 of a case were met on each kind of occasion; who was met on two counts in both.

    The kinds are the groups of `science.epi.settings`. By row ids, as `write_list` asks: see there.
    """
    listed = Contact.objects.filter(case=case, grade__lte=counted_grade(case.disease))
    numbers = list(listed.values_list("pk", flat=True))
    if not numbers:
        return {}
    people: defaultdict[str, set[int]] = defaultdict(set)
    rows = Exposure.objects.filter(contact__id__any_of=numbers).values_list("contact", "site__setting")
    for contact, setting in rows.distinct():
        people["other" if setting is None else Setting(setting).group].add(contact)
    return {group: len(those) for group, those in sorted(people.items())}
