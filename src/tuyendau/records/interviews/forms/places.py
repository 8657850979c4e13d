"""What was told of one stay."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.records.interviews.forms.fields import commune, moments, text, time_field
from tuyendau.records.interviews.models import Verdict


class JudgeForm(forms.Form):
    """What was told of a recorded visit: `site` and `span` name it, `day` is the card from which it was answered."""

    site = forms.CharField(max_length=40)
    span = forms.RegexField(r"^\d{1,11}-\d{1,11}$")
    verdict = forms.ChoiceField(choices=Verdict.choices)
    begins = time_field(gettext_lazy("From what time"))
    ends = time_field(gettext_lazy("Until what time"))
    note = text(gettext_lazy("What was told"), 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begins"].required = self.fields["ends"].required = False

    def known(self) -> tuple[datetime, datetime]:
        """The times of the visit as the records have it."""
        first, last = self.cleaned_data["span"].split("-")
        return datetime.fromtimestamp(int(first), UTC), datetime.fromtimestamp(int(last), UTC)

    def clean(self) -> dict[str, Any]:
        """Other times need both of them."""
        data: dict[str, Any] = super().clean() or {}
        other = data.get("verdict") == Verdict.CORRECTED
        if other and not self.errors and (data.get("begins") is None or data.get("ends") is None):
            self.add_error("begins", _("Say from when until when it was."))
        return data

    def times(self, day: date) -> tuple[datetime | None, datetime | None]:
        """The times that were told, on the day on which the visit began."""
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        return moments(day, begins, ends) if begins is not None and ends is not None else (None, None)


class StayForm(forms.Form):
    """A stay that the records do not know: a site that was chosen, or words and the commune."""

    day = forms.DateField(widget=forms.HiddenInput)
    site = forms.CharField(label=gettext_lazy("Place where it was"), max_length=40, required=False)
    site_name = forms.CharField(max_length=200, required=False)
    words = text(gettext_lazy("Place in words, if it is not found"), 200)
    commune = forms.CharField(label=gettext_lazy("Commune"), max_length=10, required=False)
    commune_name = forms.CharField(max_length=120, required=False)
    begins = time_field(gettext_lazy("From what time"))
    ends = time_field(gettext_lazy("Until what time"))
    note = text(gettext_lazy("Note"), 300)

    def clean(self) -> dict[str, Any]:
        """What was typed for a site and not chosen counts as words, so that nothing typed is lost."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("site") and not data.get("words"):
            data["words"] = data.get("site_name", "")
        if data.get("day"):
            try:
                data["unit"] = commune(data.get("commune", ""), data["day"])
            except forms.ValidationError as error:
                self.add_error("commune", error)
        return data

    def times(self) -> tuple[datetime, datetime]:
        """Both moments."""
        return moments(self.cleaned_data["day"], self.cleaned_data["begins"], self.cleaned_data["ends"])
