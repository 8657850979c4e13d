"""A staged file read once more, as its plan says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.text import slugify

from tuyendau.access import Viewer
from tuyendau.insight.exchange.actions import cases, contacts, people, results
from tuyendau.insight.exchange.actions.base import Options, Outcome, Ruling, Task
from tuyendau.insight.exchange.forms.layout import Layout, lay_out
from tuyendau.insight.exchange.forms.limits import WEB
from tuyendau.insight.exchange.forms.planned import planned
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.forms.specs import SPECS, Spec
from tuyendau.insight.exchange.models import StagedImport
from tuyendau.insight.exchange.rules.plans import Plan
from tuyendau.lib.text import fold

_SOURCE = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A staged import with its table; `sheet()` reads it anew each time, with no problems yet."""

    staged: StagedImport
    spec: Spec
    plan: Plan
    layout: Layout

    def sheet(self, at: datetime) -> Sheet:
        """The rows as the plan says."""
        return planned(self.spec, self.layout, self.plan, at)


def opened(staged: StagedImport) -> Opened:
    """The table of a staged import. Raises StagedFile.DoesNotExist once the file is no longer kept."""
    spec, plan = SPECS[staged.kind], Plan.of(staged.plan)
    layout = lay_out(spec, bytes(staged.file.data), WEB, plan)
    return Opened(staged, spec, plan, layout)


def task_of(
    staged: StagedImport,
    *,
    viewer: Viewer,
    by: AbstractBaseUser | None,
    at: datetime,
    rulings: Mapping[int, Ruling],
    updates: frozenset[int] = frozenset(),
) -> Task:
    """What the importers are given: the same as of a file that is taken in whole."""
    options = Options(
        valid_on=staged.valid_on, source=slugify(fold(staged.label))[:_SOURCE].strip("-") or "file"
    )
    return Task(options, viewer, by, at, staged.valid_on, lambda stage: None, rulings, updates, keeps=True)


CHECKS: Mapping[str, Callable[[Sheet, Task], Any]] = {
    "cases": cases.check_cases,
    "people": people.check_people,
    "contacts": contacts.check_contacts,
    "results": results.check_results,
}
WRITES: Mapping[str, Callable[[int, Any, Task], Outcome]] = {
    "cases": cases.write_cases,
    "people": lambda rows, checked, task: people.write_people(checked, task),
    "contacts": lambda rows, checked, task: contacts.write_contacts(checked, task),
    "results": lambda rows, checked, task: results.write_results(checked, task),
}
