"""What is asked when a view of a list is kept."""

from __future__ import annotations

from django import forms


class SaveForm(forms.Form):
    """A view to keep: of which list, its name, for whom, and what it shows."""

    list = forms.CharField(max_length=40)
    name = forms.CharField(max_length=80)
    team = forms.CharField(max_length=40, required=False)
    query = forms.CharField(max_length=20_000, required=False)
    first = forms.BooleanField(required=False)


class ChangeForm(forms.Form):
    """Another name of a view, or what it shows from now on: what is not sent stays."""

    name = forms.CharField(max_length=80, required=False)
    query = forms.CharField(max_length=20_000, required=False)
