"""What the pages of reports of cases ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tuyendau.insight.reports.actions import Elsewhere
from tuyendau.insight.reports.models import NotificationState
from tuyendau.insight.reports.queries import LATE, OPEN, DutyFilter
from tuyendau.insight.reports.rules.notifying import Standing
from tuyendau.records.cases.forms.words import in_language
from tuyendau.science.epi.diseases import diseases

_INPUT = {"class": "form-control"}
_SELECT = {"class": "form-select"}

STANDINGS = {
    Standing.OVERDUE: _("overdue"),
    Standing.DUE: _("to report"),
    Standing.RETURNED: _("sent back"),
    Standing.CHANGED: _("changed since"),
    Standing.SENT: _("sent, not answered"),
    Standing.ACKNOWLEDGED: _("acknowledged"),
}
"""The words for where a duty stands."""
SHOWN = [
    (OPEN, _("everything to report")),
    *((standing.value, words) for standing, words in STANDINGS.items()),
    (LATE, _("reported late")),
    ("all", _("all")),
]


class DutyForm(forms.Form):
    """The filters of the list of reports, as they stand in the URL."""

    q = forms.CharField(
        label=_("Name or number"), required=False, max_length=100, widget=forms.TextInput(attrs=_INPUT)
    )
    show = forms.ChoiceField(
        label=_("State"), required=False, choices=SHOWN, widget=forms.Select(attrs=_SELECT)
    )
    disease = forms.ChoiceField(label=_("Disease"), required=False, widget=forms.Select(attrs=_SELECT))
    unit = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    to_me = forms.BooleanField(
        label=_("only what waits for our answer"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.code, in_language(each.name)) for each in diseases()]
        self.fields["disease"].choices = [("", _("every disease")), *known]  # type: ignore[attr-defined]

    def wanted(self) -> DutyFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        to_me = bool(data.get("to_me"))
        return DutyFilter(
            q=data.get("q") or "",
            show=data.get("show") or ("all" if to_me else OPEN),
            unit=data.get("unit") or "",
            disease=data.get("disease") or "",
            to_me=to_me,
        )


class ReasonForm(forms.Form):
    """What is corrected since the last report."""

    reason = forms.CharField(
        label=_("What is corrected or added"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=_INPUT),
    )


class ElsewhereForm(ReasonForm):
    """When and where a case was reported outside the program."""

    sent_at = forms.DateTimeField(
        label=_("Reported at"),
        help_text=_("Day and time, as 28/05/2021 07:30."),
        widget=forms.DateTimeInput(attrs=_INPUT),
    )
    reference = forms.CharField(
        label=_("Number, or the system in which it was reported"),
        max_length=120,
        widget=forms.TextInput(attrs=_INPUT),
    )
    field_order = ("sent_at", "reference", "reason")

    def elsewhere(self) -> Elsewhere:
        """What the form says, once it is valid."""
        moment = self.cleaned_data["sent_at"]
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return Elsewhere(moment, self.cleaned_data["reference"].strip())


class AnswerForm(forms.Form):
    """What the level above answers."""

    state = forms.ChoiceField(
        choices=[
            (NotificationState.ACKNOWLEDGED.value, NotificationState.ACKNOWLEDGED.label),
            (NotificationState.RETURNED.value, NotificationState.RETURNED.label),
        ]
    )
    words = forms.CharField(
        label=_("Remark"), max_length=300, required=False, widget=forms.TextInput(attrs=_INPUT)
    )
