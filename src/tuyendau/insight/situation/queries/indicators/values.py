"""The indicators of contact tracing for a place and a window, as known at any moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tuyendau.access import Viewer
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation.queries.indicators.cases import case_facts
from tuyendau.insight.situation.queries.indicators.people import Elicited, Followed, elicited, followed
from tuyendau.insight.situation.queries.indicators.words import SETTINGS, Words, words_of
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Window, before, days_of
from tuyendau.insight.situation.rules import indicators as rules
from tuyendau.insight.situation.rules.indicators import CaseFacts, Definition, Tally


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator on one day of its window."""

    day: date
    counted: Tally


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: what it is, what it came to in the window, in as many days before it, and on each of its days.

    `parts` are counts of what must come together for the numerator. `missed` is how many stand in the list behind it.
    `settings` are the same by the kind of occasion on which contacts were met, where that is counted.
    """

    definition: Definition
    words: Words
    counted: Tally
    before: Tally
    trend: tuple[Point, ...]
    parts: tuple[tuple[str, int], ...] = ()
    missed: int = 0
    settings: tuple[tuple[str, Tally], ...] = ()

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return self.definition.code

    @property
    def value(self) -> float | None:
        """Its value in its unit of measure; None where nothing can be said."""
        return self.counted.value

    @property
    def meets(self) -> bool | None:
        """Whether the value is as its source asks; None where the source names no target."""
        return rules.meets(self.definition, self.value)

    @property
    def better(self) -> bool | None:
        """Whether it is better than in the window before; None where it is the same, or neither way is better."""
        now, then = self.value, self.before.value
        if now is None or then is None or now == then or self.definition.goal is rules.Goal.NONE:
            return None
        return (now > then) is (self.definition.goal is rules.Goal.HIGH)


def indicators(
    viewer: Viewer, at: datetime, unit: Unit | None, window: Window, disease: str = ""
) -> list[Indicator]:
    """Every indicator as known at `at`, for what the viewer reaches and, of that, for `unit`. Raises `Denied`.

    Five statements, whatever is asked. Numbers of a past moment are those that stood then.
    """
    of = Scope(viewer, at, unit, disease)
    whole = Window(before(window).first, window.last)
    cases, contacts, seen = case_facts(of, whole), elicited(of, window), followed(of, whole, window.first)
    asked = _Asked(at, window, cases, contacts, seen)
    return [asked.indicator(definition) for definition in rules.DEFINITIONS.values()]


class _Asked:
    """What was read, and the indicators that come of it."""

    def __init__(
        self,
        at: datetime,
        window: Window,
        cases: Sequence[CaseFacts],
        contacts: tuple[Mapping[date, Elicited], Elicited],
        seen: tuple[Mapping[date, Followed], int],
    ) -> None:
        self.at, self.window = at, window
        self.cases = [case for case in cases if case.reported in window]
        self.cases_before = [case for case in cases if case.reported in before(window)]
        self.by_day: defaultdict[date, list[CaseFacts]] = defaultdict(list)
        for case in self.cases:
            self.by_day[case.reported].append(case)
        self.contacts, self.contacts_before = contacts
        self.seen, self.unseen = seen
        self.all_contacts = Elicited()
        for one in self.contacts.values():
            self.all_contacts.add(one)

    def indicator(self, definition: Definition) -> Indicator:
        """One of them."""
        made = {
            "quarantined": self._quarantined,
            "followed": self._followed,
            "interviews_needed": self._needed,
            "contacts": self._contacts,
        }.get(definition.code, self._of_cases)
        return made(definition)

    def _of_cases(self, definition: Definition) -> Indicator:
        code, at = definition.code, self.at
        return self._told(
            definition,
            rules.count_cases(code, self.cases, at),
            rules.count_cases(code, self.cases_before, at),
            {day: rules.count_cases(code, self.by_day[day], at) for day in days_of(self.window)},
            parts=self._interviewed_parts() if code == "interviewed" else (),
            missed=sum(rules.missed(code, case, at) for case in self.cases),
        )

    def _contacts(self, definition: Definition) -> Indicator:
        found = rules.by_setting(self.cases)
        settings = tuple((str(SETTINGS[group]), counted) for group, counted in found.items())
        return replace(self._of_cases(definition), settings=settings)

    def _interviewed_parts(self) -> tuple[int, ...]:
        due = [case for case in self.cases if case.due_by <= self.at]
        asked = sum(case.interviewed_at is not None and case.interviewed_at <= case.due_by for case in due)
        apart = sum(case.isolated_at is not None and case.isolated_at <= case.due_by for case in due)
        return asked, apart

    def _quarantined(self, definition: Definition) -> Indicator:
        def of(one: Elicited) -> Tally:
            return rules.share(one.both, one.due, waiting=one.waiting)

        every = self.all_contacts
        return self._told(
            definition,
            of(every),
            of(self.contacts_before),
            {day: of(self.contacts.get(day, Elicited())) for day in days_of(self.window)},
            parts=(every.told, every.apart),
            missed=every.due - every.both,
        )

    def _followed(self, definition: Definition) -> Indicator:
        def of(window: Window) -> Tally:
            days = [one for day, one in self.seen.items() if day in window]
            return rules.share(sum(one.seen for one in days), sum(one.due for one in days))

        days = {day: of(Window(day, day)) for day in days_of(self.window)}
        return self._told(definition, of(self.window), of(before(self.window)), days, missed=self.unseen)

    def _needed(self, definition: Definition) -> Indicator:
        def of(cases: Sequence[CaseFacts], contacts: Elicited) -> Tally:
            return rules.ratio(sum(case.interviewed_at is not None for case in cases), contacts.ever)

        return self._told(
            definition,
            of(self.cases, self.all_contacts),
            of(self.cases_before, self.contacts_before),
            {day: of(self.by_day[day], self.contacts.get(day, Elicited())) for day in days_of(self.window)},
            missed=sum(rules.missed("interviews_needed", case, self.at) for case in self.cases),
        )

    def _told(
        self,
        definition: Definition,
        counted: Tally,
        earlier: Tally,
        days: Mapping[date, Tally],
        *,
        parts: Sequence[int] = (),
        missed: int = 0,
    ) -> Indicator:
        words = words_of(definition.code)
        return Indicator(
            definition,
            words,
            counted,
            earlier,
            tuple(Point(day, one) for day, one in days.items()),
            tuple((str(word), count) for word, count in zip(words.parts, parts, strict=True)),
            missed,
        )
