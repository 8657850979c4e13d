"""The questions of each step, in words, and answers in the form in which they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tuyendau.records.cases.models import Case
from tuyendau.records.interviews.forms.fields import INPUT, PhoneField, long_text, text
from tuyendau.records.interviews.rules import QUESTIONS, Kind, Step, questions_of
from tuyendau.records.visits.models import ToldBy
from tuyendau.science.epi.diseases import disease

YES_NO: list[tuple[str, Any]] = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("not known"))]
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "told_by": list(ToldBy.choices),
    "way": [("phone", _("by telephone")), ("bedside", _("at the bedside")), ("home", _("at home"))],
    "identity": [("right", _("right")), ("corrected", _("corrected below"))],
    "ill": YES_NO,
    "doses": [
        ("0", _("not vaccinated")), ("1", _("one dose")), ("2", _("two doses")), ("3", _("three or more")),
        ("unknown", _("not known")),
    ],
    "travelled": YES_NO,
    "source_known": YES_NO,
}  # fmt: skip
LABELS: dict[str, Any] = {
    "told_by": _("Who answers"),
    "way": _("How the interview is held"),
    "identity": _("Name and year of birth as above"),
    "identity_words": _("What is right"),
    "phone": _("Telephone at which they are reached"),
    "address": _("Where they stay now"),
    "work": _("Workplace, line or class; bus taken"),
    "ill": _("Any symptoms"),
    "onset_on": _("First day of symptoms"),
    "symptoms": _("Symptoms"),
    "illness_words": _("Course, care sought, medicines"),
    "conditions": _("Other illness, pregnancy"),
    "doses": _("Vaccine doses"),
    "last_dose_on": _("Last dose"),
    "vaccine": _("Vaccine"),
    "travelled": _("Left the province in these days"),
    "travel_words": _("Journeys: where, when, with what"),
    "household": _("How many people live in the household or room"),
    "people_words": _("Others whom they were with"),
    "source_known": _("Knows who could have infected them"),
    "source_words": _("Who, where and when; ill people whom they met"),
    "remarks": _("Remarks of the tracer"),
}


def symptoms_of(case: Case) -> list[tuple[str, str]]:
    """The symptoms of the case's disease, by code, in the reader's language."""
    language = "vi" if (get_language() or "vi").startswith("vi") else "en"
    return [(each.code, each.name[language]) for each in disease(case.disease).symptoms]


class AnswersForm(forms.Form):
    """The questions of one step; `answers` are values as they are kept."""

    def __init__(self, data: Any, step: Step, case: Case, answers: Mapping[str, str]) -> None:
        names = [question.name for question in questions_of(step)]
        super().__init__(
            data, initial={name: _shown(name, answers.get(name, "")) for name in names}, auto_id="q_%s"
        )
        for name in names:
            self.fields[name] = _field(name, case)


def as_answers(form: AnswersForm) -> dict[str, str]:
    """What a form says, as it is kept; of fields that cannot be understood nothing."""
    return {name: _kept(value) for name, value in form.cleaned_data.items()}


def in_words(name: str, value: str, case: Case) -> str:
    """An answer as people read it."""
    kind = QUESTIONS[name].kind
    if kind is Kind.CHOICE:
        return str(dict(CHOICES[name]).get(value, value))
    if kind is Kind.DAY:
        day = _shown(name, value)
        return f"{day:%d/%m/%Y}" if isinstance(day, date) else value
    if kind is Kind.MANY:
        known = dict(symptoms_of(case))
        return ", ".join(known.get(code, code) for code in value.split(",") if code)
    return str(PhoneField("").prepare_value(value)) if kind is Kind.PHONE else value


def _field(name: str, case: Case) -> forms.Field:
    kind, label = QUESTIONS[name].kind, LABELS[name]
    if kind is Kind.CHOICE:
        return forms.ChoiceField(label=label, choices=CHOICES[name], required=False, widget=forms.RadioSelect)
    if kind is Kind.MANY:
        return forms.MultipleChoiceField(
            label=label, choices=symptoms_of(case), required=False, widget=forms.CheckboxSelectMultiple
        )
    if kind is Kind.DAY:
        return forms.DateField(label=label, required=False)
    if kind is Kind.COUNT:
        widget = forms.NumberInput(attrs=INPUT | {"inputmode": "numeric"})
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=500, widget=widget)
    if kind is Kind.PHONE:
        return PhoneField(label)
    return text(label, 500) if kind is Kind.TEXT else long_text(label)


def _shown(name: str, value: str) -> Any:
    kind = QUESTIONS[name].kind
    if kind is Kind.MANY:
        return [code for code in value.split(",") if code]
    if kind is Kind.DAY and value:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _kept(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else str(value).strip()
