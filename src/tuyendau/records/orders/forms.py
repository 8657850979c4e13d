"""What pages ask about orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import Site
from tuyendau.records.orders.models import Kind, Office, PlaceKind, State
from tuyendau.records.orders.queries.reach import BINDING, ENDING, OrderFilter

_INPUT = {"class": "form-control"}
_SELECT = {"class": "form-select"}


class FilterForm(forms.Form):
    """The filters of the list of orders, as they stand in the URL."""

    q = forms.CharField(
        label=_("Name or number"), required=False, max_length=100, widget=forms.TextInput(attrs=_INPUT)
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("every state")),
            (BINDING, _("binds somebody today")),
            *State.choices,
            (ENDING, _("ends today or tomorrow")),
        ],
        widget=forms.Select(attrs=_SELECT),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("both kinds")), *Kind.choices],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    place = forms.MultipleChoiceField(
        required=False, choices=PlaceKind.choices, widget=forms.MultipleHiddenInput
    )
    case = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    disease = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    unit = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    unit_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def wanted(self, today: date) -> OrderFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return OrderFilter(
            q=data.get("q") or "",
            state=data.get("state") or "",
            kind=data.get("kind") or "",
            case=data.get("case") or "",
            today=today,
            places=tuple(data.get("place") or ()),
            disease=data.get("disease") or "",
            unit=data.get("unit") or "",
            unit_on=(data.get("unit_on") or today) if data.get("unit") else None,
        )


class PlaceForm(forms.Form):
    """Where somebody is to stay, and why: what is the same for all of a bulk of drafts."""

    place_kind = forms.ChoiceField(
        label=_("How"), choices=PlaceKind.choices, initial=PlaceKind.FACILITY, widget=forms.RadioSelect
    )
    site = forms.CharField(
        label=_("Facility or room"), required=False, max_length=40,
        help_text=_("The code of the place; empty where it is the address."), widget=forms.TextInput(attrs=_INPUT),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address"), required=False, max_length=200, widget=forms.TextInput(attrs=_INPUT)
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=_INPUT))
    ground = forms.CharField(
        label=_("Further reason, as it is to be printed"), required=False, max_length=300,
        widget=forms.TextInput(attrs=_INPUT),
    )  # fmt: skip

    def clean_site(self) -> Site | None:
        """The place of that code."""
        code = self.cleaned_data["site"].strip()
        if not code:
            return None
        site = Site.objects.filter(code__iexact=code).select_related("parent").first()
        if site is None:
            raise forms.ValidationError(_("There is no place with the code %(code)s."), params={"code": code})
        return site


class OrderForm(PlaceForm):
    """One order."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Kind.choices, initial=Kind.QUARANTINE, widget=forms.RadioSelect
    )
    ends_on = forms.DateField(label=_("To, this day included"), widget=forms.DateInput(attrs=_INPUT))
    field_order = ("kind", "place_kind", "site", "address", "starts_on", "ends_on", "ground")

    def terms(self) -> dict[str, Any]:
        """What the form says, once it is valid, as `actions.Draft` takes it."""
        data = self.cleaned_data
        return {
            "kind": Kind(data["kind"]),
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "place_kind": PlaceKind(data["place_kind"]),
            "site": data["site"],
            "address": data["address"],
            "ground": data["ground"],
        }


class ExtendForm(forms.Form):
    """Until when an order goes on."""

    until = forms.DateField(label=_("To, this day included"), widget=forms.DateInput(attrs=_INPUT))
    ground = forms.CharField(label=_("Ground"), max_length=300, widget=forms.TextInput(attrs=_INPUT))


class GroundForm(forms.Form):
    """Why something is done."""

    ground = forms.CharField(label=_("Ground"), max_length=300, widget=forms.TextInput(attrs=_INPUT))


class SignForm(forms.Form):
    """For which authority and in what office somebody signs."""

    unit = forms.ChoiceField(label=_("For"), widget=forms.Select(attrs=_SELECT))
    office = forms.ChoiceField(
        label=_("As"), choices=Office.choices, initial=Office.VICE_CHAIR, widget=forms.Select(attrs=_SELECT)
    )
    first = forms.IntegerField(
        label=_("First number of the year"), required=False, min_value=1, max_value=99_999,
        help_text=_("Only where earlier numbers were given on paper: the number that comes next."),
        widget=forms.NumberInput(attrs=_INPUT),
    )  # fmt: skip
