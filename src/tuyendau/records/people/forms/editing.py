"""What is asked of one person, and of where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import Unit
from tuyendau.lib import clock, identity, phones
from tuyendau.records.people.actions.editing import PersonData
from tuyendau.records.people.forms.filters import CommuneChoice
from tuyendau.records.people.forms.texts import why_refused
from tuyendau.records.people.models import AssignmentRole, Identifier, Person, Sex
from tuyendau.records.people.rules.likeness import Traits
from tuyendau.records.people.rules.wanted import FIRST_YEAR, wanted

NUMBERS = ("cccd", "cmnd", "bhyt", "passport")


def _text(label: Any, longest: int, **more: Any) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "off", **more.pop("attrs", {})}
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=attrs), **more
    )


class PersonForm(forms.Form):
    """Everything that is kept of a person."""

    full_name = _text(gettext_lazy("Full name"), 120)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False, choices=[("", "–"), ("F", Sex.FEMALE.label), ("M", Sex.MALE.label)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    born = _text(gettext_lazy("Born"), 10, help_text=gettext_lazy("dd/mm/yyyy, or the year alone"))
    phone = _text(gettext_lazy("Phone"), 30, attrs={"inputmode": "tel"})
    commune = forms.ChoiceField(
        label=gettext_lazy("Commune"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    address = _text(gettext_lazy("Address"), 200)
    code = _text(
        gettext_lazy("Code"), 60, help_text=gettext_lazy("The number by which scanners and lists know them.")
    )
    cccd = _text("CCCD", 20, attrs={"inputmode": "numeric"})
    cmnd = _text("CMND", 20, attrs={"inputmode": "numeric"})
    bhyt = _text(
        gettext_lazy("Health insurance"), 24, help_text=gettext_lazy("The card of 15, or its ten digits")
    )
    passport = _text(gettext_lazy("Passport"), 20)
    ground = _text(gettext_lazy("Reason"), 300)

    def __init__(self, data: Any = None, *, communes: Iterable[Unit], person: Person | None = None) -> None:
        super().__init__(data, initial=_initial(person) if person else None)
        self.choice = CommuneChoice(communes, person.unit if person else None)
        self.fields["commune"].choices = self.choice.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self._clean_born(given)
        if given.get("phone"):
            try:
                given["phone"] = phones.normalise(given["phone"])
            except phones.PhoneRefused:
                self.add_error("phone", _("This is no Vietnamese telephone number. Write ten digits from 0."))
        for kind in NUMBERS:
            self._clean_number(given, kind)
        if not given.get("full_name") and not given.get("code") and not self.errors:
            self.add_error("full_name", _("Write a name, or at least a code."))
        return given

    def _clean_born(self, given: dict[str, Any]) -> None:
        written = given.get("born") or ""
        given["birth_date"], given["birth_year"] = None, None
        if not written:
            return
        meant = wanted("x " + written)
        today = clock.local_day(clock.now())
        if meant.year is None or meant.number or not FIRST_YEAR <= meant.year <= today.year:
            self.add_error("born", _("Write the day as dd/mm/yyyy, or the year of birth alone."))
        elif meant.day is not None and meant.day > today:
            self.add_error("born", _("This day lies in the future."))
        else:
            given["birth_date"], given["birth_year"] = meant.day, meant.year

    def _clean_number(self, given: dict[str, Any], kind: str) -> None:
        if not given.get(kind):
            return
        try:
            given[kind] = identity.normalise(
                identity.Kind(kind),
                given[kind],
                sex=given.get("sex") or "",
                birth_year=given.get("birth_year"),
            )
        except identity.IdentityRefused as error:
            self.add_error(kind, why_refused(error))

    def person(self) -> PersonData:
        """What a valid form says."""
        given = self.cleaned_data
        return PersonData(
            given["full_name"], given["code"], given["sex"], given["birth_year"], given["birth_date"],
            given["phone"], self.choice.unit_id(given["commune"]), given["address"],
            {kind: given[kind] for kind in NUMBERS},
        )  # fmt: skip

    def traits(self) -> Traits:
        """The same, to be compared."""
        data = self.person()
        numbers = frozenset((kind, value) for kind, value in data.numbers.items() if value)
        return Traits(
            data.full_name,
            data.sex,
            data.birth_year,
            data.birth_date,
            data.phone,
            numbers,
            data.unit_id,
            data.address,
        )


def _initial(person: Person) -> dict[str, Any]:
    numbers = dict(Identifier.objects.filter(person=person).order_by("pk").values_list("kind", "value"))
    born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else person.birth_year
    return {
        "full_name": person.full_name, "sex": person.sex, "born": born, "phone": phones.readable(person.phone),
        "commune": person.unit.code if person.unit else "", "address": person.address, "code": person.code, **numbers,
    }  # fmt: skip


class AssignForm(forms.Form):
    """Where somebody belongs from a day on."""

    site = _text(gettext_lazy("Site code"), 40)
    role = forms.ChoiceField(
        label=gettext_lazy("What they do there"), required=False,
        choices=[("", gettext_lazy("as the kind of site says")), *AssignmentRole.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    shift = _text(gettext_lazy("Shift code"), 20)
    since = forms.DateField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].required = True


class EndForm(forms.Form):
    """Which assignment ends, and its last day."""

    site = forms.CharField(max_length=40)
    since = forms.DateField(input_formats=["%Y-%m-%d"])
    last = forms.DateField(label=gettext_lazy("Last day"))
