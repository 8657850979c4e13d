"""What pages ask about contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tuyendau.records.contacts.actions import LinkData
from tuyendau.records.contacts.models import NEARNESS, Grade, SaidBy
from tuyendau.records.contacts.queries import AcrossFilter, ContactFilter, period_of_site
from tuyendau.science.epi.diseases import diseases

_TEXT = {"class": "form-control"}
_SELECT = {"class": "form-select"}
_NEAR = [(grade.value, grade.label) for grade in NEARNESS]


class FilterForm(forms.Form):
    """The filters of a case's contact list, as they stand in the URL."""

    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    grade = forms.TypedChoiceField(required=False, choices=Grade.choices, coerce=int, empty_value=None)
    site = forms.CharField(required=False, max_length=32)

    def wanted(self) -> ContactFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return ContactFilter(grade=data.get("grade"), site=data.get("site") or "", q=data.get("q") or "")


class AcrossForm(forms.Form):
    """The filters of the list over all cases, as they stand in the URL."""

    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)
    site = forms.CharField(
        label=_("Site's code"), required=False, max_length=40, widget=forms.TextInput(attrs=_TEXT)
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"), required=False, coerce=int, empty_value=None, widget=forms.Select(attrs=_SELECT)
    )
    disease = forms.ChoiceField(label=_("Disease"), required=False, widget=forms.Select(attrs=_SELECT))
    q = forms.CharField(
        label=_("Name or number"), required=False, max_length=100, widget=forms.TextInput(attrs=_TEXT)
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["grade"].choices = [  # type: ignore[attr-defined]
            ("", _("close (F1)")),
            (1, _("close and near")),
            (2, _("all grades")),
        ]
        known = [(of.code, of.name.get(get_language() or "vi", of.code)) for of in diseases()]
        self.fields["disease"].choices = [("", _("all diseases")), *known]  # type: ignore[attr-defined]

    def wanted(self, day: date, today: date) -> AcrossFilter:
        """The filter; without a period it is `day`, or for a site or a name the days up to `today`.

        Days in the wrong order turn. What cannot be understood narrows nothing, and its field says so.
        """
        self.is_valid()
        data = self.cleaned_data
        site = data.get("site") or ""
        usual = period_of_site(today) if site or data.get("q") else (day, day)
        given = [each for each in (data.get("first"), data.get("last")) if each is not None] or usual
        return AcrossFilter(
            min(given), max(given), site, data.get("grade") or Grade.CLOSE, data.get("disease") or "",
            data.get("q") or "",
        )  # fmt: skip


class LinkForm(forms.Form):
    """Who says that two people met, why, how near, where and when."""

    said_by = forms.ChoiceField(
        label=_("Who says so"),
        choices=[(who.value, who.label) for who in SaidBy if who != SaidBy.FILE],
        widget=forms.Select(attrs=_SELECT),
    )
    grade = forms.TypedChoiceField(
        label=_("How near"), choices=_NEAR, coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    reason = forms.CharField(
        label=_("What they told, and why it is believed"),
        max_length=300,
        widget=forms.Textarea(attrs=_TEXT | {"rows": 2}),
    )
    site = forms.CharField(
        label=_("Site's code"), max_length=40, required=False, widget=forms.TextInput(attrs=_TEXT)
    )
    place = forms.CharField(
        label=_("or where, in words"), max_length=160, required=False, widget=forms.TextInput(attrs=_TEXT)
    )
    first = forms.DateTimeField(label=_("From when"), required=False)
    last = forms.DateTimeField(label=_("Until when"), required=False)

    def data_of_link(self) -> LinkData:
        """What was filled in."""
        return LinkData(**self.cleaned_data)


class JudgeForm(forms.Form):
    """What somebody decides that a person is to the case, and why."""

    grade = forms.TypedChoiceField(
        label=_("What the person is to the case"),
        choices=Grade.choices,
        coerce=int,
        widget=forms.Select(attrs=_SELECT),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs=_TEXT))


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs=_TEXT))
