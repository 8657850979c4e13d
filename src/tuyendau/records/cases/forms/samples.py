"""What pages ask about samples and results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases.forms.words import choices_of, in_language
from tuyendau.records.cases.models import Result, Sample
from tuyendau.records.cases.queries import SampleFilter
from tuyendau.science.epi.diseases import disease, diseases


def _select(label: Any, *, required: bool = False, **more: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, required=required, widget=widget, **more)


def _text(label: Any, longest: int, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _start(day: date | None) -> datetime | None:
    return None if day is None else clock.midnight(day)


def _end(day: date | None) -> datetime | None:
    return None if day is None else clock.day_span(day, day)[1]


def disease_choices() -> list[tuple[str, str]]:
    """The diseases that the program knows."""
    return [(each.code, in_language(each.name)) for each in diseases()]


class SampleForm(forms.Form):
    """A sample of a person. The specimens offered are those of the disease that was chosen."""

    disease = _select(gettext_lazy("Disease"), required=True)
    specimen = _select(gettext_lazy("Specimen"), required=True)
    taken_at = forms.DateTimeField(label=gettext_lazy("Taken at"))
    number = _text(gettext_lazy("Number or barcode"), 40, autofocus=True)
    laboratory = _select(gettext_lazy("Laboratory"))

    def __init__(
        self, data: Any = None, *, sites: Sequence[Site], code: str = "covid19", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        known = {each.code for each in diseases()}
        chosen = (data.get("disease") if data is not None else None) or code
        self.of = disease(chosen if chosen in known else "covid19")
        self.sites = {site.public_id: site for site in sites}
        self.fields["disease"].choices = disease_choices()  # type: ignore[attr-defined]
        self.fields["disease"].initial = self.of.code
        self.fields["specimen"].choices = choices_of(self.of.specimens, None)  # type: ignore[attr-defined]
        self.fields["laboratory"].choices = [  # type: ignore[attr-defined]
            ("", _("not known yet")), *((site.public_id, site.name) for site in sites)
        ]  # fmt: skip
        self.fields["number"].help_text = _("Scan the tube. Left empty, the program gives it a number.")
        self.fields["taken_at"].initial = clock.now()

    def clean_laboratory(self) -> Site | None:
        return self.sites.get(self.cleaned_data["laboratory"])


class _Ct(forms.DecimalField):
    """A Ct with one decimal, behind a comma or a point, whatever the language."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).replace(",", ".") if value else value)


class ResultForm(forms.Form):
    """A result of one sample."""

    test = _select(gettext_lazy("Test"), required=True)
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=Result.choices, widget=forms.RadioSelect, error_messages={
            "required": gettext_lazy("Choose what the laboratory found."),
        },
    )  # fmt: skip
    ct = _Ct(
        label="Ct", required=False, max_digits=4, decimal_places=1,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    resulted_at = forms.DateTimeField(label=gettext_lazy("Result at"), required=False)

    def __init__(self, data: Any = None, *, sample: Sample, test: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        tests = disease(sample.disease).tests
        fitting = [each for each in tests if sample.specimen in each.specimens] or list(tests)
        self.fields["test"].choices = [(each.code, in_language(each.name)) for each in fitting]  # type: ignore[attr-defined]
        self.fields["test"].initial = test or fitting[0].code
        self.fields["resulted_at"].help_text = _("Empty: now.")
        self.fields["ct"].help_text = _("Of a positive PCR, where the machine tells it.")

    def clean_resulted_at(self) -> Any:
        return self.cleaned_data["resulted_at"] or clock.now()


class CorrectionForm(ResultForm):
    """Another result in place of a wrong one of the same test."""

    reason = _text(gettext_lazy("Why it is corrected"), 500, required=True)

    def __init__(self, data: Any = None, *, sample: Sample, **kwargs: Any) -> None:
        super().__init__(data, sample=sample, **kwargs)
        del self.fields["test"]


class SampleFilterForm(forms.Form):
    """The filters of the list of samples, as they stand in the URL."""

    q = _text(gettext_lazy("Number or barcode"), 40)
    show = _select(gettext_lazy("Show"))
    disease = _select(gettext_lazy("Disease"))
    laboratory = _select(gettext_lazy("Laboratory"))
    result = _select(gettext_lazy("Result"), choices=[("", "–"), *Result.choices])
    taken_from = _day(gettext_lazy("Taken from"))
    taken_to = _day(gettext_lazy("Taken to"))
    first_from = _day(gettext_lazy("First result from"))
    first_to = _day(gettext_lazy("First result to"))
    unit = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    unit_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, sites: Sequence[Site], decides: bool = False) -> None:
        super().__init__(data)
        show = [
            ("awaited", _("awaiting results")), ("late", _("awaited for over 24 hours")), ("all", _("every sample")),
        ] + ([("waits", _("positive after a discard"))] if decides else [])  # fmt: skip
        self.fields["show"].choices = show  # type: ignore[attr-defined]
        self.fields["disease"].choices = [("", _("every disease")), *disease_choices()]  # type: ignore[attr-defined]
        self.fields["laboratory"].choices = [  # type: ignore[attr-defined]
            ("", _("every laboratory")), *((site.public_id, site.name) for site in sites)
        ]  # fmt: skip

    def wanted(self) -> SampleFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        show = data.get("show") or "awaited"
        return SampleFilter(
            q=data.get("q") or "",
            disease=data.get("disease") or "",
            laboratory=data.get("laboratory") or "",
            awaited=show in ("awaited", "late"),
            late=show == "late",
            waits=show == "waits",
            results=(data["result"],) if data.get("result") else (),
            taken_from=_start(data.get("taken_from")),
            taken_to=_end(data.get("taken_to")),
            first_from=_start(data.get("first_from")),
            first_to=_end(data.get("first_to")),
            unit=data.get("unit") or "",
            unit_on=(data.get("unit_on") or clock.local_day(clock.now())) if data.get("unit") else None,
        )
