"""The pages and parts of pages about presence."""

from tuyendau.records.visits.views.pages import of_person, of_site, scan
from tuyendau.records.visits.views.rosters import roster
from tuyendau.records.visits.views.telling import correct, told

__all__ = ["correct", "of_person", "of_site", "roster", "scan", "told"]
