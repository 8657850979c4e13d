"""For which place, window and moment indicators are asked, from the address of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.access import Viewer
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation.forms.room import Moment
from tuyendau.insight.situation.queries import units_to_choose
from tuyendau.insight.situation.rules import Window, last
from tuyendau.lib import clock
from tuyendau.records.cases.forms.lines import known_diseases

DAYS = (1, 3, 7, 14, 28)
DEFAULT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `unit` None is all of the viewer's reach, `disease` "" is every disease, `live` as of now."""

    at: datetime
    unit: Unit | None
    window: Window
    disease: str
    live: bool


class IndicatorForm(forms.Form):
    """The page's filters; what the address leaves out is as by default: the last week, as known now."""

    unit = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    days = forms.TypedChoiceField(label=gettext_lazy("Window"), coerce=int)
    disease = forms.ChoiceField(label=gettext_lazy("Disease"), required=False)
    at = Moment(label=gettext_lazy("As known on"), required=False)

    def __init__(self, asked: QueryDict, *, viewer: Viewer, now: datetime) -> None:
        self._now = now
        given: dict[str, Any] = {"days": DEFAULT_DAYS}
        given |= {name: asked[name] for name in ("unit", "days", "disease", "at") if asked.get(name)}
        super().__init__(given)
        self._units = {unit.code: unit for unit in units_to_choose(viewer, now)}
        fields: dict[str, Any] = dict(self.fields)
        fields["unit"].choices = [
            ("", _("all of your area")),
            *((c, _named(u)) for c, u in self._units.items()),
        ]
        fields["days"].choices = [(n, _("last %(n)d days") % {"n": n} if n > 1 else _("today")) for n in DAYS]
        fields["disease"].choices = [("", _("every disease")), *known_diseases()]
        for name in ("unit", "days", "disease"):
            fields[name].widget.attrs["class"] = "form-select"
        fields["at"].widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"class": "form-control", "type": "datetime-local"}
        )

    def asked(self) -> Asked:
        """What is asked, once the form is valid."""
        at = self.cleaned_data["at"]
        moment = at or self._now
        return Asked(
            moment,
            self._units.get(self.cleaned_data["unit"]),
            last(self.cleaned_data["days"], clock.local_day(moment)),
            self.cleaned_data["disease"],
            at is None,
        )


def _named(unit: Unit) -> str:
    return f"{unit.name}, {unit.parent.name}" if unit.parent is not None else unit.name
