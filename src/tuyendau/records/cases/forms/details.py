"""The form of a disease: its symptoms with their first day, and its questions, as fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tuyendau.records.cases.forms.words import choices_of, in_language
from tuyendau.records.cases.rules.details import Details
from tuyendau.science.epi.diseases import Disease, Field

HAS, DAY = "symptom_", "day_"


def _yes_no() -> list[tuple[str, Any]]:
    return [("", "–"), ("yes", _("yes")), ("no", _("no")), ("unknown", _("not known"))]


def field_of(question: Field) -> forms.Field:
    """The field of a question of the form."""
    common: dict[str, Any] = {"label": in_language(question.name), "required": False}
    select = forms.Select(attrs={"class": "form-select"})
    if question.kind == "choice":
        return forms.ChoiceField(choices=choices_of(question.choices), widget=select, **common)
    if question.kind == "yesno":
        return forms.ChoiceField(choices=_yes_no(), widget=select, **common)
    if question.kind == "choices":
        return forms.MultipleChoiceField(
            choices=choices_of(question.choices, None), widget=forms.CheckboxSelectMultiple, **common
        )
    if question.kind == "date":
        return forms.DateField(**common)
    attrs = {"class": "form-control", "autocomplete": "off"}
    if question.kind == "number":
        widget = forms.TextInput(attrs=attrs | {"inputmode": "numeric"})
        return forms.IntegerField(min_value=question.least, max_value=question.most, widget=widget, **common)
    return forms.CharField(max_length=question.longest or 200, widget=forms.TextInput(attrs=attrs), **common)


def add_details(form: forms.Form, disease: Disease) -> None:
    """Give a form the fields of a disease."""
    for symptom in disease.symptoms:
        name = in_language(symptom.name)
        form.fields[HAS + symptom.code] = forms.BooleanField(label=name, required=False)
        form.fields[DAY + symptom.code] = forms.DateField(
            label=_("%(symptom)s since") % {"symptom": name}, required=False
        )
    for question in disease.form.fields:
        form.fields[question.code] = field_of(question)


def initial_of(disease: Disease, details: Details) -> dict[str, Any]:
    """What the fields of `add_details` begin with."""
    has = {HAS + code: True for code in details.symptoms}
    days = {DAY + code: day for code, day in details.symptoms.items() if day}
    dates = {each.code for each in disease.form.fields if each.kind == "date"}
    answers = {
        code: date.fromisoformat(answer) if code in dates and isinstance(answer, str) else answer
        for code, answer in details.answers.items()
    }
    return has | days | answers


def details_of(disease: Disease, cleaned: Mapping[str, Any]) -> Details:
    """The answers that a valid form gives; a symptom with a day is there, ticked or not."""
    symptoms: dict[str, date | None] = {
        each.code: cleaned.get(DAY + each.code)
        for each in disease.symptoms
        if cleaned.get(HAS + each.code) or cleaned.get(DAY + each.code)
    }
    return Details(symptoms, {each.code: cleaned.get(each.code) for each in disease.form.fields})


def sections_of(form: forms.Form, disease: Disease) -> list[dict[str, Any]]:
    """The fields of a disease as a page lays them out: symptoms in rows, the questions in their sections."""
    symptoms = [(form[HAS + each.code], form[DAY + each.code]) for each in disease.symptoms]
    parts = [
        {
            "title": in_language(section.name),
            "fields": [form[each.code] for each in disease.form.fields if each.section == section.code],
        }
        for section in disease.form.sections
    ]
    return [{"title": _("Symptoms"), "symptoms": symptoms}, *parts]
