"""Reads a file of one kind: which column is what, and every value typed, with all that is wrong collected."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.limits import WEB, Limits
from tuyendau.insight.exchange.forms.problems import Problems, refused
from tuyendau.insight.exchange.forms.specs import Spec, key
from tuyendau.insight.exchange.forms.tables import HEADER_WITHIN, ROW, raw_table
from tuyendau.insight.exchange.forms.words import shown
from tuyendau.insight.exchange.rules import values
from tuyendau.insight.exchange.rules.decoding import CONTROL, GARBLED
from tuyendau.insight.exchange.rules.values import Fault
from tuyendau.lib import clock
from tuyendau.lib.text import fold

EMPTY_WORDS = ("", "na", "n/a", "null", "none", "-", "khong ro", "khong", "unknown")


@dataclass
class Sheet:
    """The rows of a file under the names of its fields: texts, null where a cell is empty.

    `frame` has a column for each field that the file has, and `ROW`. `headings` gives what the file calls a field.
    What a method finds wrong goes to `problems`; the value there is null. Days and moments are judged as of `at`.
    `serials`: Excel's bare day numbers are days. `asks`: somebody can be asked what a value means; `no_commune` [n]
    are the rows of which they said that their commune is none of those here.
    """

    spec: Spec
    frame: pl.DataFrame
    headings: dict[str, str]
    at: datetime
    workbook: bool = False
    problems: Problems = field(default_factory=Problems)
    serials: bool = False
    asks: bool = False
    no_commune: pl.Series | None = None

    def __post_init__(self) -> None:
        self.serials = self.serials or self.workbook

    def __len__(self) -> int:
        return self.frame.height

    @property
    def rows(self) -> pl.Series:
        """Row numbers in the file [n]."""
        return self.frame[ROW]

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self.headings

    def heading(self, name: str) -> str:
        """What the file calls the field."""
        return self.headings.get(name, name)

    def text(self, name: str) -> pl.Series:
        """The texts of a field [n], all null where the file lacks it."""
        if self.has(name):
            return self.frame[name]
        return pl.Series(name, [None] * len(self), dtype=pl.String)

    def wrong(self, mask: pl.Series, name: str, message: str) -> None:
        """A problem in the column of `name` for each row where `mask` holds."""
        self.problems.add_where(mask, self.rows, self.heading(name), message, self.text(name))

    def days(self, name: str, *, future: timedelta = timedelta()) -> pl.Series:
        """The field's days [n] (Date), none later than `future` after today."""
        parsed = self._parsed(name)
        latest = clock.local_day(self.at) + future
        self.wrong(parsed.day > latest, name, _("The day lies in the future. Check day, month and year."))
        return parsed.day

    def moments(self, name: str, *, future: timedelta = timedelta(hours=24)) -> pl.Series:
        """The field's moments [n] (Int64 seconds since 1970 UTC), none later than `future` after now."""
        parsed = self._parsed(name)
        bare = parsed.day.is_not_null() & parsed.moment.is_null()
        self.wrong(bare, name, _("The time of day is missing. Write the moment as dd/mm/yyyy hh:mm."))
        latest = int((self.at + future).timestamp())
        self.wrong(
            parsed.moment > latest, name, _("The moment lies in the future. Check the date and the clock.")
        )
        return parsed.moment

    def parsed(self, name: str) -> values.Parsed:
        """The field's days and moments, whichever of the two a cell holds."""
        return self._parsed(name)

    def parsed_quietly(self, name: str) -> values.Parsed:
        """The same, where what is wrong was told already."""
        return values.parse(self._known(name), serials=self.serials)

    def _parsed(self, name: str) -> values.Parsed:
        texts = self._known(name)
        parsed = values.parse(texts, serials=self.serials)
        for fault in parsed.fault.drop_nulls().unique():
            self.wrong(parsed.fault == fault, name, _day_message(Fault(fault)))
        return parsed

    def whole(self, name: str, first: int, last: int) -> pl.Series:
        """The field's whole numbers [n] (Int64), from `first` to `last`."""
        texts = self._known(name)
        found = values.integers(texts)
        outside = texts.is_not_null() & (found.is_null() | ~found.is_between(first, last))
        message = _("Write a whole number from %(first)s to %(last)s.") % {"first": first, "last": last}
        self.wrong(outside.fill_null(False), name, message)
        return found

    def birth_year(self) -> pl.Series:
        """The year of birth [n] (Int64), from a column of years or one of dates."""
        years = pl.Series("birth_year", [None] * len(self), dtype=pl.Int64)
        for name in ("birth_year", "birth_date"):
            if self.has(name):
                years = years.fill_null(self._birth_years(name))
        return years

    def birth_date(self) -> pl.Series:
        """The day of birth [n] (Date), null where only a year or nothing stands."""
        texts = self._known("birth_date")
        return values.parse(texts, serials=self.serials).day

    def _birth_years(self, name: str) -> pl.Series:
        texts = self._known(name)
        found, fault = values.birth_years(texts, serials=self.serials)
        for kind in (Fault.NO_SUCH_DAY, Fault.MONTH_FIRST):
            self.wrong(fault == kind, name, _day_message(kind))
        told = fault.is_in([Fault.NO_SUCH_DAY, Fault.MONTH_FIRST]).fill_null(False)
        latest = clock.local_day(self.at).year
        outside = found.is_null() | ~found.is_between(values.FIRST_YEAR, latest)
        message = _("Write the year of birth in four digits, or the date as dd/mm/yyyy.")
        self.wrong(texts.is_not_null() & outside & ~told, name, message)
        return found

    def words(self, name: str, known: Mapping[str, str]) -> pl.Series:
        """The field's words [n] replaced by what they mean: `known` is keyed by folded words. Null where empty."""
        folded = self.folded(name)
        meant = folded.replace_strict(known, default=None, return_dtype=pl.String)
        message = _("This word is not known here. Use one of: %(known)s.") % {"known": shown(known)}
        if self.asks:
            message = _("This word is not known here. Say what it means, under “Values”.")
        self.wrong(folded.is_not_null() & meant.is_null(), name, message)
        return meant

    def folded(self, name: str) -> pl.Series:
        """The field's texts [n], folded; null where empty or a word for "not known"."""
        texts = self.text(name)
        folds = {text: fold(text) for text in texts.drop_nulls().unique()}
        folded = texts.replace_strict(folds, default=None, return_dtype=pl.String)
        return folded.set(folded.is_in(EMPTY_WORDS).fill_null(False), None)

    def _known(self, name: str) -> pl.Series:
        """The texts of a field of numbers or days, without words that say "not known"."""
        texts = self.text(name)
        unknown = texts.str.to_lowercase().is_in(["na", "n/a", "null", "none", "-"])
        return texts.set(unknown.fill_null(False), None)


