"""What the pages of situation reports ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import Unit
from tuyendau.insight.reports.models import ReportBasis
from tuyendau.insight.situation.rules import Basis
from tuyendau.lib import clock
from tuyendau.records.cases.forms.words import in_language
from tuyendau.science.epi.diseases import diseases

_INPUT = {"class": "form-control"}
_SELECT = {"class": "form-select"}
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]


class _OfUnit(forms.Form):
    """Of which unit and disease, by which date, in which language."""

    unit = forms.ChoiceField(label=_("Unit"), widget=forms.Select(attrs=_SELECT))
    disease = forms.ChoiceField(label=_("Disease"), widget=forms.Select(attrs=_SELECT))
    basis = forms.ChoiceField(
        label=_("Count cases"), choices=ReportBasis.choices, widget=forms.Select(attrs=_SELECT)
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [
            (unit.code, unit.name if unit.parent is None else f"{unit.name} ({unit.parent.name})")
            for unit in units
        ]
        self.fields["unit"].choices = told  # type: ignore[attr-defined]
        known = [(each.code, in_language(each.name)) for each in diseases()]
        self.fields["disease"].choices = known  # type: ignore[attr-defined]

    @property
    def basis_chosen(self) -> Basis:
        """By which date cases are counted."""
        return Basis(self.cleaned_data["basis"])


class MakeForm(_OfUnit):
    """A report as known at a day and time; without them as known now."""

    day = forms.DateField(
        label=_("As known on"), required=False, widget=forms.DateInput(attrs=_INPUT),
        help_text=_("Day and time; empty is now."),
    )  # fmt: skip
    time = forms.TimeField(label=_("Time of day"), required=False, widget=forms.TimeInput(attrs=_INPUT))
    field_order = ("unit", "day", "time", "disease", "basis", "language")

    def moment(self, at: datetime) -> datetime:
        """The moment asked for, to the minute; now is the minute that has begun."""
        day, hour = self.cleaned_data["day"], self.cleaned_data["time"]
        if day is None:
            return at.replace(second=0, microsecond=0)
        return datetime.combine(day, hour or time(23, 59), clock.ZONE)

    def clean(self) -> dict[str, Any]:
        """A time needs its day."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("time") and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say of which day this time is."))
        return data


class ScheduleForm(_OfUnit):
    """A report every day at a time."""

    time = forms.TimeField(
        label=_("Every day at"), widget=forms.TimeInput(attrs=_INPUT), help_text=_("As 18:00.")
    )
    field_order = ("unit", "time", "disease", "basis", "language")
