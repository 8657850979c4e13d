"""Asking another facility, and taking the patient in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import Site
from tuyendau.response.care.forms.stays import INPUT, SELECT, PlacedForm, room_words
from tuyendau.response.care.models import Severity
from tuyendau.response.care.queries.counts import Room


class ProposeForm(forms.Form):
    """Where a patient is to go, and why."""

    to = forms.ChoiceField(label=_("To which facility"), widget=forms.Select(attrs=SELECT))
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    reason = forms.CharField(
        label=_("Reason and what the patient needs"), max_length=300, widget=forms.TextInput(attrs=INPUT)
    )

    def __init__(self, *args: Any, rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {room.site.public_id: room.site for room in rooms}
        self.fields["to"].choices = [("", "–"), *((r.site.public_id, room_words(r)) for r in rooms)]  # type: ignore[attr-defined]

    def chosen(self) -> Site:
        """The facility, once the form is valid."""
        return self.sites[self.cleaned_data["to"]]


class ArriveForm(PlacedForm):
    """Where a patient who arrived lies, and how ill they are."""

    arrived_at = forms.DateTimeField(label=_("Arrived"))
    level = forms.ChoiceField(label=_("How ill on arrival"), choices=Severity.choices)
    field_order = ("arrived_at", "level", "ward", "bed", "beyond")
