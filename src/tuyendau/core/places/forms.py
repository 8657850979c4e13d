"""What the list of sites is narrowed to, from the address of the page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import SiteKind
from tuyendau.core.places.queries import SiteFilter


class SiteFilterForm(forms.Form):
    """The filters of the list of sites; one that cannot be understood narrows nothing."""

    q = forms.CharField(
        label=_("Name or code"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("every kind")), *SiteKind.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    unit = forms.CharField(
        label=_("Commune code"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    under = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput())

    def chosen(self) -> SiteFilter:
        """The filter as given."""
        self.is_valid()
        return SiteFilter(
            **{name: self.cleaned_data.get(name) or "" for name in ("q", "kind", "unit", "under")}
        )
