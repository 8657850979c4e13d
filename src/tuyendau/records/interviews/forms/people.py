"""Whom the case named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.lib import clock
from tuyendau.records.interviews.actions import NewNamed
from tuyendau.records.interviews.forms.fields import INPUT, SELECT, PhoneField, commune, text
from tuyendau.records.interviews.models import Nearness, Way


def _number(label: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most,
        widget=forms.NumberInput(attrs=INPUT | {"inputmode": "numeric"}),
    )  # fmt: skip


class NamedForm(forms.Form):
    """One whom the case named: found on record, by name, or a number of unknown people."""

    person = forms.CharField(max_length=40, required=False)
    who = text(_("Name"), 120)
    phone = PhoneField(_("Phone"))
    birth_year = _number(_("Birth year"), 1900, 2100)
    commune = forms.CharField(label=_("Commune"), max_length=10, required=False)
    commune_name = forms.CharField(max_length=120, required=False)
    address = text(_("Address"), 200)
    people = _number(_("How many, if unknown"), 1, 1_000)
    way = forms.ChoiceField(label=_("Occasion"), choices=Way.choices, widget=forms.Select(attrs=SELECT))
    place = forms.ChoiceField(label=_("Where"), required=False, widget=forms.Select(attrs=SELECT))
    near = forms.ChoiceField(
        label=_("How near"), required=False, choices=[("", "–"), *Nearness.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    minutes = _number(_("Minutes together"), 1, 100_000)
    first_on = forms.DateField(label=_("From day"), required=False)
    last_on = forms.DateField(label=_("Last day together"), required=False)
    source = forms.BooleanField(label=_("Could have infected the case"), required=False)
    note = text(_("Note"), 200)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "n_%s"} | kwargs)
        self.fields["place"].choices = [("", "–"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        try:
            data["unit"] = commune(data.get("commune", ""), clock.local_day(clock.now()))
        except forms.ValidationError as error:
            self.add_error("commune", error)
        return data

    def told(self) -> NewNamed:
        """What the form says."""
        data = self.cleaned_data
        return NewNamed(
            way=data["way"], person=data["person"], full_name="" if data["person"] else data["who"],
            phone=data["phone"], birth_year=data["birth_year"], unit=data["unit"], address=data["address"],
            people=data["people"] or 1, near=data["near"], minutes=data["minutes"], place=data["place"],
            first_on=data["first_on"], last_on=data["last_on"], source=data["source"], note=data["note"],
        )  # fmt: skip
