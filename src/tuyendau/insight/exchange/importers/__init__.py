"""One importer for each kind of file: checks the rows, then has the records write them."""

from tuyendau.insight.exchange.importers.base import Options, Outcome
from tuyendau.insight.exchange.importers.cases import import_cases
from tuyendau.insight.exchange.importers.contacts import import_contacts
from tuyendau.insight.exchange.importers.people import import_people
from tuyendau.insight.exchange.importers.visits import import_visits

IMPORTERS = {
    "people": import_people,
    "visits": import_visits,
    "cases": import_cases,
    "contacts": import_contacts,
}

__all__ = ["IMPORTERS", "Options", "Outcome"]
