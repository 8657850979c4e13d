"""What whoever manages retention enters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.retention.queries import keepings
from tuyendau.core.retention.rules import LONGEST, SHORTEST


class PeriodsForm(forms.Form):
    """Days by class of data, and what the periods rest on."""

    source = forms.CharField(label=_("What the periods rest on"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in keepings():
            self.fields[code] = forms.IntegerField(min_value=SHORTEST, max_value=LONGEST)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def periods(self) -> dict[str, int]:
        """The days by class, of a form that is valid."""
        return {code: self.cleaned_data[code] for code in keepings()}


class HoldForm(forms.Form):
    """A person, by the public id, and why their data is kept."""

    subject = forms.RegexField(
        r"^person_[0-9a-z]{12}$",
        label=_("Person, as person_…"),
        error_messages={
            "invalid": _("Write the person's id as it stands in the address of their page: person_…")
        },
    )
    ground = forms.CharField(label=_("Ground"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
