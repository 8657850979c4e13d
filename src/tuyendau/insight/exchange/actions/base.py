"""What every importer is given and gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Viewer
from tuyendau.records.visits.models import VisitSource


class Stage(StrEnum):
    """Where an import stands, for whoever waits."""

    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read. `valid_on` None is the day of the import.

    `mapping` and `leave_out_unknown` as for `reading.read`. `source` begins the codes of cases that have none of their
    own. `skip_unknown` leaves out reported contacts of which an end is unknown.
    """

    valid_on: date | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    leave_out_unknown: bool = False
    source: str = "file"
    visit_source: VisitSource = VisitSource.FILE
    skip_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whom a row means: the person with this row id, or somebody new (None)."""

    person: int | None


@dataclass(frozen=True, slots=True)
class Task:
    """One import under way: how the file is read, who is asking (`viewer` None: the program), and when.

    Of a staged import, `rulings` say by row whom the row means, and `updates` are the rows whose changes to what is on
    record are taken over; with `keeps`, what was written is told row by row.
    """

    options: Options
    viewer: Viewer | None
    by: AbstractBaseUser | None
    at: datetime
    valid_on: date
    told: Callable[[Stage], None]
    rulings: Mapping[int, Ruling] = field(default_factory=dict)
    updates: frozenset[int] = frozenset()
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: rows of the file that were taken in, and counts by word, see `forms.words.COUNTS`.

    `made` tells by row number what was written, so that a staged import can be taken back.
    """

    rows: int
    counts: dict[str, int]
    made: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)
