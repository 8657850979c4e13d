"""A situation report in words: the numbers of its content in Vietnamese or English, with tables and figures."""

from tuyendau.insight.reports.queries.paper.whole import paper_of

__all__ = ["paper_of"]
