"""Slow and obvious: the indicators of contact tracing by going through every version, event, sample and check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseVersion, Sample
from tuyendau.records.chains.models import Decision
from tuyendau.records.contacts.models import ContactVersion
from tuyendau.records.followup.models import Check, FollowUpVersion
from tuyendau.records.orders.models import OrderVersion
from tuyendau.records.people.models import Merge, Person, PersonVersion

DAY = timedelta(days=1)
ANSWERED = ("well", "symptomatic", "tested")


@dataclass
class Told:
    """What an indicator comes to."""

    numerator: float | None
    denominator: int
    value: float | None
    waiting: int = 0
    unknown: int = 0


def quartiles(values: Iterable[int]) -> tuple[float, float, float] | None:
    """By linear interpolation between the ordered values."""
    ordered = sorted(values)
    if not ordered:
        return None

    def at(part: float) -> float:
        place = part * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return at(0.25), at(0.5), at(0.75)


class Slow:
    """Everything that was known at `at`, for the units of those row numbers, and of no unit where `nowhere`."""

    def __init__(self, at: datetime, units: set[int], nowhere: bool, first: date, last: date) -> None:
        self.at, self.units, self.nowhere, self.first, self.last = at, units, nowhere, first, last
        self.case_versions = list(CaseVersion.objects.all())
        self.contact_versions = list(ContactVersion.objects.all())
        self.cases = [v for v in self.case_versions if self.stood(v)]
        self.listed = [v for v in self.contact_versions if self.stood(v)]
        self.orders = [
            v
            for v in OrderVersion.objects.all()
            if self.stood(v) and v.kind == "quarantine" and v.state in ("signed", "lifted", "superseded")
        ]
        self.followups = [v for v in FollowUpVersion.objects.all() if self.stood(v)]
        self.checks = [
            k
            for k in Check.objects.all()
            if k.recorded_at <= at
            and (k.withdrawn_at is None or k.withdrawn_at > at)
            and k.result in ANSWERED
        ]
        self.window = [
            v
            for v in self.cases
            if v.status == "confirmed" and first <= v.reported_on <= last and self.counts(v.unit_id)
        ]

    def stood(self, version: Any, at: datetime | None = None) -> bool:
        moment = at or self.at
        return version.since <= moment and (version.until is None or version.until > moment)

    def counts(self, unit: int | None) -> bool:
        return self.nowhere if unit is None else unit in self.units

    def home(self, person: int) -> int | None:
        for v in PersonVersion.objects.filter(row=person):
            if (v.since is None or v.since <= self.at) and v.until is not None and v.until > self.at:
                return v.unit_id
        return Person.objects.get(pk=person).unit_id

    def now_called(self, person: int | None) -> int | None:
        """Who somebody turned out to be by `at`."""
        for merge in Merge.objects.all():
            if (
                merge.merged_id == person
                and merge.at <= self.at
                and (merge.undone_at is None or merge.undone_at > self.at)
            ):
                return self.now_called(merge.survivor_id)
        return person

    def entered(self, case: Any) -> datetime:
        return min(v.since for v in self.case_versions if v.row == case.row)

    def told(self, case: Any) -> tuple[datetime, bool]:
        """When a case was reported, and whether the hour is known."""
        entered = self.entered(case)
        if clock.local_day(entered) == case.reported_on:
            return entered, True
        return clock.midnight(case.reported_on), False

    def due(self, case: Any) -> datetime:
        moment, exact = self.told(case)
        return moment + DAY if exact else moment + 2 * DAY

    def ill(self, case: Any) -> date:
        for day in (case.onset_on, case.sampled_on, case.result_on):
            if day is not None:
                return day
        return case.reported_on

    def interviewed(self, case: Any) -> datetime | None:
        public_id = Case.objects.get(pk=case.row).public_id
        return min(
            (
                e.at
                for e in Event.objects.all()
                if e.kind == "interview.finished" and e.subject == public_id and e.at <= self.at
            ),
            default=None,
        )

    def f1(self, case: Any) -> set[int]:
        return {k.person_id for k in self.listed if k.case_id == case.row and k.grade == 0}

    def share(self, answers: Iterable[bool | None]) -> Told:
        held = list(answers)
        known = [answer for answer in held if answer is not None]
        done = sum(known)
        return Told(
            done, len(known), 100 * done / len(known) if known else None, unknown=len(held) - len(known)
        )

    def reported(self) -> Told:
        return self.share(self._reported(case) for case in self.window)

    def _reported(self, case: Any) -> bool | None:
        if case.sampled_on is None:
            return None
        taken = [
            s.taken_at
            for s in Sample.objects.filter(case=case.row)
            if s.recorded_at <= self.at and clock.local_day(s.taken_at) == case.sampled_on
        ]
        moment, exact = self.told(case)
        if exact and taken:
            return moment - min(taken) <= DAY
        return (case.reported_on - case.sampled_on).days <= 1

    def interviewed_in_time(self) -> Told:
        due = [case for case in self.window if self.due(case) <= self.at]
        found = self.share(
            (self.interviewed(case) or self.at + DAY) <= self.due(case)
            and (case.isolated_at or self.at + DAY) <= self.due(case)
            for case in due
        )
        found.waiting = len(self.window) - len(due)
        return found

    def no_contacts(self) -> Told:
        return self.share(not self.f1(case) for case in self.window)

    def known(self) -> Told:
        return self.share(self._known(case) for case in self.window)

    def _known(self, case: Any) -> bool:
        moment, _exact = self.told(case)
        diseases = {v.row: v.disease for v in self.cases}
        for k in self.contact_versions:
            if k.case_id == case.row or diseases.get(k.case_id) != case.disease:
                continue
            before = k.since < moment and (k.until is None or k.until >= moment)
            if before and self.now_called(k.person_id) == case.person_id:
                return True
        return False

    def apart(self) -> Told:
        def held(case: Any) -> bool:
            ill = self.ill(case)
            return any(
                o.person_id == case.person_id
                and o.disease == case.disease
                and o.starts_on <= ill < o.over_from
                and clock.local_day(o.signed_at) <= ill
                for o in self.orders
            )

        return self.share(held(case) for case in self.window)

    def unlinked(self) -> Told:
        return self.share(not self._linked(case) for case in self.window)

    def _linked(self, case: Any) -> bool:
        decided = [
            d
            for d in Decision.objects.filter(infectee=case.row)
            if d.at <= self.at and (d.withdrawn_at is None or d.withdrawn_at > self.at)
        ]
        by = [d.infector_id for d in decided if d.verdict == "infected_by"]
        if by:
            return by[0] is not None
        excluded = {d.infector_id for d in decided if d.verdict == "not_by"}
        for other in self.cases:
            earlier = (self.ill(other), other.row) < (self.ill(case), case.row)
            if (
                other.status not in ("confirmed", "probable")
                or other.disease != case.disease
                or not earlier
                or other.row in excluded
            ):
                continue
            for k in self.listed:
                if (k.case_id, k.person_id) in (
                    (other.row, case.person_id),
                    (case.row, other.person_id),
                ):
                    return True
        return False

    def contacts(self) -> tuple[float, float, float] | None:
        return quartiles(len(self.f1(case)) for case in self.window)

    def met_on(self, group: str) -> tuple[float, float, float] | None:
        """Contacts on one kind of occasion, over the cases that met anybody on it."""
        counts = []
        for case in self.window:
            public_id = Case.objects.get(pk=case.row).public_id
            told = [
                e
                for e in Event.objects.all()
                if e.subject == public_id and "settings" in e.data and e.at <= self.at
            ]
            if told:
                counts.append(max(told, key=lambda e: (e.at, e.pk)).data["settings"].get(group, 0))
        return quartiles(count for count in counts if count)

    def onset_to_result(self) -> tuple[float, float, float] | None:
        return quartiles(
            (case.result_on - case.onset_on).days
            for case in self.window
            if case.onset_on and case.result_on and case.onset_on <= case.result_on
        )

    def result_to_interview(self) -> tuple[float, float, float] | None:
        found = [(case.result_on, self.interviewed(case)) for case in self.window]
        return quartiles(
            max((clock.local_day(asked) - day).days, 0)
            for day, asked in found
            if day is not None and asked is not None
        )

    def elicited(self) -> list[tuple[int, str, datetime]]:
        """Each contact of the window once: person, disease, when they were listed."""
        first: dict[tuple[int, str], datetime] = {}
        for k in self.listed:
            for case in self.cases:
                inside = self.first <= clock.local_day(k.listed_at) <= self.last
                if case.row == k.case_id and case.status == "confirmed" and k.grade == 0 and inside:
                    key = (k.person_id, case.disease)
                    first[key] = min(first.get(key, k.listed_at), k.listed_at)
        found = []
        for (person, disease), listed in first.items():
            case_already = any(
                c.person_id == person
                and c.disease == disease
                and c.status == "confirmed"
                and c.reported_on <= clock.local_day(listed) + DAY
                for c in self.cases
            )
            if not case_already and self.counts(self.home(person)):
                found.append((person, disease, listed))
        return found

    def orders_of(self, person: int, disease: str, listed: datetime) -> list[Any]:
        return [
            o
            for o in self.orders
            if o.person_id == person and o.disease == disease and o.over_from > clock.local_day(listed)
        ]

    def quarantined(self) -> Told:
        answers: list[bool] = []
        waiting = 0
        for person, disease, listed in self.elicited():
            due = listed + DAY
            if due > self.at:
                waiting += 1
                continue
            mine = {f.row for f in self.followups if f.person_id == person and f.disease == disease}
            told = any(k.followup_id in mine and listed <= k.at <= due for k in self.checks)
            held = any(
                o.signed_at <= due and o.starts_on <= clock.local_day(due)
                for o in self.orders_of(person, disease, listed)
            )
            answers.append(told and held)
        found = self.share(answers)
        found.waiting = waiting
        return found

    def interviews_needed(self) -> Told:
        asked = sum(self.interviewed(case) is not None for case in self.window)
        held = sum(bool(self.orders_of(*one)) for one in self.elicited())
        return Told(asked, held, asked / held if held else None)

    def followed(self) -> Told:
        answers: list[bool] = []
        for f in self.followups:
            if f.degree != 1 or not self.counts(self.home(f.person_id)):
                continue
            for n in range((self.last - self.first).days + 1):
                day = self.first + n * DAY
                ended = f.ended_at is not None and day >= clock.local_day(f.ended_at)
                if day >= clock.local_day(self.at) or not f.began_on <= day <= f.last_day or ended:
                    continue
                answers.append(any(k.followup_id == f.row and k.day == day for k in self.checks))
        return self.share(answers)
