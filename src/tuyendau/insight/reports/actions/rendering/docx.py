"""A report as a Word document that an office goes on writing in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tuyendau.insight.reports.actions.rendering.archive import settled
from tuyendau.insight.reports.actions.rendering.figures import Drawing
from tuyendau.insight.reports.rules.paper import (
    Block,
    Column,
    Heading,
    Line,
    Paper,
    Picture,
    Shown,
    Table,
    shown,
)

FONT = "Times New Roman"
TEXT_MM = 165
_GREY = RGBColor(0x44, 0x44, 0x44)


def docx_of(paper: Paper, content: Mapping[str, Any], drawings: Mapping[str, Drawing]) -> bytes:
    """The paper as a DOCX file."""
    document = Document()
    _set_up(document, paper, datetime.fromisoformat(content["at"]).astimezone(UTC).replace(tzinfo=None))
    _frame(document, paper)
    _blocks(document, paper.blocks, paper, drawings)
    # Nobody signs an empty page.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _signature(document, paper)
    _blocks(document, paper.annex, paper, drawings)
    made = io.BytesIO()
    document.save(made)
    return settled(made.getvalue())


def _blocks(
    document: DocumentType, blocks: Sequence[Block], paper: Paper, drawings: Mapping[str, Drawing]
) -> None:
    for block in blocks:
        if isinstance(block, Heading):
            document.add_heading(block.text, level=1)
        elif isinstance(block, Line):
            _line(document, block)
        elif isinstance(block, Picture):
            _picture(document, block, drawings.get(block.code))
        else:
            _table(document, block, paper.language)


def _set_up(document: DocumentType, paper: Paper, at: datetime) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    for footer in (section.footer, section.first_page_footer):
        _write(footer.paragraphs[0], paper.foot, size=8, align=ALIGN.RIGHT)
    for name, size in (("Normal", 13), ("Heading 1", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    heading = document.styles["Heading 1"]
    heading.font.bold, heading.font.color.rgb = True, RGBColor(0, 0, 0)
    fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(6)
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.1
    _language(document, "vi-VN" if paper.language == "vi" else "en-GB")
    about = document.core_properties
    about.title, about.author, about.subject = (
        f"{paper.title}: {paper.about}",
        paper.authority[-1],
        paper.moment,
    )
    about.created = about.modified = at
    about.last_modified_by, about.revision, about.comments, about.language = (
        "Tuyến Đầu",
        1,
        paper.foot,
        paper.language,
    )


def _language(document: DocumentType, code: str) -> None:
    """The language by which Word checks spelling."""
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), code)
    document.styles["Normal"].element.get_or_add_rPr().append(said)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _write(
    paragraph: Paragraph, text: str, *, size: float = 13, bold: bool = False, italic: bool = False,
    align: Any = None, after: float | None = None,
) -> Paragraph:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if align is not None:
        paragraph.alignment = align
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _rule(paragraph: Paragraph, width_mm: float, room_mm: float) -> None:
    """A short line below a heading: the paragraph's lower edge, drawn in from both sides."""
    edge = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    edge.append(line)
    paragraph._p.get_or_add_pPr().append(edge)
    side = Mm(max(0.0, (room_mm - width_mm) / 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 0.6


def _side(cell: _Cell, lines: Sequence[tuple[str, float, bool, bool]], rule_after: int, width: float) -> None:
    """One half of the head or foot: lines of (text, size, bold, italic), a short rule behind one of them."""
    first = True
    for number, (text, size, bold, italic) in enumerate(lines, start=1):
        paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
        first = False
        _write(paragraph, text, size=size, bold=bold, italic=italic, align=ALIGN.CENTER, after=0)
        if number == rule_after:
            _rule(cell.add_paragraph(), width * 0.4, width)


def _halves(document: DocumentType, left: float) -> tuple[_Cell, _Cell]:
    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    cells = grid.rows[0].cells
    cells[0].width, cells[1].width = Mm(left), Mm(TEXT_MM - left)
    return cells[0], cells[1]


def _frame(document: DocumentType, paper: Paper) -> None:
    left, right = _halves(document, 76)
    own = [(paper.authority[0], 11.5, False, False), (paper.authority[1], 11.5, True, False)]
    _side(left, [*own, (paper.number, 12, False, False)], 2, 70)
    nation = [(paper.nation[0], 12, True, False), (paper.nation[1], 13, True, False)]
    _side(right, [*nation, (paper.place_and_date, 13, False, True)], 2, 87)
    title = _write(document.add_paragraph(), paper.title, size=14, bold=True, align=ALIGN.CENTER, after=0)
    title.paragraph_format.space_before = Pt(14)
    _write(document.add_paragraph(), paper.about, size=14, bold=True, align=ALIGN.CENTER, after=0)
    _write(document.add_paragraph(), paper.moment, italic=True, align=ALIGN.CENTER, after=0)
    _rule(document.add_paragraph(), 40, TEXT_MM)
    _write(document.add_paragraph(), paper.to, align=ALIGN.CENTER)


def _line(document: DocumentType, block: Line) -> None:
    paragraph = document.add_paragraph()
    if block.small:
        _write(paragraph, block.text, size=9).runs[0].font.color.rgb = _GREY
        return
    _write(paragraph, f"– {block.text}" if block.item else block.text, align=ALIGN.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(0 if block.item else 10)


def _picture(document: DocumentType, block: Picture, drawing: Drawing | None) -> None:
    if drawing is not None:
        paragraph = document.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = ALIGN.CENTER, True
        placed = paragraph.add_run().add_picture(io.BytesIO(drawing.png), width=Mm(TEXT_MM))
        placed._inline.docPr.set("descr", block.alt)
    _write(
        document.add_paragraph(),
        block.caption,
        size=11,
        italic=True,
        align=ALIGN.CENTER,
        after=2 if block.note else 8,
    )
    if block.note:
        _write(document.add_paragraph(), block.note, size=10).runs[0].font.color.rgb = _GREY


def _table(document: DocumentType, block: Table, language: str) -> None:
    caption = _write(
        document.add_paragraph(), block.caption, size=11, italic=True, align=ALIGN.CENTER, after=3
    )
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _heads(made, block.columns)
    for row in block.rows:
        cells = made.add_row().cells
        for cell, value, column in zip(cells, row, block.columns, strict=True):
            right = column.shown is not Shown.TEXT
            _cell(cell, shown(value, column.shown, language), ALIGN.RIGHT if right else ALIGN.LEFT)
    _widths(made, block.columns)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(4)
    if block.note:
        _write(after, block.note, size=10).runs[0].font.color.rgb = _GREY


def _heads(made: WordTable, columns: Sequence[Column]) -> None:
    for cell, column in zip(made.rows[0].cells, columns, strict=True):
        _cell(cell, column.head, ALIGN.CENTER, bold=True)
        ground = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8E8E8")):
            ground.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(ground)
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(again)


def _cell(cell: _Cell, text: str, align: Any, *, bold: bool = False) -> None:
    paragraph = _write(cell.paragraphs[0], text, size=10.5, bold=bold, align=align, after=0)
    paragraph.paragraph_format.line_spacing = 1.0


def _widths(made: WordTable, columns: Sequence[Column]) -> None:
    whole = sum(column.width for column in columns)
    for row in made.rows:
        for cell, column in zip(row.cells, columns, strict=True):
            cell.width = Mm(TEXT_MM * column.width / whole)


def _signature(document: DocumentType, paper: Paper) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    left, right = _halves(document, 82)
    _write(left.paragraphs[0], paper.recipients_head, size=12, bold=True, italic=True, after=0)
    for line in paper.recipients:
        _write(left.add_paragraph(), line, size=11, after=0)
    _side(right, [*((line, 13, True, False) for line in paper.office), (paper.sign, 12, False, True)], 0, 83)
    for _n in range(4):
        right.add_paragraph()
