"""What is asked of whoever decides on two people who look alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy

from tuyendau.records.people.actions.merging import FIELDS
from tuyendau.records.people.rules.likeness import thresholds


class MergeForm(forms.Form):
    """Which of the two stays, and of which fields the other's value is taken."""

    survivor = forms.ChoiceField(choices=[("first", ""), ("second", "")])
    ground = forms.CharField(required=False, max_length=300)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(required=False, choices=[("first", ""), ("second", "")])

    def taken(self) -> set[str]:
        """The fields of which the value of the one who goes is taken."""
        stays = self.cleaned_data["survivor"]
        return {name for name in FIELDS if self.cleaned_data.get(name) not in ("", None, stays)}


class ApartForm(forms.Form):
    """Why two people are two."""

    ground = forms.CharField(required=False, max_length=300)


class BatchForm(forms.Form):
    """How alike pairs must be that are merged together."""

    least = forms.FloatField(
        label=gettext_lazy("Points, at least"),
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "0.5"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"least": thresholds()[0]})
        field = self.fields["least"]
        field.widget.attrs["min"] = thresholds()[0]
        field.validators.append(MinValueValidator(thresholds()[0]))
