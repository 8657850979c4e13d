"""What is wrong with a file, row by row, and the refusals that tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 200
"""Problems that a page or a terminal shows; all are counted."""

KEPT = 2_000
"""Problems that are kept for the list which can be downloaded, of each sort."""

_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `row` as in the file, whose first row is 1 (None: the file as a whole).

    `column` is the heading as the file has it, `message` says what is wrong and what to do, `value` what stands there.
    """

    row: int | None
    column: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        shown = {"row": self.row, "column": self.column, "message": self.message, "value": self.value}
        if self.row is None:
            return f"{self.column}: {self.message}" if self.column else self.message
        if not self.column:
            return _("Row %(row)s: %(message)s") % shown
        if not self.value:
            return _("Row %(row)s, column “%(column)s”: %(message)s") % shown
        return _("Row %(row)s, column “%(column)s”, “%(value)s”: %(message)s") % shown


class FileRefused(Exception):
    """A file cannot be taken in, and nothing of it was. `problems` in row order; `total` counts also those left out."""

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        super().__init__()
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = self.total - len(lines)
        if more > 0:
            lines.append(
                ngettext("… and %(count)s more problem.", "… and %(count)s more problems.", more)
                % {"count": more}
            )
        return "\n".join(lines)


def refused(message: str, column: str = "") -> FileRefused:
    """A refusal of the file as a whole."""
    return FileRefused([Problem(None, column, message)])


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that was taken in before: its name then, when, and the name of whoever did it."""

    name: str
    at: datetime
    by: str


class AlreadyImported(Exception):
    """The same file was taken in before, and nothing was changed now. `earlier` is None for who may not know of it."""

    def __init__(self, earlier: Earlier | None = None) -> None:
        super().__init__()
        self.earlier = earlier

    def __str__(self) -> str:
        if self.earlier is None:
            return _("This file was imported already. Nothing was changed.")
        return _(
            "This file was imported already, on %(at)s by %(by)s, under the name “%(name)s”. Nothing was changed."
        ) % {
            "at": date_format(localtime(self.earlier.at), "DATETIME_FORMAT"),
            "by": self.earlier.by,
            "name": self.earlier.name,
        }


class Problems:
    """Collects what is wrong with one file, so that the reader learns of everything at once; `kept` of each sort."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: list[Problem] = []
        self._most = kept
        self.total = 0

    @property
    def kept(self) -> list[Problem]:
        """What is wrong, in row order, as far as it is kept."""
        return sorted(self._kept, key=lambda problem: problem.row or 0)

    def add(self, row: int | None, column: str, message: str, value: object = "") -> None:
        """One problem of one cell."""
        self.total += 1
        if len(self._kept) < self._most:
            self._kept.append(Problem(row, _short(column), message, _short(value)))

    def add_where(
        self, wrong: pl.Series, rows: pl.Series, column: str, message: str, values: pl.Series | None = None
    ) -> None:
        """A problem for each row where `wrong` holds: masks and row numbers [n], texts of the cells [n] or none."""
        wrong = wrong.fill_null(False)
        count = int(wrong.sum())
        if not count:
            return
        self.total += count
        numbers = rows.filter(wrong).head(self._most).to_list()
        texts = [""] * len(numbers) if values is None else values.filter(wrong).head(self._most).to_list()
        self._kept += [
            Problem(number, _short(column), message, _short(text))
            for number, text in zip(numbers, texts, strict=True)
        ]

    def raise_any(self) -> None:
        """Raise `FileRefused` if there was any problem."""
        if self.total:
            raise FileRefused(self.kept, self.total)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
