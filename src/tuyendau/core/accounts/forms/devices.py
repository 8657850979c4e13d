"""What is written about devices."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DeviceForm(forms.Form):
    """A new device: its name and its site."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("what people call it, as “Gate 1, left scanner”"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    site = forms.CharField(
        label=_("Site"),
        max_length=32,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the site from the list.")},
    )
