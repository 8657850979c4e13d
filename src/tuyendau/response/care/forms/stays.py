"""Admitting, changing, assessing and ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import Site
from tuyendau.response.care import rules
from tuyendau.response.care.models import Condition, Severity, StayState
from tuyendau.response.care.queries.counts import Room

INPUT = {"class": "form-control"}
SELECT = {"class": "form-select"}


def _line(label: Any, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs=INPUT), **more)


def room_words(room: Room) -> str:
    """A ward or room to choose, with how much is free."""
    if room.free is None:
        return gettext("%(name)s · %(present)s people") % {"name": room.site.name, "present": room.present}
    if room.free <= 0:
        return gettext("%(name)s · full (%(present)s of %(capacity)s)") % {
            "name": room.site.name, "present": room.present, "capacity": room.capacity,
        }  # fmt: skip
    return gettext("%(name)s · %(free)s of %(capacity)s beds free") % {
        "name": room.site.name, "free": room.free, "capacity": room.capacity,
    }  # fmt: skip


class FindForm(forms.Form):
    """Whom to admit: a number and the year of birth, as the person gives them."""

    number = _line(
        _("Number"), 40,
        help_text=_("The whole case number, CCCD, health insurance number or telephone, as the patient gives it."),
    )  # fmt: skip
    birth_year = forms.IntegerField(
        label=_("Year of birth"), min_value=1900, max_value=2100,
        widget=forms.NumberInput(attrs=INPUT | {"inputmode": "numeric"}),
    )  # fmt: skip


class PlacedForm(forms.Form):
    """Where in a facility somebody lies."""

    ward = forms.ChoiceField(label=_("Ward or room"), required=False, widget=forms.Select(attrs=SELECT))
    bed = _line(_("Bed"), 20, required=False)
    beyond = forms.BooleanField(label=_("Also where there is no bed left"), required=False)

    def __init__(self, *args: Any, rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = {room.site.public_id: room.site for room in rooms}
        choices = [("", gettext("not in a ward")), *((r.site.public_id, room_words(r)) for r in rooms)]
        self.fields["ward"].choices = choices  # type: ignore[attr-defined]
        if not rooms:
            del self.fields["ward"]

    def chosen(self) -> Site | None:
        """The ward, once the form is valid."""
        return self.rooms.get(self.cleaned_data.get("ward") or "")


class ConditionsForm(PlacedForm):
    """Where somebody lies, and what makes a severe course likelier."""

    conditions = forms.MultipleChoiceField(label=_("Comorbidity"), choices=Condition.choices, required=False)
    note = _line(_("Note"), 500, required=False)


class AdmitForm(ConditionsForm):
    """An admission."""

    began_at = forms.DateTimeField(label=_("Admitted"))
    level = forms.ChoiceField(label=_("How ill"), choices=Severity.choices, required=False)


class ChangeForm(ConditionsForm):
    """What may change of a stay."""


class EndForm(forms.Form):
    """How a stay ends."""

    state = forms.ChoiceField(label=_("How"))
    ended_at = forms.DateTimeField(label=_("When"))
    ground = _line(_("Reason"), 300, required=False)

    def __init__(self, *args: Any, treated: bool, unmet: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmet = unmet
        endings = [StayState(state.value) for state in rules.endings_for(treated=treated)]
        self.fields["state"].choices = [(state.value, state.label) for state in endings]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever discharges where a criterion is not met says why."""
        given = super().clean() or {}
        if (
            self.unmet
            and given.get("state") == StayState.DISCHARGED
            and not (given.get("ground") or "").strip()
        ):
            self.add_error(
                "ground", _("Not every criterion is met: say why the patient is discharged all the same.")
            )
        return given


class CorrectForm(forms.Form):
    """What stands in the place of a wrong assessment."""

    level = forms.ChoiceField(label=_("How ill"), choices=Severity.choices)
    note = _line(_("Why it was wrong"), 300)


class GroundForm(forms.Form):
    """Why something is done."""

    ground = _line(_("Reason"), 300)
