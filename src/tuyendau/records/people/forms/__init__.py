"""Input of people's pages."""

from tuyendau.records.people.forms.deciding import ApartForm, BatchForm, MergeForm
from tuyendau.records.people.forms.editing import NUMBERS, AssignForm, EndForm, PersonForm
from tuyendau.records.people.forms.filters import PeopleFilter
from tuyendau.records.people.forms.texts import reasons, why_refused

__all__ = [
    "NUMBERS",
    "ApartForm",
    "AssignForm",
    "BatchForm",
    "EndForm",
    "MergeForm",
    "PeopleFilter",
    "PersonForm",
    "reasons",
    "why_refused",
]
