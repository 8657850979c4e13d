"""Why a file of places is refused: each problem with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `row` as the reader counts it in the file (None: the file as a whole), `column`.

    `label` is the name of what stands in the row, if the file has one.
    """

    row: int | None
    column: str
    message: str
    label: str = ""

    def __str__(self) -> str:
        if self.row is None:
            return self.message
        if self.label:
            return _("Row %(row)s (%(name)s), column “%(column)s”: %(message)s") % {
                "row": self.row,
                "name": self.label,
                "column": self.column,
                "message": self.message,
            }
        if not self.column:
            return _("Row %(row)s: %(message)s") % {"row": self.row, "message": self.message}
        return _("Row %(row)s, column “%(column)s”: %(message)s") % {
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }


class PlacesRefused(Exception):
    """A file of units, boundaries or sites cannot be taken in; nothing of it was. `problems` says why, in row order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(sorted(problems, key=lambda p: p.row or 0))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        if more > 0:
            lines.append(
                ngettext("… and %(count)s more problem.", "… and %(count)s more problems.", more)
                % {"count": more}
            )
        return "\n".join(lines)


def refused(message: str) -> PlacesRefused:
    """A refusal of the file as a whole."""
    return PlacesRefused([Problem(None, "", message)])
