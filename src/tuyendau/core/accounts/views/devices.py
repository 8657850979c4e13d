"""Pages of devices and their keys, for whoever manages the sites where they stand."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import qrcode
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from tuyendau.core.accounts import actions
from tuyendau.core.accounts.actions import DeviceRefused
from tuyendau.core.accounts.forms.devices import DeviceForm
from tuyendau.core.accounts.models import Device
from tuyendau.core.accounts.queries import devices as queries
from tuyendau.core.accounts.rules.keys import Key
from tuyendau.core.accounts.views.proof import proved
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock


@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """The devices in the viewer's reach."""
    viewer = request.viewer  # type: ignore[attr-defined]
    words, closed = request.GET.get("q", "")[:80], request.GET.get("closed") == "1"
    found = queries.device_list(viewer, words=words, closed=closed)
    today = clock.local_day(clock.now())
    rows = [(each, queries.last_seen_is_old(each, on=today)) for each in found]
    return render(request, "accounts/devices.html", {"rows": rows, "q": words, "closed": closed})


@require_http_methods(["GET", "POST"])
def new_device(request: HttpRequest) -> HttpResponse:
    """Make a device at a site; its key is shown once."""
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(queries.MANAGES)
    if request.method == "POST":
        return _make(request)
    words = request.GET.get("words", "")[:80]
    context = {"form": DeviceForm(), "sites": queries.sites_for_devices(viewer, words), "words": words}
    if getattr(request, "htmx", False):
        return render(request, "accounts/device_new.html#sites", context)
    return render(request, "accounts/device_new.html", context)


@proved
def _make(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    form = DeviceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        site = visible_sites(viewer, queries.MANAGES).filter(public_id=data["site"]).first()
        try:
            if site is None:
                raise DeviceRefused(_("Choose the site from the list."))
            made, key = actions.add_device(data["name"], site, **_who(request))
        except DeviceRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _shown(request, made, key)
    context = {"form": form, "sites": queries.sites_for_devices(viewer), "words": ""}
    return render(request, "accounts/device_new.html", context, status=422)


@require_GET
def device(request: HttpRequest, public_id: str) -> HttpResponse:
    """One device and its keys."""
    found = _found(request, public_id)
    keys = queries.keys_of(request.viewer, found)  # type: ignore[attr-defined]
    return render(request, "accounts/device.html", {"device": found, "keys": keys})


@require_POST
@proved
def new_key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another key, shown once."""
    found = _found(request, public_id)
    try:
        key = actions.new_key(found, **_who(request))
    except DeviceRefused as refused:
        messages.error(request, str(refused))
        return redirect("devices:device", public_id)
    return _shown(request, found, key)


@require_POST
def revoke_key(request: HttpRequest, public_id: str, key_id: str) -> HttpResponse:
    """Take a key out of force at once: nothing stands between a stolen key and its end."""
    found = _found(request, public_id)
    said = _("The key is revoked; it opens nothing any more.")
    return _do(request, found, lambda: actions.revoke_key(found, key_id, **_who(request)), said)


@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a device for good."""
    found = _found(request, public_id)
    said = _("The device is closed, and all its keys with it.")
    return _do(request, found, lambda: actions.close_device(found, **_who(request)), said)


def _do(request: HttpRequest, found: Device, doing: Callable[[], Any], said: str) -> HttpResponse:
    try:
        doing()
    except DeviceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("devices:device", found.public_id)


def _shown(request: HttpRequest, found: Device, key: Key) -> HttpResponse:
    return render(request, "accounts/key.html", {"device": found, "key": str(key), "qr": picture(str(key))})


def picture(text: str) -> SafeString:
    """A QR code of `text` as SVG, drawn in the page."""
    image = qrcode.make(text, image_factory=SvgPathImage, border=2)
    buffer = BytesIO()
    image.save(buffer)
    drawn = buffer.getvalue().decode().partition("?>")[2].strip()
    return mark_safe(drawn)  # noqa: S308 drawn here, from a key of letters and figures


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"viewer": request.viewer, "by": request.user, "at": clock.now()}  # type: ignore[attr-defined]


def _found(request: HttpRequest, public_id: str) -> Device:
    try:
        return queries.device_by_public_id(request.viewer, public_id)  # type: ignore[attr-defined]
    except Device.DoesNotExist:
        raise Http404(_("There is no such device.")) from None
