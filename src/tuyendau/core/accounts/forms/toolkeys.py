"""What is written about a key of a tool."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tuyendau.core.accounts.actions.toolkeys import DAYS

_CHOICES = [(n, ngettext_lazy("%(n)d day", "%(n)d days", n) % {"n": n}) for n in DAYS]


class ToolKeyForm(forms.Form):
    """A new key: what it is for, and for how long."""

    name = forms.CharField(
        label=_("What for"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("QGIS in the office")}),
    )
    days = forms.TypedChoiceField(
        label=_("In force for"),
        choices=_CHOICES,
        coerce=int,
        initial=30,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
