"""A case as it is typed, with its person, without a mouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Site, Unit
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.entering import EnteredCase
from tuyendau.records.cases.forms.lines import known_diseases, sites_named
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.rules.entering import meant_by
from tuyendau.records.people.actions import PersonData
from tuyendau.records.people.forms import PersonForm
from tuyendau.science.epi.diseases import DiseaseError, disease

_NOT_ASKED = ("code", "cmnd", "bhyt", "passport")
ORDER = (
    "full_name", "sex", "born", "phone", "cccd", "commune", "address", "site", "disease", "status", "onset_on",
    "symptoms", "sampled_on", "result_on", "isolated_at", "note", "ground",
)  # fmt: skip
KEPT = ("commune", "site", "disease", "status")
"""What stays for the next case: one house, one line, one disease after the other."""


def _text(label: Any, longest: int, **more: Any) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "off", **more.pop("attrs", {})}
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=attrs), **more
    )


class EntryForm(PersonForm):
    """Who, where, when; in the order in which it is told on the telephone."""

    site = _text(_("Company, line or lodging"), 80, attrs={"list": "site-options"})
    disease = forms.ChoiceField(label=_("Disease"), widget=forms.Select(attrs={"class": "form-select"}))
    status = forms.ChoiceField(label=_("Status"), widget=forms.Select(attrs={"class": "form-select"}))
    onset_on = forms.DateField(label=_("Onset"), required=False)
    symptoms = _text(_("Symptoms"), 200, attrs={"list": "symptom-options"})
    sampled_on = forms.DateField(label=_("Sample"), required=False)
    result_on = forms.DateField(label=_("Result"), required=False)
    isolated_at = forms.DateTimeField(label=_("Isolated since"), required=False)
    note = _text(_("Note"), 500)

    def __init__(
        self, data: Any = None, *, communes: Iterable[Unit], viewer: Viewer, initial: Any = None
    ) -> None:
        super().__init__(data, communes=communes)
        for name in _NOT_ASKED:
            del self.fields[name]
        self.viewer = viewer
        self.initial = initial or {}
        self.fields["commune"] = _text(_("Commune"), 80, attrs={"list": "commune-options"})
        self.communes = self.choice.communes
        if len(self.communes) == 1:
            self.initial.setdefault("commune", next(iter(self.communes.values())).name)
        self.fields["disease"].choices = known_diseases()  # type: ignore[attr-defined]
        statuses = [CaseStatus.SUSPECTED]
        if viewer.may(Permission.CASE_DECIDE):
            statuses += [CaseStatus.PROBABLE, CaseStatus.CONFIRMED]
        else:
            del self.fields["isolated_at"]
        self.fields["status"].choices = [(s.value, s.label) for s in statuses]  # type: ignore[attr-defined]
        self.fields["full_name"].widget.attrs["autofocus"] = True
        self.order_fields(ORDER)

    def mark(self) -> None:
        """Mark the faulty fields of a refused form, and begin at the first of them."""
        faulty = [name for name in self.fields if name in self.errors]
        for name in faulty:
            attrs = self.fields[name].widget.attrs
            attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()
        if faulty:
            self.fields["full_name"].widget.attrs.pop("autofocus", None)
            self.fields[faulty[0]].widget.attrs["autofocus"] = True

    def named(self) -> dict[str, str]:
        """The communes to choose from, by code, with what they lie in where two have one name."""
        count: dict[str, int] = {}
        for unit in self.communes.values():
            count[unit.name] = count.get(unit.name, 0) + 1
        return {
            code: f"{unit.name}, {unit.parent.name}" if count[unit.name] > 1 and unit.parent else unit.name
            for code, unit in self.communes.items()
        }

    def clean_commune(self) -> str:
        """The code of the commune that is meant, "" for none."""
        written = str(self.cleaned_data["commune"]).strip()
        if not written or written in self.communes:
            return written
        names = {code: [name, name.partition(",")[0]] for code, name in self.named().items()}
        meant = meant_by(
            written.replace(",", " "), {c: [n.replace(",", " ") for n in held] for c, held in names.items()}
        )
        if meant.unclear:
            raise forms.ValidationError(
                gettext("Several communes are called so: write the district behind it.")
            )
        if not meant.codes:
            raise forms.ValidationError(
                gettext("There is no such commune within your area; choose one of the list.")
            )
        return meant.codes[0]

    def clean_site(self) -> str:
        """The code of the site that is meant."""
        written = str(self.cleaned_data["site"]).strip()
        if not written or Site.objects.filter(code=written).exists():
            return written
        found = [site.code for site in sites_named(self.viewer, written)[:2]]
        if len(found) == 1:
            return str(found[0])
        if found:
            raise forms.ValidationError(gettext("Several sites are called so: choose one of the list."))
        raise forms.ValidationError(gettext("There is no site of that name or code within your area."))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        try:
            known = {
                each.code: list(each.name.values()) for each in disease(given.get("disease") or "").symptoms
            }
        except DiseaseError:
            known = {}
        meant = meant_by(given.get("symptoms") or "", known)
        for words, text in (
            (meant.unclear, gettext("“%(words)s” could be several symptoms: write it whole.")),
            (meant.unknown, gettext("“%(words)s” is no symptom of this disease. Write it into the note.")),
        ):
            if words:
                self.add_error("symptoms", text % {"words": ", ".join(words)})
        given["symptom_codes"] = meant.codes
        return given

    def person(self) -> PersonData:
        """What a valid form says of the person."""
        given = self.cleaned_data
        return PersonData(
            full_name=given["full_name"], sex=given["sex"], birth_year=given["birth_year"],
            birth_date=given["birth_date"], phone=given["phone"], unit_id=self.choice.unit_id(given["commune"]),
            address=given["address"], numbers={"cccd": given["cccd"]} if given["cccd"] else {},
        )  # fmt: skip

    def entered(self, person: str) -> EnteredCase:
        """The case of a valid form, of somebody on record (a public id) or, for "", of somebody new."""
        given = self.cleaned_data
        return EnteredCase(
            data=self.person(), person=person, why_new=given["ground"], site=given["site"], disease=given["disease"],
            status=rules.Status(given["status"]), onset_on=given["onset_on"], sampled_on=given["sampled_on"],
            result_on=given["result_on"], isolated_at=given.get("isolated_at"), symptoms=given["symptom_codes"],
            note=given["note"],
        )  # fmt: skip
