"""What the map shows, from the address of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tuyendau.insight.map import rules
from tuyendau.insight.map.queries import Choice
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import ALL

BASES = [("reported", _("report")), ("onset", _("onset")), ("sample", _("sample"))]
STATUSES = [
    (CaseStatus.CONFIRMED.value, _("confirmed")),
    (CaseStatus.PROBABLE.value, _("probable")),
    (CaseStatus.SUSPECTED.value, _("suspected")),
    (ALL, _("all not discarded")),
]


class MapForm(forms.Form):
    """The map's filters; what the address leaves out is as by default."""

    as_of = forms.DateField(
        label=_("As of"),
    )
    days = forms.TypedChoiceField(
        label=_("Days"),
        choices=[(n, str(n)) for n in rules.DAYS],
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    basis = forms.ChoiceField(
        label=_("By date of"), choices=BASES, widget=forms.Select(attrs={"class": "form-select"})
    )
    status = forms.ChoiceField(
        label=_("Cases"), choices=STATUSES, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        given: dict[str, Any] = {"as_of": today.isoformat(), "days": rules.DEFAULT_DAYS}
        given |= {"basis": "reported", "status": CaseStatus.CONFIRMED.value}
        given |= {name: asked[name] for name in ("as_of", "days", "basis", "status") if asked.get(name)}
        super().__init__(given)

    def choice(self) -> Choice:
        """What is shown, once the form is valid."""
        return Choice(**self.cleaned_data)
