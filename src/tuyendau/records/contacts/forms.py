"""What pages ask about contacts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.records.contacts.models import Grade
from tuyendau.records.contacts.queries import ContactFilter


class FilterForm(forms.Form):
    """The filters of a case's contact list, as they stand in the URL."""

    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    grade = forms.TypedChoiceField(required=False, choices=Grade.choices, coerce=int, empty_value=None)
    site = forms.CharField(required=False, max_length=32)

    def wanted(self) -> ContactFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return ContactFilter(grade=data.get("grade"), site=data.get("site") or "", q=data.get("q") or "")
