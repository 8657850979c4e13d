"""What the map shows, from the address of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Viewer
from tuyendau.insight.map.layers import Asked, Layer
from tuyendau.lib import clock

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
MOMENT_FORMATS = ("%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M")
_TICK = timedelta(microseconds=1)


class MomentField(forms.CharField):
    """A day, which stands for its last moment, or a moment; the province's time. Empty is now."""

    default_error_messages = {
        "unknown": _("This is no day: write it as 31/05/2021, or with a time as 14:30 31/05/2021."),
        "future": _("This moment has not come yet. Leave it empty for now."),
    }

    def __init__(self, *, now: datetime, **kwargs: Any) -> None:
        self._now = now
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """The moment; None for now, and for today as a whole. Raises `ValidationError`."""
        written = super().clean(value)
        if not written:
            return None
        moment, whole_day = _moment(written)
        if moment is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if moment > self._now:
            if whole_day and clock.local_day(moment) == clock.local_day(self._now):
                return None
            raise ValidationError(self.error_messages["future"], code="future")
        return moment


def _moment(written: str) -> tuple[datetime | None, bool]:
    """The moment that is written, and whether it is a whole day's."""
    for formats, whole_day in ((DAY_FORMATS, True), (MOMENT_FORMATS, False)):
        for one in formats:
            try:
                found = datetime.strptime(written, one).replace(tzinfo=clock.ZONE)
            except ValueError:
                continue
            return (found + timedelta(days=1) - _TICK if whole_day else found), whole_day
    return None, False


class MapForm(forms.Form):
    """From when the records are shown."""

    def __init__(self, asked: QueryDict, *, now: datetime) -> None:
        super().__init__({"at": asked.get("at", "")})
        self._now = now
        self.fields["at"] = MomentField(now=now, label=_("As of"))

    @property
    def at(self) -> datetime | None:
        """The moment of the past that is asked for; None for now. Once the form is valid."""
        found: datetime | None = self.cleaned_data["at"]
        return found

    def asked(self, viewer: Viewer, options: Mapping[str, str]) -> Asked:
        """What a layer is asked for, once the form is valid."""
        return Asked(viewer, self.at or self._now, options)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options of a layer from the address; `wrong` are those whose value the layer does not know."""

    options: Mapping[str, str]
    wrong: tuple[str, ...]


def options_of(layer: Layer, asked: QueryDict) -> Chosen:
    """What the address says of a layer's options, as `<layer>.<option>`."""
    given = {option.name: asked.get(f"{layer.code}.{option.name}", "") for option in layer.options}
    given = {name: value for name, value in given.items() if value}
    wrong = [o for o in layer.options if o.choices and given.get(o.name, o.default) not in dict(o.choices)]
    return Chosen(given, tuple(str(option.title) for option in wrong))


def shown_layers(asked: QueryDict, layers: Iterable[Layer]) -> set[str]:
    """The codes of the layers that are shown: those that `layers` names, else those that the map begins with."""
    if "layers" not in asked:
        return {layer.code for layer in layers if layer.shown}
    return {code for part in asked.getlist("layers") for code in part.split(",") if code}
