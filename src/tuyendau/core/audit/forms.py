"""What an auditor asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.audit.queries.lists import EXPORTS, READS, EventFilter
from tuyendau.core.audit.queries.words import KINDS


class FilterForm(forms.Form):
    """The filters of the list of events, as they stand in the URL."""

    who = forms.CharField(label=_("User name"), required=False, max_length=150)
    kind = forms.ChoiceField(label=_("What was done"), required=False)
    subject = forms.CharField(label=_("Subject, as person_…"), required=False, max_length=40)
    only = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("everything")), (READS, _("only looks and searches")), (EXPORTS, _("only exports"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(((code, str(words)) for code, words in KINDS.items()), key=lambda each: each[1])
        self.fields["kind"].choices = [("", _("anything")), *kinds]  # type: ignore[attr-defined]
        self.fields["from"] = forms.DateField(label=_("From"), required=False)
        self.fields["to"] = forms.DateField(label=_("To"), required=False)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name in {"kind", "only"} else "form-control"

    def wanted(self) -> EventFilter:
        """The filter; a field that cannot be understood narrows nothing, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        return EventFilter(
            who=data.get("who") or "",
            kind=data.get("kind") or "",
            subject=data.get("subject") or "",
            first=data.get("from"),
            last=data.get("to"),
            only=data.get("only") or "",
        )
