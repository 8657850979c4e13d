"""Writes of devices and their keys."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import Device, DeviceKey, User
from tuyendau.core.accounts.rules import keys
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites


class DeviceRefused(Exception):
    """The device cannot be made or changed so; the text says why."""


@as_program()
def add_device(
    name: str, site: Site, *, viewer: Viewer, by: User | None, at: datetime
) -> tuple[Device, keys.Key]:
    """Make a device at a site in the viewer's reach, with its first key. Raises `DeviceRefused`, `Denied`."""
    _reach(viewer, site)
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise DeviceRefused(_("Give the device a name of at most 80 letters."))
    device = Device.objects.create(name=name, site=site, made_by=by, made_at=at)
    audit.record(
        "device.added", by=by, at=at, subject=device.public_id, data={"name": name, "site": site.public_id}
    )
    return device, _new_key(device, by, at)


@as_program()
def new_key(device: Device, *, viewer: Viewer, by: User | None, at: datetime) -> keys.Key:
    """Give an open device another key; those it has stay in force. Raises `DeviceRefused`, `Denied`."""
    return _new_key(_held(device, viewer), by, at)


@as_program()
def revoke_key(device: Device, key_id: str, *, viewer: Viewer, by: User | None, at: datetime) -> DeviceKey:
    """Take a key out of force, as of the next request; a batch that ends later is refused. Raises `DeviceRefused`."""
    _reach(viewer, device.site)
    key = DeviceKey.objects.select_for_update().filter(device=device, key_id=key_id).first()
    if key is None or key.revoked_at is not None:
        raise DeviceRefused(_("This key is not in force."))
    _revoke(key, by, at)
    return key


@as_program()
def close_device(device: Device, *, viewer: Viewer, by: User | None, at: datetime) -> Device:
    """Close a device for good, with all its keys. Raises `DeviceRefused`, `Denied`."""
    device = _held(device, viewer)
    device.closed_at = at
    device.save(update_fields=["closed_at"])
    for key in DeviceKey.objects.select_for_update().filter(device=device, revoked_at__isnull=True):
        _revoke(key, by, at)
    audit.record("device.closed", by=by, at=at, subject=device.public_id)
    return device


def key_used(key: DeviceKey, *, on: date) -> None:
    """Keep the day on which a key was used last: one write a day, not one a request."""
    if key.last_used_on != on:
        with as_program():
            DeviceKey.objects.filter(pk=key.pk).update(last_used_on=on)


def _new_key(device: Device, by: User | None, at: datetime) -> keys.Key:
    key = keys.new()
    DeviceKey.objects.create(device=device, key_id=key.key_id, digest=key.digest, made_at=at)
    audit.record("device.key_made", by=by, at=at, subject=device.public_id, data={"key": key.key_id})
    return key


def _revoke(key: DeviceKey, by: User | None, at: datetime) -> None:
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    audit.record("device.key_revoked", by=by, at=at, subject=key.device.public_id, data={"key": key.key_id})


def _held(device: Device, viewer: Viewer) -> Device:
    """The device, open and kept from other changes until the transaction ends."""
    _reach(viewer, device.site)
    held = Device.objects.select_for_update().filter(pk=device.pk, closed_at__isnull=True).first()
    if held is None:
        raise DeviceRefused(_("This device is closed."))
    return held


def _reach(viewer: Viewer, site: Site) -> None:
    if not visible_sites(viewer, Permission.DEVICE_MANAGE).filter(pk=site.pk).exists():
        raise DeviceRefused(_("The site lies outside the places that you may manage."))
