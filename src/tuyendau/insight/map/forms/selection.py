"""What is selected on the map, and what is to be done with the people of it, from addresses and forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.insight.map.queries.selection import LONGEST, Among, Selection, Way
from tuyendau.lib import areas, clock
from tuyendau.lib.areas import Area, AreaError, Fault
from tuyendau.science.epi.diseases import diseases

USUAL = timedelta(days=14)
"""How long before its end a window begins unless somebody says otherwise: the longest incubation of COVID-19."""

REFUSED = {
    Fault.UNREADABLE: _("The area cannot be read. Draw it on the map again."),
    Fault.OFF_EARTH: _(
        "The corners are no longitudes and latitudes in degrees. Draw the area on the map again, or convert the "
        "coordinates to WGS 84 first."
    ),
    Fault.ANTIMERIDIAN: _(
        "The area reaches over the 180th meridian, on the other side of the world. Move the map back and draw it again."
    ),
    Fault.FEW_CORNERS: _("A polygon needs at least three different corners."),
    Fault.MANY_CORNERS: _("The polygon has more than 500 corners. Draw it with fewer."),
    Fault.CROSSES_ITSELF: _("The border crosses itself, so that nobody can say what lies inside. Draw it again."),
    Fault.TURNED_ROUND: _("The rectangle is turned round: west comes before east, and south before north."),
    Fault.TOO_SMALL: _("The area is smaller than a house: press and pull, or zoom in first."),
    Fault.TOO_LARGE: _("The area is larger than any province. Zoom in and draw a smaller one."),
    Fault.RADIUS: _("The radius must lie between 10 m and 100 km."),
}  # fmt: skip
_WAYS = [
    (Way.ANY.value, _("all of them")), (Way.LIVES.value, _("live there")), (Way.WORKS.value, _("work there")),
    (Way.WAS.value, _("were there")),
]  # fmt: skip
_ONLY = [
    (Among.ALL.value, _("everybody")), (Among.CASES.value, _("confirmed cases")),
    (Among.FOLLOWED.value, _("in follow-up")), (Among.NEITHER.value, _("neither case nor in follow-up")),
]  # fmt: skip
_DAYS = ("%d/%m/%Y", "%Y-%m-%d")
_MOMENTS = ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control", "autocomplete": "off"}


class MomentField(forms.CharField):
    """A moment in the province's time, or a day: its beginning, or with `ends` the midnight with which it ends."""

    def __init__(self, *, ends: bool, **kwargs: Any) -> None:
        self._ends = ends
        super().__init__(required=False, max_length=32, widget=forms.TextInput(attrs=_INPUT), **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """The moment; None where nothing is written. Raises ValidationError."""
        written = super().clean(value)
        for format_ in _MOMENTS if written else ():
            if (moment := _read(written, format_)) is not None:
                return moment
        for format_ in _DAYS if written else ():
            if (day := _read(written, format_)) is not None:
                first, behind = clock.day_span(day.date(), day.date())
                return behind if self._ends else first
        if written:
            raise forms.ValidationError(
                gettext("Write a day as 31/05/2021, or with a time as 31/05/2021 14:30.")
            )
        return None


def _read(written: str, format_: str) -> datetime | None:
    try:
        return datetime.strptime(written, format_).replace(tzinfo=clock.ZONE)
    except ValueError:
        return None


class SelectionForm(forms.Form):
    """An area, the time over which is asked who was there, and which of its people are listed."""

    area = forms.CharField(label=_("Area"), max_length=20_000, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("Which people"), choices=_WAYS, required=False, widget=forms.Select(attrs=_SELECT)
    )
    only = forms.ChoiceField(
        label=_("Of them"), choices=_ONLY, required=False, widget=forms.Select(attrs=_SELECT)
    )

    def __init__(self, asked: QueryDict, *, now: datetime) -> None:
        super().__init__(asked)
        self._now = now
        self.fields["from"] = MomentField(label=_("From"), ends=False)
        self.fields["to"] = MomentField(label=_("To"), ends=True)
        self.fields["at"] = MomentField(label=_("As of"), ends=True)

    def clean_area(self) -> Area:
        """The area that was drawn. Raises ValidationError in words that say what to do."""
        try:
            return areas.read(self.cleaned_data["area"])
        except AreaError as error:
            raise forms.ValidationError(str(REFUSED[error.fault])) from error

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors.keys() & {"from", "to", "at"}:
            return given
        if given["at"] is not None and given["at"] >= self._now:
            given["at"] = None
        given["to"] = given.get("to") or given["at"] or self._now
        given["from"] = given.get("from") or given["to"] - USUAL
        if given["from"] >= given["to"]:
            self.add_error("to", gettext("The time ends before it begins. Check both moments."))
        elif given["to"] - given["from"] > LONGEST:
            self.add_error("from", gettext("Presence is asked for at most 62 days at once. Begin later."))
        elif given["from"] > self._now:
            self.add_error("from", gettext("This lies in the future. Check both times."))
        return given

    def selection(self) -> Selection:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Selection(given["area"], given["from"], given["to"], given["at"])

    @property
    def chosen(self) -> tuple[Way, Among]:
        """Which people of a valid form are listed."""
        given = self.cleaned_data
        return Way(given["way"] or Way.ANY), Among(given["only"] or Among.ALL)

    @property
    def shown(self) -> dict[str, str]:
        """The fields as a page shows them: moments as they were understood, else as they were written."""
        found = {name: str(self.data.get(name, "")) for name in ("area", "from", "to", "at")}
        moments = {name: self.cleaned_data.get(name) for name in ("from", "to")}
        return found | {name: written(moment) for name, moment in moments.items() if moment}

    @property
    def refused(self) -> list[str]:
        """Why nothing is shown, in words, each with the field where it has a name."""
        return [
            str(error) if name in ("area", "at", "__all__") else f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]


def written(moment: datetime) -> str:
    """A moment as somebody writes it."""
    return localtime(moment).strftime("%d/%m/%Y %H:%M")


class FollowForm(forms.Form):
    """On what ground people of a selection are followed, because of whom, and since when."""

    disease = forms.ChoiceField(label=_("Disease"), widget=forms.Select(attrs=_SELECT))
    case = forms.CharField(
        label=_("Case whom they met"), required=False, max_length=60, widget=forms.TextInput(attrs=_INPUT),
        help_text=_("Its number, if it is known: then they stand in its list as close contacts."),
    )  # fmt: skip
    exposed_on = forms.DateField(
        label=_("Last exposure"), required=False, widget=forms.DateInput(attrs=_INPUT),
        help_text=_("This is day 0. Empty: the day on which each was last seen in the area."),
    )  # fmt: skip
    again = forms.BooleanField(
        label=_("Also move the last exposure of those who are in follow-up already"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    ground = forms.CharField(
        label=_("Ground"), max_length=300, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": _("Say why they are followed: whoever reads this later will ask.")},
    )  # fmt: skip

    def __init__(self, *args: Any, unseen: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unseen, self._today = unseen, today
        language = "en" if get_language() == "en" else "vi"
        self.fields["disease"].choices = [(d.code, d.name[language]) for d in diseases()]  # type: ignore[attr-defined]

    def clean_exposed_on(self) -> date | None:
        """The day for all; None where each has their own. Raises ValidationError."""
        day: date | None = self.cleaned_data["exposed_on"]
        if day is None and self._unseen:
            text = gettext("%(n)s of them were not seen in the area: write the day of the last exposure.")
            raise forms.ValidationError(text % {"n": self._unseen})
        if day is not None and day > self._today:
            raise forms.ValidationError(gettext("The exposure lies after today. Check the date."))
        return day

    @property
    def told(self) -> dict[str, Any]:
        """What a valid form says, as it is kept for the worker."""
        given = self.cleaned_data
        day: date | None = given["exposed_on"]
        return {
            "disease": given["disease"], "case": given["case"].strip(), "again": given["again"],
            "exposed_on": day.isoformat() if day else "",
        }  # fmt: skip


def in_words(area: Area) -> str:
    """What kind of area it is, for whoever reads the heading; units and sites are named by the page."""
    if isinstance(area, areas.Shape):
        if area.metres is not None:
            return gettext("Within %(metres)s m of a point") % {
                "metres": f"{area.metres:,.0f}".replace(",", ".")
            }
        return gettext("Rectangle") if area.text.startswith("box") else gettext("Polygon")
    return area.text.partition(":")[2]
