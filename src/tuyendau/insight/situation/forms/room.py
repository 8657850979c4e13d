"""What the situation room shows, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.access import Viewer
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.insight.situation.queries import Scope, own_unit, scope_of, units_to_choose
from tuyendau.insight.situation.queries.scope import disease_of_most, diseases_known
from tuyendau.insight.situation.queries.words import BASES, COUNTED, SPLITS
from tuyendau.insight.situation.rules import Basis, By, Counted
from tuyendau.lib import clock
from tuyendau.records.cases.queries.columns import disease_name
from tuyendau.science.epi.diseases import diseases

ALL = "all"
"""In place of a disease: every one."""


class Moment(forms.DateTimeField):
    """A moment in the province's time; a day alone, or its last minute, is its end. Nothing that is still to come."""

    def to_python(self, value: Any) -> datetime | None:
        """The moment. Raises ValidationError."""
        try:
            day = parse_date(value.strip()) if isinstance(value, str) else None
        except ValueError:
            raise ValidationError(_("There is no such day: write it as dd/mm/yyyy.")) from None
        found = _end(day) if day is not None else super().to_python(value)
        if found is not None and found + timedelta(minutes=1) == clock.midnight(_day_after(found)):
            found = _end(clock.local_day(found))
        if found is not None and found > clock.now():
            # Of today what is known is what is known now.
            if clock.local_day(found) == clock.local_day(clock.now()):
                return None
            raise ValidationError(_("That moment is still to come: choose one that has passed."))
        return found


def _day_after(moment: datetime) -> date:
    return clock.local_day(moment) + timedelta(days=1)


def _end(day: date) -> datetime:
    return clock.midnight(day + timedelta(days=1)) - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown: of a scope, by which date, split by what; `past` where it is as of another moment than now."""

    scope: Scope
    basis: Basis
    by: By
    past: bool


def _one(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": gettext_lazy("There is no such choice: choose one of the list.")},
    )  # fmt: skip


class RoomForm(forms.Form):
    """The choices of the situation room; what is left empty is the reader's own area, now, by day of report."""

    unit = _one(gettext_lazy("Province, district, commune"), ())
    at = Moment(
        label=gettext_lazy("As known at"), required=False,
        widget=forms.DateTimeInput(
            attrs={"class": "form-control", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={"invalid": gettext_lazy("There is no such moment: write it as dd/mm/yyyy hh:mm.")},
    )  # fmt: skip
    disease = _one(gettext_lazy("Disease"), ())
    basis = _one(gettext_lazy("By day of"), [(each.value, words) for each, words in BASES.items()])
    counted = _one(gettext_lazy("Which cases"), [(each.value, words) for each, words in COUNTED.items()])
    by = _one(gettext_lazy("Curve split"), [(each.value, words) for each, words in SPLITS.items()])

    data: QueryDict

    def __init__(self, data: QueryDict, *, viewer: Viewer, now: datetime) -> None:
        super().__init__(data.copy())
        self.viewer, self.now = viewer, now
        at = self._moment()
        if at is not self.now:
            # A day alone is shown as the moment that it means.
            self.data["at"] = at.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")
        self.fields["unit"].choices = _units(viewer, at)  # type: ignore[attr-defined]
        self.found = diseases_known(viewer, at)
        self.fields["disease"].choices = _diseases(self.found, str(self.data.get("disease") or ""))  # type: ignore[attr-defined]

    def _moment(self) -> datetime:
        """The moment whose units can be chosen: that which is asked for, else now."""
        try:
            at = self.fields["at"].clean(self.data.get("at") or None)
        except ValidationError:
            return self.now
        return self.now if at is None else at

    def chosen(self) -> Chosen:
        """What is shown, of a valid form. Raises `Denied`, `Unit.DoesNotExist`."""
        given = self.cleaned_data
        disease = given["disease"] or disease_of_most(self.found)
        counted = Counted(given["counted"] or Counted.CONFIRMED)
        scope = scope_of(
            self.viewer, given["at"] or self.now, given["unit"], "" if disease == ALL else disease, counted
        )
        return Chosen(
            scope, Basis(given["basis"] or Basis.REPORTED), By(given["by"] or By.STATUS), bool(given["at"])
        )


def _diseases(found: dict[str, int], asked: str) -> list[tuple[str, str]]:
    codes = list(found) or ["covid19"]
    if asked not in codes and any(each.code == asked for each in diseases()):
        codes.append(asked)
    choices = [(code, disease_name(code)) for code in codes]
    return choices if len(codes) == 1 else [*choices, (ALL, _("every disease"))]


def _units(viewer: Viewer, at: datetime) -> list[Any]:
    """Districts with their communes, in groups; the reader's whole area first."""
    own = own_unit(viewer, at)
    choices: list[Any] = [("", own.name if own else _("your whole area"))]
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in units_to_choose(viewer, at):
        if own is not None and unit.pk == own.pk:
            continue
        above = _above(unit)
        name = _("all of %(unit)s") % {"unit": unit.name} if above is unit else unit.name
        groups.setdefault(above.name, []).append((unit.code, name))
    return [*choices, *groups.items()]


def _above(unit: Unit) -> Unit:
    return unit if unit.level < UnitLevel.COMMUNE or unit.parent is None else unit.parent
