"""What pages ask about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.records.cases.forms.details import add_details, details_of
from tuyendau.records.cases.forms.words import in_language
from tuyendau.science.epi.diseases import diseases


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(required=False, **kwargs)


def _moment(**kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(required=False, **kwargs)


class ConfirmForm(forms.Form):
    """What confirming a case may add."""

    isolated_at = _moment(
        label=_("Isolated since"), help_text=_("Leave empty if the person is not isolated yet.")
    )
    ground = forms.CharField(
        label=_("Ground"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class GroundForm(forms.Form):
    """Why a case is classified so; a decision to discard must say why."""

    ground = forms.CharField(
        label=_("Ground"), max_length=500, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class ReportForm(forms.Form):
    """A suspected case of a known person, with the form of its disease."""

    disease = forms.ChoiceField(label=_("Disease"), widget=forms.Select(attrs={"class": "form-select"}))
    onset_on = _day(label=_("Onset"), help_text=_("First symptoms; empty if there were none."))
    sampled_on = _day(label=_("Sample"))
    result_on = _day(label=_("Positive result"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, data: Any = None, *, code: str = "covid19", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = {each.code: each for each in diseases()}
        self.of = known.get((data.get("disease") if data is not None else None) or code) or known["covid19"]
        self.fields["disease"].choices = [(c, in_language(d.name)) for c, d in known.items()]  # type: ignore[attr-defined]
        self.fields["disease"].initial = self.of.code
        # Who says nothing of the disease means the first: the page always says.
        self.fields["disease"].required = False
        add_details(self, self.of)

    def given(self) -> dict[str, Any]:
        """What a valid form says, as `report_case` takes it."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("onset_on", "sampled_on", "result_on", "note")}
        return said | {"disease": self.of.code, "details": details_of(self.of, data)}
