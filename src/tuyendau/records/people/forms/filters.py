"""What people are searched by."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.places.models import Unit


class CommuneChoice:
    """The communes that can be chosen, by code, in groups by what they lie in; `also` is offered whatever its age."""

    def __init__(self, communes: Iterable[Unit], also: Unit | None = None, *, empty: Any = "–") -> None:
        self.communes: dict[str, Unit] = {}
        for commune in communes:
            known = self.communes.get(commune.code)
            # Codes are reused after reforms: the newer unit is meant.
            if known is None or known.valid_from < commune.valid_from:
                self.communes[commune.code] = commune
        if also is not None:
            self.communes[also.code] = also
        groups = groupby(self.communes.values(), key=lambda c: c.parent.name if c.parent else "")
        self.choices = [
            ("", empty),
            *((parent, [(c.code, c.name) for c in inside]) for parent, inside in groups),
        ]

    def unit_id(self, code: str) -> int | None:
        """The row id of the commune of that code, None for ""."""
        return self.communes[code].pk if code else None


class PeopleFilter(forms.Form):
    """The filter of the list: words of a name, a code or a phone number; a commune or a site by its code."""

    q = forms.CharField(
        label=_("Name, birth, phone, number or code"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    commune = forms.ChoiceField(
        label=_("Commune"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "invalid_choice": _("There is no such commune within your area; choose one of the list.")
        },
    )

    site = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, communes: Iterable[Unit]) -> None:
        super().__init__(data)
        self.choice = CommuneChoice(communes, empty=_("all communes"))
        self.communes = self.choice.communes
        self.fields["commune"].choices = self.choice.choices  # type: ignore[attr-defined]

    @property
    def offers_communes(self) -> bool:
        """Whether there is more than one commune to choose from."""
        return len(self.communes) > 1

    def chosen(self) -> Unit | None:
        """The commune chosen, of a valid form."""
        return self.communes.get(self.cleaned_data["commune"])
