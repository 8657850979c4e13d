"""Reading a CSV or Parquet file of an analyst into columns, or saying exactly what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tuyendau.science.tracing.texts import TEXTS, Problem

ROW = "__row__"
_SEPARATORS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Table:
    """A file's columns, with lower-case names; `frame` has the number of each row in the column `ROW`.

    text: the CSV's text from its header on, None for Parquet; skipped: the lines before it. Columns of a CSV are all
    strings, None where empty.
    """

    file: str
    frame: pl.DataFrame
    text: str | None
    separator: str
    skipped: int = 0

    def place(self, row: int) -> str:
        """Where row number `row` stands in the file: the line of a CSV as an editor counts, else the row from 1."""
        if self.text is None:
            return TEXTS["row"].format(number=row + 1)
        for number, (line, _) in enumerate(_records(self.text, self.separator)):
            if number == row + 1:
                return TEXTS["line"].format(number=self.skipped + line)
        raise IndexError(row)


def read_table(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """The columns `needed` and those of `optional` that are there; other columns are ignored.

    Understands Parquet, and CSV with commas, semicolons, tabs or bars, in UTF-8 (with or without its mark), UTF-16
    with its mark, or Windows-1252. Raises Problem.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            content = b"" if magic == b"PAR1" else magic + file.read()
    except OSError as error:
        raise Problem("unreadable", file=path, reason=error.strerror or error) from None
    if magic == b"PAR1":
        return _parquet(path, needed, optional)
    if magic == b"PK\x03\x04" or magic == b"\xd0\xcf\x11\xe0":
        raise Problem("excel", file=path)
    text = _decoded(path, content)
    if not text.strip():
        raise Problem("empty", file=path)
    return _csv(path, text, needed, optional)


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Problem("encoding", file=path) from None
    # No text has a zero byte, but UTF-16 without its mark has one in every other place.
    if b"\0" in content:
        raise Problem("encoding", file=path)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem("encoding", file=path)


def _csv(path: Path, text: str, needed: Sequence[str], optional: Sequence[str]) -> Table:
    skipped = len(text[: len(text) - len(text.lstrip("\r\n"))].splitlines())
    text = text.lstrip("\r\n")
    first = text.splitlines()[0]
    separator = max(_SEPARATORS, key=first.count)
    header = _named(path, next(record for _, record in _records(text, separator)))
    chosen = _chosen(path, header, needed, optional)
    lines = text if text.endswith("\n") else text + "\n"
    try:
        frame = pl.read_csv(
            lines.encode(),
            separator=separator,
            has_header=False,
            infer_schema=False,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        raise _misshapen(path, text, separator, skipped, len(header), str(error)) from None
    if frame.width != len(header):
        raise _misshapen(path, text, separator, skipped, len(header), "fields")
    frame = frame.rename(dict(zip(frame.columns, header, strict=True)))
    frame = frame.slice(1).select(pl.col(chosen).str.strip_chars().replace("", None)).with_row_index(ROW)
    frame = frame.filter(~pl.all_horizontal(pl.col(chosen).is_null()))
    if frame.is_empty():
        raise Problem("no_rows", file=path)
    return Table(str(path), frame, text, separator, skipped)


def _parquet(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Table:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Problem("parquet", file=path, reason=str(error).splitlines()[0]) from None
    header = _named(path, frame.columns)
    chosen = _chosen(path, header, needed, optional)
    frame = frame.rename(dict(zip(frame.columns, header, strict=True))).select(chosen)
    if frame.is_empty():
        raise Problem("no_rows", file=path)
    return Table(str(path), frame.with_row_index(ROW), None, "")


def _named(path: Path, header: Sequence[str]) -> list[str]:
    """Header names in lower case; those without a name get one that no one asks for."""
    names = [name.strip().lower() or f"({number})" for number, name in enumerate(header, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise Problem("doubled", file=path, column=name)
    return names


def _chosen(path: Path, header: Sequence[str], needed: Sequence[str], optional: Sequence[str]) -> list[str]:
    missing = [name for name in needed if name not in header]
    if missing:
        raise Problem(
            "header", file=path, missing=", ".join(f"'{m}'" for m in missing),
            found=", ".join(f"'{h}'" for h in header[:20]), needed=",".join(needed),
        )  # fmt: skip
    return [*needed, *(name for name in optional if name in header)]


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Records of a CSV with the line on which each begins; an empty line is a record, as it is to Polars."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    for record in reader:
        yield line, record
        line = reader.line_num + 1


def _misshapen(path: Path, text: str, separator: str, skipped: int, width: int, reason: str) -> Problem:
    """The first record that is wider than the header, found the slow way."""
    try:
        for line, record in _records(text, separator):
            if len(record) > width:
                row = TEXTS["line"].format(number=skipped + line)
                return Problem("ragged", file=path, row=row, found=len(record), wanted=width)
    except csv.Error as error:
        reason = str(error)
    return Problem("quotes", file=path, reason=reason.splitlines()[0])
