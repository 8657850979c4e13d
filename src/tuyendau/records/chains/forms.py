"""What pages ask about chains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Viewer
from tuyendau.records.cases.forms.lines import site_meant
from tuyendau.records.cases.forms.units import code_and_day, units_to_choose
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import ALL, CaseFilter
from tuyendau.records.chains.models import Verdict

AXES = [
    ("best", _("onset, else the first date")),
    ("onset", _("onset")),
    ("sample", _("sample")),
    ("reported", _("report")),
]
COLOURS = [
    ("generation", _("generation")), ("commune", _("commune")), ("setting", _("place of infection")),
    ("status", _("status")),
]  # fmt: skip
NOBODY, ANOTHER = "nobody", "another"


@dataclass(frozen=True, slots=True)
class ChainFilter:
    """Which cases the chains are narrowed to, and how they are drawn."""

    disease: str = "covid19"
    cases: CaseFilter = field(default_factory=lambda: CaseFilter(status=(ALL,)))
    axis: str = "best"
    colour: str = "generation"


class FilterForm(forms.Form):
    """The filters of the chains, as they stand in the URL."""

    # `from` is a word of Python's, so the fields of the period are added by name below.
    unit = forms.ChoiceField(label=_("Commune or district"), required=False)
    site = forms.CharField(label=_("Company, park or other site"), required=False, max_length=80)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("all not discarded")), *((v, w) for v, w in CaseStatus.choices if v != "discarded")],
    )
    axis = forms.ChoiceField(label=_("By date of"), required=False, choices=AXES)
    colour = forms.ChoiceField(label=_("Colour by"), required=False, choices=COLOURS)
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer, diseases: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.viewer = viewer
        self.units = units_to_choose(viewer, str(data.get("unit") or ""))
        self.fields["unit"].choices = self.units  # type: ignore[attr-defined]
        self.fields["disease"].choices = diseases  # type: ignore[attr-defined]
        self._first = diseases[0][0] if diseases else "covid19"
        self.fields["from"] = forms.DateField(label=_("From"), required=False)
        self.fields["to"] = forms.DateField(label=_("To"), required=False)
        for each in self.fields.values():
            select = isinstance(each, forms.ChoiceField)
            each.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean_site(self) -> str:
        """The code of the site that is meant."""
        return site_meant(self.viewer, str(self.cleaned_data["site"]))

    def wanted(self) -> ChainFilter:
        """The filter; a field that cannot be understood narrows nothing, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        axis = data.get("axis") or "best"
        unit, unit_on = code_and_day(data.get("unit") or "")
        cases = CaseFilter(
            status=(data.get("status") or ALL,),
            unit=unit,
            unit_on=unit_on,
            site=data.get("site") or "",
            first=data.get("from"),
            last=data.get("to"),
            basis="reported" if axis == "best" else axis,
        )
        return ChainFilter(
            data.get("disease") or self._first, cases, axis, data.get("colour") or "generation"
        )


class DecideForm(forms.Form):
    """Who infected a case, or did not, and why."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    infector = forms.CharField(max_length=32)
    another = forms.CharField(required=False, max_length=60)
    reason = forms.CharField(max_length=500)

    def clean(self) -> dict[str, Any]:
        """A case that is not among the likely ones is named by its number."""
        data = super().clean() or {}
        if data.get("infector") == ANOTHER and not data.get("another"):
            self.add_error("another", _("Enter the number of the case."))
        return data


class WithdrawForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.CharField(max_length=500)
