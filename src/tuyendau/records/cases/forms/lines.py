"""The filters of the line list, as they stand in the address, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import nameable_sites, named, visible_sites
from tuyendau.lib import clock
from tuyendau.records.cases.forms.units import code_and_day, on_day, units_to_choose
from tuyendau.records.cases.models import CaseStatus, Outcome
from tuyendau.records.cases.queries.beside import FILTERS
from tuyendau.records.cases.queries.columns import disease_name
from tuyendau.records.cases.queries.lines import ALL, DATED, OPEN, CaseFilter, last_days
from tuyendau.records.people.models import Sex
from tuyendau.science.epi.diseases import diseases

BASES = [
    ("reported", _("report")), ("onset", _("onset")), ("sample", _("sample")), ("result", _("result")),
    ("outcome", _("outcome")),
]  # fmt: skip
STATUSES = [*CaseStatus.choices, (ALL, _("all not discarded"))]
OUTCOMES = [(OPEN, _("none yet")), *Outcome.choices]
YES_NO = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
MISSING = [("onset", _("without onset")), ("sample", _("without sample")), ("result", _("without result"))]
OFFERED = 20
SHOWN = 80
"""So much of what was written is told back."""


class Refused(NamedTuple):
    """A filter that cannot be understood: its name in the address, its label, what was written, and what to do."""

    name: str
    label: str
    written: str
    told: str


def _told(field: forms.Field) -> dict[str, Any]:
    """What a field says of what it does not understand."""
    if isinstance(field, forms.DateField):
        return {"invalid": gettext("There is no such day: write it as dd/mm/yyyy.")}
    if isinstance(field, forms.IntegerField):
        return {"invalid": gettext("Write a whole number.")}
    if isinstance(field, forms.ChoiceField):
        return {"invalid_choice": gettext("There is no such choice: choose one of the list.")}
    return {}


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False)


def _one(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _whole(label: Any, least: int, most: int) -> forms.IntegerField:
    field = forms.IntegerField(label=label, required=False, min_value=least, max_value=most)
    field.widget.attrs["inputmode"] = "numeric"
    return field


class FilterForm(forms.Form):
    """The line list's filters; with one that cannot be understood nothing is listed, and the form says which."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)
    status = _several(_("Status"), STATUSES)
    basis = _one(_("By date of"), BASES)
    # `from` is a word of Python's, so the fields of the period are added by name below.
    days = _whole(_("Last days"), 1, 3_650)
    disease = _one(_("Disease"), ())
    unit = _one(_("Commune or district"), ())
    unit_on = forms.DateField(label=_("Day of the unit"), required=False)
    no_unit = forms.BooleanField(label=_("Only cases of no known commune"), required=False)
    site = forms.CharField(label=_("Company, park or other site"), required=False, max_length=80)
    belonged = forms.BooleanField(label=_("Belonged there on the day of the report"), required=False)
    sex = _one(_("Sex"), [("", "–"), (Sex.FEMALE.value, Sex.FEMALE.label), (Sex.MALE.value, Sex.MALE.label)])
    age_from = _whole(_("Age from"), 0, 130)
    age_to = _whole(_("Age to"), 0, 130)
    outcome = _several(_("Outcome"), OUTCOMES)
    isolated = _one(_("Isolated"), YES_NO)
    without = _several(_("Dates not known"), MISSING)
    row = forms.CharField(required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        data = data.copy()
        # In an address a unit of another day stands with its day beside; among the choices as one value.
        data["unit"] = on_day(str(data.get("unit") or ""), str(data.get("unit_on") or ""))
        super().__init__(data)
        self.viewer = viewer
        self.fields["from"] = forms.DateField(label=_("From"), required=False)
        self.fields["to"] = forms.DateField(label=_("To"), required=False)
        self.fields["disease"].choices = [("", gettext("every disease")), *known_diseases()]  # type: ignore[attr-defined]
        self.units = units_to_choose(viewer, data["unit"])
        self.fields["unit"].choices = self.units  # type: ignore[attr-defined]
        self.added = [
            name for name, each in FILTERS.items() if not each.permission or viewer.may(each.permission)
        ]
        for name in self.added:
            self.fields[name] = _one(FILTERS[name].label, [("", "–"), *FILTERS[name].choices])
        for field in self.fields.values():
            field.error_messages |= _told(field)
            select = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField)
            if not isinstance(field, forms.BooleanField | forms.MultipleChoiceField):
                field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean_site(self) -> str:
        """The code of the site that is meant."""
        return site_meant(self.viewer, str(self.cleaned_data["site"]))

    def wanted(self) -> CaseFilter:
        """The filter; one that lets nothing through where a part of it cannot be understood."""
        refused = bool(self.refused())
        given = self.cleaned_data
        basis, days = given.get("basis") or "reported", given.get("days")
        first = given.get("from")
        if days and not first:
            first = last_days(days, clock.local_day(clock.now()))
        isolated = given.get("isolated")
        unit, unit_on = code_and_day(given.get("unit") or "")
        rows = self.data.getlist("row") if hasattr(self.data, "getlist") else ()
        return CaseFilter(
            q=given.get("q") or "", status=tuple(given.get("status") or ()), disease=given.get("disease") or "",
            unit=unit, unit_on=unit_on, site=given.get("site") or "",
            belonged=bool(given.get("belonged")),
            first=first, last=given.get("to"), basis=basis if basis in DATED else "reported",
            no_unit=bool(given.get("no_unit")), sex=given.get("sex") or "",
            age_from=given.get("age_from"), age_to=given.get("age_to"), outcome=tuple(given.get("outcome") or ()),
            isolated={"yes": True, "no": False}.get(isolated or ""), without=tuple(given.get("without") or ()),
            rows=tuple(rows), more={name: given[name] for name in self.added if given.get(name)},
            nothing=refused,
        )  # fmt: skip

    def refused(self) -> list[Refused]:
        """The filters that cannot be understood, or that the viewer may not use."""
        found = [
            Refused(
                name, str(self.fields[name].label or name), self._written(name), " ".join(map(str, errors))
            )
            for name, errors in self.errors.items()
        ]
        for name, each in FILTERS.items():
            if name not in self.added and self.data.get(name):
                told = gettext("You may not narrow by this: take it away.")
                found.append(Refused(name, str(each.label), self._written(name), told))
        return found

    def _written(self, name: str) -> str:
        held = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data.get(name, "")]
        return ", ".join(map(str, held))[:SHOWN]

    @property
    def of_days(self) -> list[forms.BoundField]:
        """The fields of the period."""
        return [self[name] for name in ("basis", "days", "from", "to")]

    @property
    def further(self) -> list[forms.BoundField]:
        """Fields of one value that are folded away."""
        return [self[name] for name in ("sex", "age_from", "age_to", "isolated", *self.added)]

    @property
    def several(self) -> list[forms.BoundField]:
        """Fields of several values that are folded away."""
        return [self["outcome"], self["without"]]

    @property
    def narrowed_further(self) -> bool:
        """Whether one of the filters is in force that are folded away."""
        first = {"q", "status", "basis", "from", "to", "days"}
        return any(self.data.get(name) for name in self.fields if name not in first)

    def chips(self) -> Iterator[tuple[str, str, str]]:
        """The filters in force: the name and the value in the address, and both in words; the refused as written."""
        given = self.cleaned_data
        for each in self.refused():
            yield each.name, "", f"{each.label}: {each.written}"
        for name in ("status", "outcome", "without"):
            words = dict(self.fields[name].choices)  # type: ignore[attr-defined]
            for value in given.get(name) or ():
                label = "" if name == "without" else f"{self.fields[name].label}: "
                yield name, value, f"{label}{words[value]}"
        for name, words_of in (("q", str), ("site", site_name), ("age_from", str), ("age_to", str)):
            if given.get(name) not in (None, ""):
                yield name, "", f"{self.fields[name].label}: {words_of(given[name])}"
        yield from self._choices(given)
        yield from self._days(given)

    def _choices(self, given: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        for name in ("disease", "unit", "sex", "isolated", *self.added):
            if value := given.get(name):
                yield name, "", f"{self.fields[name].label}: {_word_of(self.fields[name], value)}"
        for name in ("no_unit", "belonged"):
            if given.get(name):
                yield name, "", str(self.fields[name].label)

    def _days(self, given: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        by = dict(BASES)[given.get("basis") or "reported"]
        for name in ("from", "to"):
            if day := given.get(name):
                told = {
                    "by": by,
                    "label": self.fields[name].label,
                    "day": date_format(day, "SHORT_DATE_FORMAT"),
                }
                yield name, "", gettext("%(label)s %(day)s (%(by)s)") % told
        if days := given.get("days"):
            yield "days", "", gettext("last %(days)d days (%(by)s)") % {"days": days, "by": by}


def _word_of(field: Any, value: str) -> str:
    """A choice in words, also one that stands in a group."""
    for key, word in field.choices:
        for held, text in word if isinstance(word, list | tuple) else [(key, word)]:
            if str(held) == value:
                return str(text)
    return value


def known_diseases() -> list[tuple[str, str]]:
    """The diseases that cases can be of: code and name."""
    return [(each.code, disease_name(each.code)) for each in diseases()]


def site_meant(viewer: Viewer, written: str) -> str:
    """The code of the site that is meant: by its code, or by words that only one has. Raises ValidationError."""
    written = written.strip()
    if not written or nameable_sites(viewer, Permission.CASE_VIEW).filter(code=written).exists():
        return written
    found: list[str] = [site.code for site in sites_named(viewer, written)[:2]]
    if len(found) == 1:
        return found[0]
    if found:
        raise forms.ValidationError(gettext("Several sites are called so: choose one of the list."))
    raise forms.ValidationError(gettext("There is no site of that name or code within your area."))


def sites_named(viewer: Viewer, words: str) -> QuerySet[Site]:
    """Sites in the viewer's reach by words of the name or the beginning of the code."""
    sites = visible_sites(viewer, Permission.CASE_VIEW)
    found = sites.filter(Q(code__istartswith=words.strip()) | named(words))
    return found.select_related("parent").order_by("path")[:OFFERED]


def site_name(code: str) -> str:
    """The name of a site, by its code."""
    return Site.objects.filter(code=code).values_list("name", flat=True).first() or code
