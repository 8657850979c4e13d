"""The one form of everything that is kept of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import Unit
from tuyendau.records.cases.actions.editing import FIELDS, Values
from tuyendau.records.cases.forms.details import add_details, details_of, initial_of
from tuyendau.records.cases.forms.words import in_language
from tuyendau.records.cases.models import Case, Outcome
from tuyendau.records.people.forms.filters import CommuneChoice
from tuyendau.science.epi.diseases import Disease, disease


def _text(label: Any, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _select(label: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, widget=forms.Select(attrs={"class": "form-select"}), **more
    )


class EditForm(forms.Form):
    """Dates, outcome, place and note of a case, and the answers to the form of its disease."""

    onset_on = forms.DateField(
        label=gettext_lazy("Onset"),
        required=False,
        help_text=gettext_lazy("First symptoms; empty if there were none."),
    )
    sampled_on = forms.DateField(label=gettext_lazy("Sample"), required=False)
    result_on = forms.DateField(label=gettext_lazy("Result"), required=False)
    reported_on = forms.DateField(label=gettext_lazy("Reported"))
    isolated_at = forms.DateTimeField(label=gettext_lazy("Isolated since"), required=False)
    outcome = _select(gettext_lazy("Outcome"), choices=[("", "–"), *Outcome.choices])
    outcome_on = forms.DateField(label=gettext_lazy("Outcome date"), required=False)
    code = _text(gettext_lazy("Number"), 60)
    unit = _select(gettext_lazy("Commune"))
    place_infected = _text(gettext_lazy("Place of infection"), 160)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, case: Case, communes: Iterable[Unit], values: Values | None = None
    ) -> None:
        self.of: Disease = disease(case.disease)
        self.choice = CommuneChoice(communes, case.unit)
        super().__init__(data, initial=_initial(values, self.choice, self.of) if values else None)
        self.fields["unit"].choices = self.choice.choices  # type: ignore[attr-defined]
        add_details(self, self.of)

    def values(self) -> Values:
        """What a valid form says, as `edit_case` takes it."""
        given = self.cleaned_data
        case = {name: given[name] for name in FIELDS if name != "unit"}
        case["unit"] = self.choice.unit_id(given["unit"])
        return Values(case, details_of(self.of, given))

    def say(self, faults: Mapping[str, str]) -> None:
        """Put refusals beside the fields that they name; whatever names none stands above."""
        for name, text in faults.items():
            field = name.replace("symptom_", "day_", 1)
            self.add_error(field if field in self.fields else None, text)

    def label(self, name: str) -> str:
        """What a field is called, by its name in `Values.flat`."""
        if name.startswith("symptom_"):
            return in_language(self.of.symptom(name.removeprefix("symptom_")).name)
        return str(self.fields[name].label)

    def shown(self, name: str, value: Any) -> str:
        """A value of `Values.flat` in words."""
        if value in (None, "", []):
            return _("not there") if name.startswith("symptom_") and value is None else "–"
        if name.startswith("symptom_"):
            return _("there") if value == "there" else _day(value)
        if name == "unit":
            named = {unit.pk: unit.name for unit in self.choice.communes.values()}
            return named.get(value, str(value))
        field = self.fields[name]
        if isinstance(field, forms.DateTimeField):
            return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
        if isinstance(field, forms.DateField):
            return _day(value)
        if isinstance(field, forms.ChoiceField):
            words = dict(field.choices)  # type: ignore[arg-type]
            return ", ".join(str(words.get(v, v)) for v in (value if isinstance(value, list) else [value]))
        return str(value)


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def _initial(values: Values, choice: CommuneChoice, of: Disease) -> dict[str, Any]:
    codes = {unit.pk: code for code, unit in choice.communes.items()}
    return values.case | {"unit": codes.get(values.case["unit"], "")} | initial_of(of, values.details)
