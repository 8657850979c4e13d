"""What cannot be done, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.core.places.models import Site
from tuyendau.response.care import rules
from tuyendau.response.care.models import Stay
from tuyendau.response.care.queries.counts import occupancy, rooms_of


class CareRefused(Exception):
    """What was asked cannot be done; the text says why and what to do. Nothing was written.

    `fields` says of which fields of a form, by name.
    """

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.fields = dict(fields or {})


def refused(text: str, field: str) -> CareRefused:
    """A refusal that is of one field."""
    return CareRefused(text, {field: text})


def refuse_fault(fault: rules.Fault | None, field: str, stay: Stay | None = None) -> None:
    """Raise `CareRefused` where a time cannot be true."""
    if fault is None:
        return
    began = date_format(localtime(stay.began_at), "SHORT_DATETIME_FORMAT") if stay else ""
    texts = {
        rules.Fault.BEGIN_FUTURE: _("This time lies in the future."),
        rules.Fault.BEGIN_LONG_AGO: _("This is more than 120 days ago. Check the date."),
        rules.Fault.END_FUTURE: _("This time lies in the future."),
        rules.Fault.END_BEFORE_BEGIN: _("This is before the admission at %(began)s.") % {"began": began},
    }
    raise refused(texts[fault], field)


def elsewhere(stay: Stay) -> str:
    """That a person stays somewhere already."""
    return _(
        "%(person)s is in %(site)s since %(began)s. That facility discharges them or asks for a transfer first."
    ) % {
        "person": stay.person,
        "site": stay.site,
        "began": date_format(localtime(stay.began_at), "SHORT_DATETIME_FORMAT"),
    }


def refuse_full(site: Site, ward: Site | None, field: str = "ward") -> None:
    """Raise `CareRefused` where a ward, or else the facility, has no bed left."""
    if ward is not None:
        room = next((each for each in rooms_of(site) if each.site.pk == ward.pk), None)
    else:
        room = next(iter(occupancy([site])), None)
    if room is not None and room.capacity is not None and room.present >= room.capacity:
        told = {"site": room.site, "capacity": room.capacity, "present": room.present}
        raise refused(
            _(
                "%(site)s is full: %(present)s of %(capacity)s beds. Choose another one, or tick that it goes beyond."
            )
            % told,
            field,
        )
