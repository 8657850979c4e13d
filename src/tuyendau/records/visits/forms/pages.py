"""What the scan page asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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
