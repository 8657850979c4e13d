"""How a table stands in a file: on which sheet, under which row or rows of headings, and what each column may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from tuyendau.insight.exchange.forms import limits as guard
from tuyendau.insight.exchange.forms import workbooks
from tuyendau.insight.exchange.forms.limits import Limits
from tuyendau.insight.exchange.forms.problems import refused
from tuyendau.insight.exchange.forms.specs import Spec, key
from tuyendau.insight.exchange.forms.tables import HEADER_WITHIN, ROW, is_workbook, raw_table
from tuyendau.insight.exchange.forms.words import SEX, STATUS
from tuyendau.insight.exchange.rules.plans import LEFT_OUT, OPEN, PART, Plan
from tuyendau.lib.text import fold

ERROR_HEADING = "Lỗi"
"""The column in which a file of bad rows says what is wrong; passed over when the file comes back."""

BETWEEN = " – "
_SAMPLES = 3
_NEAR = 86
_MOST_OF = 0.8
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """A table found in a file.

    `sheets` are the names of all sheets, `sheet` the one that was taken. `header` are the first and last row of the
    headings, from 1; `heads` one heading a column, of two rows joined. `body` are the rows below, with `ROW`.
    """

    sheets: tuple[str, ...]
    sheet: int
    header: tuple[int, int]
    heads: tuple[str, ...]
    body: pl.DataFrame
    workbook: bool

    def samples(self, column: int) -> list[str]:
        """The first different values of a column."""
        return self.body[str(column)].drop_nulls().unique(maintain_order=True).head(_SAMPLES).to_list()

    def filled(self, column: int) -> bool:
        """Whether anything stands in a column."""
        return self.body[str(column)].null_count() < self.body.height


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may be, and whether that is certain enough to go on without asking."""

    name: str
    sure: bool


def lay_out(spec: Spec, data: bytes, limits: Limits, plan: Plan) -> Layout:
    """Find the table of a kind in a file, on the sheet and under the headings that `plan` names, if it does.

    Raises `FileRefused` where nothing can be read.
    """
    names: tuple[str, ...] = ()
    sheet = plan.sheet or 0
    if is_workbook(data):
        guard.refuse_workbook(data, limits)
        names = workbooks.sheet_names(data)
        if plan.sheet is None and len(names) > 1:
            heads = workbooks.heads(data)
            sheet = max(range(len(heads)), key=lambda index: (_score_of(spec, heads[index][1]), -index))
    cells, workbook = raw_table(data, limits, min(sheet, max(len(names) - 1, 0)), looked_at=True)
    header = plan.header or find_header(spec, cells)
    first, last = header[0] - 1, min(header[1], cells.height) - 1
    body = cells.slice(last + 1)
    body = body.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    if not body.height:
        raise refused(_("The file has headings but no rows."))
    return Layout(
        names, sheet, (first + 1, last + 1), tuple(joined_heads(cells, first, last)), body, workbook
    )


def _score_of(spec: Spec, frame: pl.DataFrame) -> int:
    if not frame.width or not frame.height:
        return -1
    cells = frame.with_row_index(ROW)
    return max(
        (_score(spec, joined_heads(cells, row, row)) for row in range(min(cells.height, HEADER_WITHIN))),
        default=0,
    )


def find_header(spec: Spec, cells: pl.DataFrame) -> tuple[int, int]:
    """The first and last row of the headings, from 1: of two rows where they know more columns than either alone."""
    best, most = None, -1
    top = min(cells.height, HEADER_WITHIN)
    for row in range(top):
        heads = joined_heads(cells, row, row)
        if not any(heads):
            continue
        score = _score(spec, heads)
        if best is None or (score >= 2 and score > most):
            best, most = (row, row), score
    if best is None:
        raise refused(_("The file is empty."))
    for row in (best[0] - 1, best[0]):
        if row >= 0 and row + 1 < top and _two_rows(cells, row):
            score = _score(spec, joined_heads(cells, row, row + 1))
            if score > most:
                best, most = (row, row + 1), score
    return best[0] + 1, best[1] + 1


def _two_rows(cells: pl.DataFrame, row: int) -> bool:
    """Whether the row below may go on with the headings: it holds words, and no number or date."""
    below = [cell for cell in cells.row(row + 1)[1:] if cell]
    above = [cell for cell in cells.row(row)[1:] if cell]
    return len(above) >= 2 and bool(below) and not any(any(c.isdigit() for c in cell) for cell in below)


def _score(spec: Spec, heads: list[str]) -> int:
    """How many columns of the kind the headings name."""
    return len({name for head in heads if (name := known(spec, head))})


