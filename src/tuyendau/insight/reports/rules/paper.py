"""What a paper is made of, whatever file it becomes: headings, lines, tables, pictures, and the official frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Shown(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    WHOLE = "whole"
    TENTHS = "tenths"
    SIGNED = "signed"


Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, how its cells are shown, its share of the width."""

    head: str
    shown: Shown = Shown.TEXT
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `small` ones are notes."""

    text: str
    small: bool = False
    item: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; `name` is that of its sheet in a workbook. `total`: the last row sums the others."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure by its code, with what stands below it and what is told to who cannot see it."""

    code: str
    caption: str
    alt: str
    note: str = ""


Block = Heading | Line | Table | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper in one language, with the frame that official papers of Viet Nam have."""

    language: str
    authority: tuple[str, ...]
    nation: tuple[str, str]
    number: str
    place_and_date: str
    title: str
    about: str
    moment: str
    to: str
    blocks: tuple[Block, ...]
    annex: tuple[Block, ...]
    """What stands behind the signature."""
    recipients_head: str
    recipients: tuple[str, ...]
    office: tuple[str, ...]
    sign: str
    foot: str
    workbook_only: tuple[Table, ...] = field(default=())
    """Tables too long for a page."""


def shown(value: Cell, how: Shown, language: str) -> str:
    """A cell in words: 1.234,5 in Vietnamese, 1,234.5 in English; nothing known is a dash."""
    if value is None:
        return "–"
    if isinstance(value, str) or how is Shown.TEXT:
        return str(value)
    text = (
        f"{value:,.1f}"
        if how is Shown.TENTHS
        else f"{round(value):+,}"
        if how is Shown.SIGNED
        else f"{round(value):,}"
    )
    if how is Shown.SIGNED and round(value) == 0:
        text = "0"
    text = text.replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
