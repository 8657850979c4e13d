"""A report as PDF: tagged, with fonts that come along, dated by the report's own moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from tuyendau.insight.reports.actions.rendering.figures import Drawing
from tuyendau.insight.reports.rules.paper import Block, Heading, Line, Paper, Picture, Shown, Table, shown

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf_of(paper: Paper, content: Mapping[str, Any], drawings: Mapping[str, Drawing]) -> bytes:
    """The paper as a PDF. What it says goes into the template as data, never as markup."""
    data = asdict(paper) | {
        name: [_block(each, paper, drawings) for each in blocks]
        for name, blocks in (("blocks", paper.blocks), ("annex", paper.annex), ("workbook_only", ()))
    }
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", timestamp=datetime.fromisoformat(content["at"]))
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _block(block: Block, paper: Paper, drawings: Mapping[str, Drawing]) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Line):
        return {"kind": "line", "text": block.text, "small": block.small, "item": block.item}
    if isinstance(block, Picture):
        drawing = drawings.get(block.code)
        return {
            "kind": "picture", "caption": block.caption, "alt": block.alt, "note": block.note,
            "svg": drawing.svg if drawing else "",
        }  # fmt: skip
    return _table(block, paper.language)


def _table(block: Table, language: str) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": block.caption,
        "note": block.note,
        "heads": [column.head for column in block.columns],
        "widths": [column.width for column in block.columns],
        "right": [column.shown is not Shown.TEXT for column in block.columns],
        "rows": [
            [shown(cell, column.shown, language) for cell, column in zip(row, block.columns, strict=True)]
            for row in block.rows
        ],
    }
