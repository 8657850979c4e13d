"""A milestone, and what the list of them is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.lib import clock
from tuyendau.records.interviews.actions import PlaceAndTime
from tuyendau.records.interviews.forms.fields import SELECT, commune, text
from tuyendau.records.interviews.models import MilestoneExposure, MilestoneState
from tuyendau.records.interviews.queries import MilestoneFilter


class MilestoneForm(forms.Form):
    """Place, time, how people were together, and whether the public is told."""

    site = forms.CharField(label=_("Place where it was"), max_length=40, required=False)
    site_name = forms.CharField(max_length=200, required=False)
    words = text(_("Place in words, if it is not found"), 200)
    commune = forms.CharField(label=_("Commune"), max_length=10, required=False)
    commune_name = forms.CharField(max_length=120, required=False)
    start = forms.DateTimeField(label=_("From when"))
    end = forms.DateTimeField(label=_("Until when"))
    exposure = forms.ChoiceField(
        label=_("How people were together"),
        choices=MilestoneExposure.choices,
        widget=forms.Select(attrs=SELECT),
    )
    announced = forms.BooleanField(label=_("Tell the public"), required=False)
    note = text(_("Note"), 300)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("site") and not data.get("words"):
            data["words"] = data.get("site_name", "")
        try:
            day = clock.local_day(data.get("start") or clock.now())
            data["unit"] = commune(data.get("commune", ""), day)
        except forms.ValidationError as error:
            self.add_error("commune", error)
        return data

    def told(self) -> PlaceAndTime:
        """What the form says."""
        data = self.cleaned_data
        return PlaceAndTime(
            start=data["start"], end=data["end"], site_code=data["site"], words=data["words"], unit=data["unit"],
            exposure=data["exposure"], announced=data["announced"], note=data["note"],
        )  # fmt: skip


class MilestoneFilterForm(forms.Form):
    """The filters of the list, as they stand in the URL."""

    unit = text(_("Commune or district code"), 10)
    day = forms.DateField(label=_("Day"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("every state")), *MilestoneState.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip

    def wanted(self) -> MilestoneFilter:
        """The filter; what cannot be understood narrows nothing, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        return MilestoneFilter(data.get("unit") or "", data.get("day"), data.get("state") or "")
