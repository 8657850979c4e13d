"""The filters of the list of patients, as they stand in the address, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Viewer
from tuyendau.core.places.models import Site
from tuyendau.response.care.models import Condition, Severity
from tuyendau.response.care.queries.patients import CASES, CONTACTS, LATE, READY, PatientFilter
from tuyendau.response.care.queries.reach import facilities, wards_of

SHOWS = [("present", _("in the facility")), ("ended", _("left")), ("all", _("all"))]
LEVELS = [*reversed(Severity.choices), ("none", _("not assessed"))]
WANTS = [("", "–"), (LATE, _("to be assessed again")), (READY, _("meets the criteria of discharge"))]
WHO = [
    ("", _("cases and contacts")),
    (CASES, _("cases under treatment")),
    (CONTACTS, _("contacts in quarantine")),
]
MOST_OFFERED = 200


def _one(label: Any, choices: Any) -> forms.ChoiceField:
    select = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=select)


class FilterForm(forms.Form):
    """The filters; a choice that there is none of narrows nothing."""

    q = forms.CharField(
        label=_("Name, number or bed"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    show = _one(_("Show"), SHOWS)
    site = _one(_("Facility, ward or room"), ())
    severity = forms.MultipleChoiceField(label=_("Severity"), choices=LEVELS, required=False)
    condition = _one(_("Comorbidity"), [("", "–"), *Condition.choices])
    who = _one(_("Who"), WHO)
    wants = _one(_("To do"), WANTS)
    unit = forms.CharField(
        label=_("Commune or district"), required=False, max_length=10, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["site"].choices = [("", _("everywhere")), *sites_to_choose(viewer)]  # type: ignore[attr-defined]

    def wanted(self, now: datetime) -> PatientFilter:
        """The filter."""
        self.is_valid()
        given = self.cleaned_data
        return PatientFilter(
            q=given.get("q") or "", show=given.get("show") or "present", site=given.get("site") or "",
            severity=tuple(given.get("severity") or ()), condition=given.get("condition") or "",
            who=given.get("who") or "", wants=given.get("wants") or "", unit=given.get("unit") or "", now=now,
        )  # fmt: skip

    def chips(self) -> Iterator[tuple[str, str, str]]:
        """The filters in force: the name and the value in the address, and both in words."""
        given = self.cleaned_data
        if given.get("q"):
            yield "q", "", f"{self.fields['q'].label}: {given['q']}"
        words = dict(LEVELS)
        for value in given.get("severity") or ():
            yield "severity", value, f"{self.fields['severity'].label}: {words[value]}"
        for name in ("show", "site", "condition", "who", "wants"):
            if value := given.get(name):
                yield name, "", f"{self.fields[name].label}: {_word(self.fields[name], value)}"
        if given.get("unit"):
            yield "unit", "", f"{self.fields['unit'].label}: {given['unit']}"

    @property
    def narrowed_further(self) -> bool:
        """Whether one of the filters is in force that are folded away."""
        return any(self.data.get(name) for name in ("condition", "who", "wants", "unit"))


def _word(field: Any, value: str) -> str:
    for key, word in field.choices:
        for held, text in word if isinstance(word, list | tuple) else [(key, word)]:
            if str(held) == value:
                return str(text)
    return value


def sites_to_choose(viewer: Viewer) -> list[tuple[str, Any]]:
    """The viewer's facilities; of few of them also their wards and rooms, in groups."""
    sites = list(facilities(viewer))
    if len(sites) > 3:
        return [(site.public_id, site.name) for site in sites[:MOST_OFFERED]]
    found: list[tuple[str, Any]] = []
    for site in sites:
        wards = list(wards_of([site])[:MOST_OFFERED])
        found += _group(site, wards)
    return found


def _group(site: Site, wards: list[Site]) -> list[tuple[str, Any]]:
    if not wards:
        return [(site.public_id, site.name)]
    return [(site.name, [(site.public_id, _("the whole facility")), *((w.public_id, w.name) for w in wards)])]
