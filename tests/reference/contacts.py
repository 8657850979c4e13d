"""Contact lists and degrees recomputed from the records, slot by slot: nothing kept, nothing clever.

Meant for a few people whose visits lie on whole quarters of an hour. A slot is such a quarter, counted from 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.models import Judgement, Link, Quarantine
from tuyendau.records.contacts.queries.tracing import window_of
from tuyendau.records.people.models import Person
from tuyendau.records.visits.models import Visit
from tuyendau.science.epi.diseases import disease
from tuyendau.science.epi.settings import Setting

SLOT = 900
CLOSE, EXCLUDED = 0, 3


def slots(start: datetime, end: datetime) -> set[int]:
    """The quarters of an hour in [start, end)."""
    return set(range(int(start.timestamp()) // SLOT, int(end.timestamp()) // SLOT))


@dataclass
class Entry:
    """What a person is to a case: what tracing says, what counts, and when they met."""

    traced: int | None
    grade: int
    seconds: int
    first: datetime | None
    last: datetime | None


@dataclass
class World:
    """Everything on record, read whole."""

    at: datetime
    there: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    settings: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for visit in Visit.objects.select_related("site"):
            here = self.there.setdefault((visit.person_id, visit.site_id), set())
            here |= slots(visit.start, visit.end)
            self.settings[visit.site_id] = visit.site.setting
        self.people = set(Person.objects.values_list("pk", flat=True))
        self.cases = list(Case.objects.all())

    def met(self, one: int, other: int, within: set[int]) -> dict[int, set[int]]:
        """The slots that two people shared, by site."""
        sites = {site for person, site in self.there if person == one}
        found = {s: self.there[one, s] & self.there.get((other, s), set()) & within for s in sites}
        return {site: together for site, together in found.items() if together}

    def grade(self, shared: dict[int, set[int]], code: str, on: datetime) -> int:
        """The grade of time shared, by the policy of the disease: the nearest that any setting gives."""
        policy = disease(code).policy(on.date())
        spent: dict[int, int] = {}
        for site, together in shared.items():
            spent[self.settings[site]] = spent.get(self.settings[site], 0) + len(together) * 15
        return min(int(policy.grade(Setting(setting), minutes)) for setting, minutes in spent.items())

    def entries(self, case: Case) -> dict[int, Entry]:
        """A case's list."""
        found = {}
        for person in self.people - {case.person_id}:
            traced, together = None, set[int]()
            if case.status == CaseStatus.CONFIRMED:
                window, _ = window_of(case, at=self.at)
                shared = self.met(case.person_id, person, slots(window.start, window.end))
                if shared and (near := self.grade(shared, case.disease, self.at)) < EXCLUDED:
                    traced, together = near, set().union(*shared.values())
            links = list(Link.objects.filter(case=case, person=person, ended_at=None))
            judged = Judgement.objects.filter(case=case, person=person, withdrawn_at=None).first()
            grades = [g for g in [traced, *(link.grade for link in links)] if g is not None]
            if judged is not None and (grades or judged.grade < EXCLUDED):
                grade = judged.grade
            elif grades:
                grade = min(grades)
            else:
                continue
            firsts = [link.first for link in links if link.first]
            lasts = [link.last for link in links if link.last]
            if together:
                firsts.append(moment(min(together)))
                lasts.append(moment(max(together) + 1))
            found[person] = Entry(
                traced, grade, len(together) * SLOT, min(firsts, default=None), max(lasts, default=None)
            )
        return found

    def degrees(self, code: str) -> dict[int, tuple[int, int, datetime | None, datetime | None]]:
        """F0 and F1 of a disease: degree, through which case, and from when until when an F1 counts."""
        active = [c for c in self.cases if c.disease == code and c.status == CaseStatus.CONFIRMED]
        found: dict[int, tuple[int, int, datetime | None, datetime | None]] = {
            case.person_id: (0, case.pk, None, None) for case in sorted(active, key=lambda c: -c.pk)
        }
        days = timedelta(days=disease(code).incubation.most)
        lists = {case: self.entries(case) for case in active}
        for person in self.people - found.keys():
            near = [
                (entries[person], case, window_of(case, at=self.at)[0])
                for case, entries in lists.items()
                if person in entries and entries[person].grade == CLOSE
            ]
            if near:
                far = datetime.max.replace(tzinfo=self.at.tzinfo)
                _entry, case, _ = min(near, key=lambda n: (n[0].grade, n[0].first or far, n[1].pk))
                since = min(e.first or w.start for e, _c, w in near)
                until = max(e.last or w.end for e, _c, w in near) + days
                held = Quarantine.objects.filter(person=person).first()
                found[person] = (1, case.pk, since, min(until, held.since) if held else until)
        return found

    def met_by(self, person: int, code: str, since: datetime | None, until: datetime | None) -> set[int]:
        """Whom an F1 met closely while they counted."""
        if since is None or until is None:
            return set()
        within = slots(since, min(until, self.at))
        shared = {other: self.met(person, other, within) for other in self.people - {person}}
        return {other for other, s in shared.items() if s and self.grade(s, code, self.at) == CLOSE}


def moment(slot: int) -> datetime:
    """When a slot begins."""
    return datetime.fromtimestamp(slot * SLOT, UTC)
