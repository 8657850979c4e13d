"""A report as a file of one of the kinds that it is taken away as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from tuyendau.core.acting import as_program
from tuyendau.insight.reports.actions.rendering.docx import docx_of
from tuyendau.insight.reports.actions.rendering.figures import Drawing, drawings_of
from tuyendau.insight.reports.actions.rendering.pdf import pdf_of
from tuyendau.insight.reports.actions.rendering.xlsx import xlsx_of
from tuyendau.insight.reports.queries.paper import paper_of
from tuyendau.insight.reports.queries.situation.outlines import outlines_of
from tuyendau.insight.reports.rules.paper import Paper

Content = Mapping[str, Any]
Write = Callable[[Paper, Content, Mapping[str, Drawing]], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its ending, its media type, what writes it."""

    code: str
    media_type: str
    write: Write


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    each.code: each
    for each in (
        Format("pdf", "application/pdf", pdf_of),
        Format("docx", f"{_OFFICE}.wordprocessingml.document", docx_of),
        Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", xlsx_of),
    )
}


@as_program()
def rendered(content: Content, language: str, *formats: str) -> dict[str, bytes]:
    """The report in one language as files of the formats asked for; the figures are drawn once for all of them."""
    paper = paper_of(content, language)
    with translation.override(language):
        drawings = drawings_of(content, outlines_of(content))
        return {code: FORMATS[code].write(paper, content, drawings) for code in formats}