def _day_message(fault: Fault) -> str:
    return {
        Fault.FORM: _("This is no date. Write it as dd/mm/yyyy, or yyyy-mm-dd."),
        Fault.SHORT_YEAR: _("Write the year in four digits: dd/mm/yyyy."),
        Fault.MONTH_FIRST: _("There is no such month. The day comes first: dd/mm/yyyy."),
        Fault.NO_SUCH_DAY: _("There is no such day in the calendar."),
        Fault.NO_SUCH_TIME: _("There is no such time of day. Write it as hh:mm, from 00:00 to 23:59."),
        Fault.TOO_OLD: _("A date before 1900 cannot be right. Empty cells come out of Excel so: clear it."),
    }[fault]


def read(
    spec: Spec,
    data: bytes,
    *,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    leave_out_unknown: bool = False,
    limits: Limits = WEB,
) -> Sheet:
    """The rows of a file of the kind `spec`. Raises `FileRefused` where headings or the shape of the table are wrong.

    `mapping` says of headings which field they stand for, "" for one to be left out; it goes before the known
    headings. `leave_out_unknown` leaves out every column whose heading is not known, instead of refusing the file.
    `limits` say how much the file may hold.
    """
    cells, workbook = raw_table(data, limits)
    header_at = _header_row(spec, cells, mapping or {})
    heads = [cells[header_at, i] or "" for i in range(1, cells.width)]
    body = cells.slice(header_at + 1)
    body = body.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    problems = Problems()
    fields = _columns(spec, heads, mapping or {}, leave_out_unknown, problems, header_at + 1)
    _refuse_overhang(heads, body, problems)
    problems.raise_any()
    frame = body.select(ROW, **{name: pl.col(str(i)) for name, i in fields.items()})
    if not frame.height:
        raise refused(_("The file has headings but no rows."))
    sheet = Sheet(spec, frame, {name: heads[i] for name, i in fields.items()}, at, workbook, problems)
    check_texts(sheet)
    return sheet


