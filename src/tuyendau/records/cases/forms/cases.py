"""What pages ask about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import ALL, BASIS_FIELDS, CaseFilter

BASES = [("reported", _("report")), ("onset", _("onset")), ("sample", _("sample"))]


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(required=False, **kwargs)


def _moment(**kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(required=False, **kwargs)


class FilterForm(forms.Form):
    """The line list's filters, as they stand in the URL."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("every status")), *CaseStatus.choices, (ALL, _("all not discarded"))],
    )
    basis = forms.ChoiceField(label=_("By date of"), required=False, choices=BASES)
    # `from` is a word of Python's, so the fields of the period are added by name below.
    unit = forms.CharField(label=_("Commune or district code"), required=False, max_length=10)
    unit_on = forms.DateField(required=False)
    no_unit = forms.BooleanField(required=False)
    site = forms.CharField(label=_("Site code"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = _day(label=_("From"))
        self.fields["to"] = _day(label=_("To"))
        for name, field in self.fields.items():
            if name in {"status", "basis"}:
                field.widget.attrs["class"] = "form-select"
            elif name != "no_unit":
                field.widget.attrs.setdefault("class", "form-control")

    def wanted(self) -> CaseFilter:
        """The filter; a field that cannot be understood narrows nothing, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        status = data.get("status") or ""
        basis = data.get("basis") or "reported"
        return CaseFilter(
            q=data.get("q") or "",
            status=status,
            unit=data.get("unit") or "",
            unit_on=data.get("unit_on"),
            no_unit=bool(data.get("no_unit")),
            site=data.get("site") or "",
            first=data.get("from"),
            last=data.get("to"),
            basis=basis if basis in BASIS_FIELDS else "reported",
        )


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


class DatesForm(forms.Form):
    """The dates of a case."""

    onset_on = _day(label=_("Onset"), help_text=_("First symptoms; empty if there were none."))
    sampled_on = _day(label=_("Sample"))
    result_on = _day(label=_("Result"))
    isolated_at = _moment(label=_("Isolated since"))


class ReportForm(forms.Form):
    """A suspected case of a known person."""

    onset_on = _day(label=_("Onset"), help_text=_("First symptoms; empty if there were none."))
    sampled_on = _day(label=_("Sample"))
    result_on = _day(label=_("Positive result"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
