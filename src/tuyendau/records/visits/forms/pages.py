"""What the scan page asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.records.visits.models import ToldBy

_SELECT = {"class": "form-select"}


class ScanForm(forms.Form):
    """One scan: who, where, in or out, and when if not now."""

    person = forms.CharField(
        label=_("Person's code"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "autofocus": True}),
    )
    site = forms.CharField(
        label=_("Site's code"), max_length=40, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("in", _("in")), ("out", _("out"))],
        widget=forms.RadioSelect,
        initial="in",
    )
    moment = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("Leave empty for now."),
    )


class DayForm(forms.Form):
    """The day of which presence at a site is shown."""

    day = forms.DateField(label=_("Day"))


class InterviewForm(forms.Form):
    """Where somebody was, from when to when, and who told it."""

    site = forms.CharField(
        label=_("Place where it was"),
        max_length=40,
        error_messages={"required": _("Choose the place from the list that opens as you type its name.")},
    )
    start = forms.DateTimeField(label=_("From when"))
    end = forms.DateTimeField(label=_("Until when"))
    told_by = forms.ChoiceField(
        label=_("Told by"), choices=ToldBy.choices, widget=forms.Select(attrs=_SELECT)
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class CorrectionForm(forms.Form):
    """The right times of a visit, and why the others were wrong."""

    start = forms.DateTimeField(label=_("In"))
    end = forms.DateTimeField(label=_("Out"))
    ground = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class AbsenceForm(forms.Form):
    """Who was absent on which day, or was not."""

    person = forms.CharField(max_length=32)
    day = forms.DateField()
    absent = forms.BooleanField(required=False)