def joined_heads(cells: pl.DataFrame, first: int, last: int) -> list[str]:
    """One heading a column, from the rows `first` to `last`, from 0. One that stands over several counts for each."""
    bottom = [cell or "" for cell in cells.row(last)[1:]]
    if first == last:
        return bottom
    above = [cell or "" for cell in cells.row(first)[1:]]
    heads, over = [], ""
    for high, low in zip(above, bottom, strict=True):
        over = high or (over if low else "")
        heads.append(
            low if not over or key(over) == key(low) else over if not low else f"{over}{BETWEEN}{low}"
        )
    return heads


def known(spec: Spec, head: str) -> str | None:
    """The field that a heading stands for: itself, or of two rows both together, or the lower one."""
    high, between, low = head.partition(BETWEEN)
    if not between:
        return spec.field_of(head)
    part = _part(spec, high, low)
    return part or spec.field_of(f"{high} {low}") or spec.field_of(low) or spec.field_of(f"{low} {high}")


_DAY_WORDS = {"ngay": "day", "day": "day", "thang": "month", "month": "month", "nam": "year", "year": "year"}


def _part(spec: Spec, high: str, low: str) -> str | None:
    """A column of a date that stands in three: "Ngày khởi phát – tháng"."""
    whole, part = spec.field_of(high), _DAY_WORDS.get(fold(low))
    return f"{whole}{PART}{part}" if whole in spec.days and part else None


def guesses(spec: Spec, layout: Layout, remembered: Mapping[str, str]) -> list[Guess]:
    """What each column is: as it was said before of a heading, by its name, by a name that is near, by its values."""
    found = [_by_name(spec, head, remembered) for head in layout.heads]
    names = {guess.name for guess in found if guess and guess.sure}
    found = _name_in_two(layout, found, names)
    settled: list[Guess] = []
    for index, guess in enumerate(found):
        if not layout.filled(index):
            settled.append(Guess(guess.name if guess and guess.sure else LEFT_OUT, True))
            continue
        if guess is None or (not guess.sure and guess.name in names):
            by_values = _by_values(spec, layout, index)
            guess = Guess(by_values, False) if by_values and by_values not in names else None
        if guess is not None and not guess.sure:
            names.add(guess.name)
        settled.append(guess or Guess(OPEN, False))
    return settled


def _by_name(spec: Spec, head: str, remembered: Mapping[str, str]) -> Guess | None:
    if key(head) in remembered:
        return Guess(remembered[key(head)], True)
    name = known(spec, head)
    if name:
        return Guess(name, True)
    if not head or spec.ignores(head) or key(head) == key(ERROR_HEADING):
        return Guess(LEFT_OUT, bool(head)) if head else None
    near = process.extractOne(key(head), list(spec.by_key), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR)
    return Guess(spec.by_key[near[0]], False) if near else None


def _name_in_two(layout: Layout, found: list[Guess | None], names: set[str]) -> list[Guess | None]:
    """A column of family and middle names beside one of given names: "Họ" or "Họ đệm" before "Tên"."""
    keys = [key(head) for head in layout.heads]
    last = next((i for i, head in enumerate(keys) if head in _LAST), None)
    first = next((i for i, head in enumerate(keys) if head in _FIRST), None)
    if last is not None and first is not None:
        found[last], found[first] = Guess("full_name.last", True), Guess("full_name.first", True)
        names.discard("full_name")
    return found


_LAST = frozenset((
    "ho", "ho dem", "ho lot", "ho va ten dem", "ho ten dem", "ho va dem", "ho va ten lot", "last name", "family name",
    "surname",
))  # fmt: skip
_FIRST = {"ten", "first name", "given name", "ten goi"}


def _by_values(spec: Spec, layout: Layout, column: int) -> str | None:
    """The field to which nearly all values of a column look, if the kind has it."""
    texts = layout.body[str(column)].drop_nulls().head(_LOOKED_AT)
    for name, looks in _LOOKS:
        if name in spec.names and (texts.str.contains(looks).mean() or 0.0) >= _MOST_OF:  # type: ignore[operator]
            return name
    folded = [fold(text) for text in texts]
    for name, words in (("sex", SEX), ("status", STATUS)):
        if name in spec.names and folded and sum(text in words for text in folded) / len(folded) >= _MOST_OF:
            return name
    return None


_LOOKS = (
    ("id_number", r"^\d{12}$"),
    ("phone", r"^(?:\+?84|0)?[35789]\d{2}[ .]?\d{3}[ .]?\d{3}$"),
    ("bhyt", r"^[A-Z]{2}\d{13}$"),
    (
        "full_name",
        r"^(?i)(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý)(?: \pL+){1,4}$",
    ),
)
