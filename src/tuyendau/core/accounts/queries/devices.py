"""Devices and their keys, at the sites that a viewer manages."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import Device, DeviceKey
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import text

MANAGES = Permission.DEVICE_MANAGE
SITES_SHOWN = 30


def visible_devices(viewer: Viewer) -> QuerySet[Device]:
    """The devices at sites in the viewer's reach. Raises `Denied`."""
    return Device.objects.filter(site__in=visible_sites(viewer, MANAGES).values("pk"))


@as_program()
def device_list(viewer: Viewer, *, words: str = "", closed: bool = False) -> list[Device]:
    """Devices in reach, by site and name; `last_used` is the last day of any key, `key_count` how many are in force.

    Read as the program, since keys are closed to whoever looks; the reach stands in the query.
    """
    devices = visible_devices(viewer)
    if not closed:
        devices = devices.filter(closed_at__isnull=True)
    for word in text.fold(words).split():
        devices = devices.filter(Q(name__icontains=word) | Q(site__folded__contains=word))
    counted = devices.annotate(
        last_used=Max("keys__last_used_on"),
        key_count=Count("keys", filter=Q(keys__revoked_at__isnull=True)),
    )
    return list(
        counted.select_related("site", "site__parent").order_by(
            F("closed_at").asc(nulls_first=True), "site__name", "name"
        )[:500]
    )


def device_by_public_id(viewer: Viewer, public_id: str) -> Device:
    """One device in the viewer's reach. Raises `Device.DoesNotExist`, `Denied`."""
    return visible_devices(viewer).select_related("site", "site__parent", "made_by").get(public_id=public_id)


@as_program()
def keys_of(viewer: Viewer, device: Device) -> list[DeviceKey]:
    """The keys of a device in the viewer's reach, latest first, without what is kept of their secrets."""
    if not visible_devices(viewer).filter(pk=device.pk).exists():
        return []
    return list(DeviceKey.objects.filter(device=device).defer("digest").order_by("-pk"))


def sites_for_devices(viewer: Viewer, words: str = "") -> QuerySet[Site]:
    """Sites in the viewer's reach that `words` name, gates first."""
    sites = visible_sites(viewer, MANAGES).select_related("parent", "unit")
    for word in text.fold(words).split():
        sites = sites.filter(Q(folded__contains=word) | Q(code__istartswith=word))
    return sites.annotate(gate=Count("pk", filter=Q(kind="gate"))).order_by("-gate", "path")[:SITES_SHOWN]


def last_seen_is_old(device: Device, *, on: date) -> bool:
    """Whether an open device was not heard of for a week."""
    last = getattr(device, "last_used", None)
    return device.closed_at is None and (last is None or (on - last).days > 7)
