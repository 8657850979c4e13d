"""What pages ask about follow-up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.lib import clock
from tuyendau.records.followup.actions import BY_PLACE, IN_TURN, Found
from tuyendau.records.followup.models import How, Result, Symptom
from tuyendau.records.followup.queries import SHOWS, WorkFilter

DEGREES = [("", _("cases and contacts")), ("1", "F1"), ("0", "F0"), ("2", "F2")]
_INPUT = {"class": "form-control"}
_SELECT = {"class": "form-select"}


class WorkForm(forms.Form):
    """The filters of the day's list, as they stand in the URL."""

    show = forms.CharField(required=False, max_length=10)
    q = forms.CharField(
        label=_("Name, number, telephone or address"), required=False, max_length=100,
        widget=forms.TextInput(attrs=_INPUT | {"type": "search"}),
    )  # fmt: skip
    disease = forms.CharField(required=False, max_length=20)
    unit = forms.CharField(required=False, max_length=10)
    unit_on = forms.DateField(required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)
    officer = forms.CharField(required=False, max_length=32)
    site = forms.CharField(required=False, max_length=32)
    degree = forms.ChoiceField(
        label=_("Cases or contacts"), required=False, choices=DEGREES, widget=forms.Select(attrs=_SELECT)
    )

    def wanted(self) -> WorkFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        show = data.get("show") or ""
        degree = data.get("degree") or ""
        today = clock.local_day(clock.now())
        return WorkFilter(
            show=show if show in SHOWS else SHOWS[0],
            q=data.get("q") or "",
            mine=bool(data.get("mine")),
            officer=data.get("officer") or "",
            site=data.get("site") or "",
            degree=int(degree) if degree else None,
            disease=data.get("disease") or "",
            unit=data.get("unit") or "",
            unit_on=(data.get("unit_on") or today) if data.get("unit") else None,
        )


class CheckForm(forms.Form):
    """What a check found."""

    result = forms.ChoiceField(label=_("What was found"), choices=Result.choices, widget=forms.RadioSelect)
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"), choices=Symptom.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    temperature = forms.DecimalField(
        label=_("Temperature, °C"), required=False, max_digits=4, decimal_places=1, localize=True,
        widget=forms.TextInput(attrs=_INPUT | {"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    how = forms.ChoiceField(label=_("How"), choices=How.choices, initial=How.VISIT, widget=forms.RadioSelect)
    tested = forms.BooleanField(
        label=_("A sample was taken"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=_INPUT))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.TextInput(attrs=_INPUT)
    )

    def found(self) -> Found:
        """What the form says, once it is valid."""
        data = self.cleaned_data
        return Found(
            result=Result(data["result"]),
            how=How(data["how"]),
            day=data["day"],
            symptoms=tuple(data["symptoms"]),
            temperature=data["temperature"],
            tested=data["tested"],
            note=data["note"],
        )


class AlarmForm(forms.Form):
    """What was done about symptoms."""

    answer = forms.CharField(
        label=_("What was done"), max_length=300,
        widget=forms.TextInput(attrs=_INPUT | {"placeholder": _("Sample taken, taken to hospital …")}),
    )  # fmt: skip


class GroundForm(forms.Form):
    """Why something is done."""

    ground = forms.CharField(label=_("Ground"), max_length=500, widget=forms.TextInput(attrs=_INPUT))


class OpenForm(forms.Form):
    """Somebody to be followed whom no list shows."""

    disease = forms.ChoiceField(label=_("Disease"), widget=forms.Select(attrs=_SELECT))
    degree = forms.ChoiceField(
        label=_("As"), choices=[("1", _("F1, close contact of a case")), ("2", _("F2, contact of an F1"))],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    exposed_on = forms.DateField(
        label=_("Last exposure"), help_text=_("This is day 0."), widget=forms.DateInput(attrs=_INPUT)
    )
    source = forms.CharField(
        label=_("The F1 whom they met"), required=False, max_length=32, help_text=_("Of an F2: the id of the person."),
        widget=forms.TextInput(attrs=_INPUT),
    )  # fmt: skip
    ground = forms.CharField(label=_("Ground"), max_length=500, widget=forms.TextInput(attrs=_INPUT))


class HandForm(forms.Form):
    """To whom people are given, and how."""

    officers = forms.MultipleChoiceField(label=_("To"), widget=forms.CheckboxSelectMultiple)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[(BY_PLACE, _("by place: one house, one officer")), (IN_TURN, _("in turn"))],
        initial=BY_PLACE,
        widget=forms.RadioSelect,
    )
    absent = forms.ChoiceField(label=_("Of"), required=False, widget=forms.Select(attrs=_SELECT))
