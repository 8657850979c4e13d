"""The pages of chains: the drawing, the list behind it, the part on a case's page, and what is taken away."""

from tuyendau.records.chains.views.cases import decide, of_case, withdraw
from tuyendau.records.chains.views.exports import csv_file, graphml_file, picture
from tuyendau.records.chains.views.pages import chart, links, page

__all__ = ["chart", "csv_file", "decide", "graphml_file", "links", "of_case", "page", "picture", "withdraw"]