def _header_row(spec: Spec, cells: pl.DataFrame, mapping: Mapping[str, str]) -> int:
    """The row of the headings: the first that is not empty, or the one below a title that has more known headings."""
    best, most = None, -1
    mapped = {key(heading) for heading in mapping}
    for index, row in enumerate(cells.head(HEADER_WITHIN).iter_rows()):
        heads = [cell for cell in row[1:] if cell]
        if not heads:
            continue
        score = sum(spec.field_of(head) is not None or key(head) in mapped for head in heads)
        if best is None or (score >= 2 and score > most):
            best, most = index, score
    if best is None:
        raise refused(_("The file is empty."))
    return best


def _columns(
    spec: Spec,
    heads: list[str],
    mapping: Mapping[str, str],
    leave_out_unknown: bool,
    problems: Problems,
    row: int,
) -> dict[str, int]:
    """Which column holds which field. What is missing, double or unknown becomes a problem."""
    chosen = {key(heading): name for heading, name in mapping.items()}
    fields: dict[str, int] = {}
    for index, head in enumerate(heads):
        name = chosen[key(head)] if key(head) in chosen else spec.field_of(head)
        if name in fields:
            first = heads[fields[name]]
            message = _("This column and “%(other)s” mean the same. Leave one of them out.") % {
                "other": first
            }
            problems.add(row, head, message)
        elif name:
            fields[name] = index
        elif head and name is None and not spec.ignores(head) and not leave_out_unknown:
            problems.add(row, head, _unknown(spec, head))
    if "code" in spec.required and "code" not in fields and "id_number" in fields:
        fields["code"] = fields["id_number"]
    for name in spec.required:
        if name not in fields:
            problems.add(row, "", _missing(spec, name))
    return fields


def _unknown(spec: Spec, head: str) -> str:
    near = difflib.get_close_matches(key(head), list(spec.by_key), n=1, cutoff=0.75)
    if near:
        return _(
            "This heading is not known here. Is “%(near)s” meant? Rename the column, or leave it out."
        ) % {"near": spec.field(spec.by_key[near[0]]).heading}
    return _("This heading is not known here. Rename the column, or leave it out. Known are: %(known)s.") % {
        "known": ", ".join(f.heading for f in spec.fields)
    }


def _missing(spec: Spec, name: str) -> str:
    heading, *others = spec.field(name).headings
    return _("The column “%(column)s” is missing (%(meaning)s). It may also be called: %(aliases)s.") % {
        "column": heading,
        "meaning": spec.field(name).meaning,
        "aliases": ", ".join(others[:6]),
    }


def _refuse_overhang(heads: list[str], body: pl.DataFrame, problems: Problems) -> None:
    """A value in a column without heading means that a row was cut wrongly."""
    for index, head in enumerate(heads):
        if not head:
            values_there = body[str(index)]
            problems.add_where(
                values_there.is_not_null(), body[ROW], "",
                _("This row has more cells than headings. Put a text that holds a separator in quotation marks."),
                values_there,
            )  # fmt: skip


def check_texts(sheet: Sheet) -> None:
    """Required cells are filled, no text is longer than is kept, and none was garbled before it came here."""
    for f in sheet.spec.fields:
        if not sheet.has(f.name):
            continue
        texts = sheet.text(f.name)
        if f.required:
            sheet.wrong(texts.is_null(), f.name, _("This cell must not be empty."))
        sheet.wrong(
            texts.str.len_chars() > f.longest, f.name,
            _("The text is longer than %(count)s characters. Shorten it.") % {"count": f.longest},
        )  # fmt: skip
        sheet.wrong(
            texts.str.contains(CONTROL), f.name,
            _("There are signs here that are no letters. Write the cell again by hand."),
        )  # fmt: skip
        sheet.wrong(
            texts.str.contains(GARBLED), f.name,
            _("The letters here were garbled when the file was saved. Export it again as “CSV UTF-8” or .xlsx."),
        )  # fmt: skip
