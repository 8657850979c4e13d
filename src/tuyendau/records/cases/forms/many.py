"""A decision on many cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus

ISOLATE = "isolate"


class ManyForm(forms.Form):
    """What is decided: a status, or since when they are isolated, and on what ground."""

    act = forms.ChoiceField(
        label=_("Decide"),
        choices=[*CaseStatus.choices, (ISOLATE, _("Isolated since"))],
        error_messages={"required": _("Choose what is decided.")},
    )
    isolated_at = forms.DateTimeField(
        label=_("Isolated since"), required=False, help_text=_("Leave empty if they are not isolated yet.")
    )
    ground = forms.CharField(
        label=_("Ground"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        moment: datetime | None = given.get("isolated_at")
        if given.get("act") == ISOLATE and moment is None and "isolated_at" not in self.errors:
            self.add_error("isolated_at", gettext("Write since when they are isolated."))
        if moment is not None and moment > clock.now():
            self.add_error("isolated_at", gettext("Isolated: the time lies in the future."))
        return given

    def asked(self) -> tuple[str, Mapping[str, Any]]:
        """The name of the act of a valid form, and what it is told."""
        given = self.cleaned_data
        moment: datetime | None = given["isolated_at"]
        data: dict[str, Any] = {"isolated_at": moment.isoformat() if moment else ""}
        if given["act"] == ISOLATE:
            return ISOLATE, data
        return "classify", data | {"status": given["act"]}
