"""What pages ask about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
