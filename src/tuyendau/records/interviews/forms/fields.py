"""Fields that several forms have: telephone numbers, times of a day, communes by their code."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import unit_on
from tuyendau.lib import clock, phones

INPUT = {"class": "form-control", "autocomplete": "off"}
SELECT = {"class": "form-select"}


def text(label: Any, longest: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.TextInput(attrs=INPUT | attrs)
    )


def long_text(label: Any, longest: int = 5_000) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.Textarea(attrs=INPUT | {"rows": "3"})
    )


class PhoneField(forms.CharField):
    """A telephone number, in its normal form when clean."""

    def __init__(self, label: Any) -> None:
        attrs = INPUT | {"inputmode": "tel", "type": "tel"}
        super().__init__(label=label, max_length=30, required=False, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> str:
        """Raises `ValidationError` for what is no Vietnamese number."""
        written = super().clean(value)
        if not written:
            return ""
        try:
            return phones.normalise(written)
        except phones.PhoneRefused as error:
            raise ValidationError(
                _("“%(phone)s” is no telephone number of Vietnam.") % {"phone": written}
            ) from error

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return phones.readable(value) if value and str(value).startswith("+84") else value


def time_field(label: Any) -> forms.TimeField:
    """A time of day, 24 hours."""
    attrs = INPUT | {"inputmode": "numeric", "maxlength": "5", "data-digits": "##:##", "placeholder": "hh:mm"}
    widget = forms.TimeInput(attrs=attrs, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H.%M", "%Hh%M", "%H%M"])


def moments(day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """Both times on a province's day; an end that is not later than the beginning is of the next day."""
    midnight = clock.midnight(day)
    start, end = (midnight + timedelta(hours=each.hour, minutes=each.minute) for each in (begins, ends))
    return start, end if end > start else end + timedelta(days=1)


def commune(code: str, day: date) -> Unit | None:
    """The commune of a code, or None for an empty one. Raises `ValidationError` for an unknown one."""
    if not code:
        return None
    found = unit_on(code, day)
    if found is None:
        raise ValidationError(_("There is no commune with the code “%(code)s”.") % {"code": code})
    return found
