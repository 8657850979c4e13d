"""A self-declaration form that came back, line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.records.interviews.actions import NewDeclared
from tuyendau.records.interviews.forms.fields import INPUT, PhoneField, text

LINES = 5
"""Empty lines that a page offers; who fills them all gets as many again."""

MOST_LINES = 200


class DeclarationForm(forms.Form):
    """When the form came back."""

    returned_on = forms.DateField(label=gettext_lazy("Came back on"))


class LineForm(forms.Form):
    """One whom the F1 declared to have met. An empty line says nothing."""

    full_name = text(gettext_lazy("Name"), 120)
    phone = PhoneField(gettext_lazy("Phone"))
    birth_year = forms.IntegerField(
        label=gettext_lazy("Birth year"), required=False, min_value=1900, max_value=2100,
        widget=forms.NumberInput(attrs=INPUT | {"inputmode": "numeric"}),
    )  # fmt: skip
    address = text(gettext_lazy("Address"), 200)
    relation = text(gettext_lazy("Relation"), 100)
    last_met_on = forms.DateField(label=gettext_lazy("Last met on"), required=False)

    @property
    def empty(self) -> bool:
        """Whether nothing was written in the line."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """A line has a name and a day: without them nobody can be looked for."""
        data: dict[str, Any] = super().clean() or {}
        if not self.empty:
            for name, message in (("full_name", _("Write the name.")), ("last_met_on", _("Write the day."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return data

    def declared(self) -> NewDeclared:
        """What the line says."""
        return NewDeclared(**self.cleaned_data)


def line_forms(data: Any = None) -> list[LineForm]:
    """The lines of the page: those that were sent, else empty ones."""
    try:
        sent = min(MOST_LINES, int(data.get("lines", LINES))) if data is not None else LINES
    except ValueError:
        sent = LINES
    return [LineForm(data, prefix=f"p{number}", auto_id=f"p{number}_%s") for number in range(sent)]
