"""What the pages of a layer share: which layer, as it is asked for, on record where it shows people."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.insight.map.forms import MapForm, options_of
from tuyendau.insight.map.layers import Asked, Layer, layer_of
from tuyendau.lib import clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer as the address asks for it; `asked` is None where the address cannot be understood, for `errors`."""

    layer: Layer
    form: MapForm
    asked: Asked | None
    errors: tuple[str, ...]

    @property
    def query(self) -> str:
        """The moment and the options, as they stand in addresses."""
        told = {"at": self.form.data["at"]} if self.form.data["at"] else {}
        options = self.asked.options if self.asked else {}
        return urlencode(told | {f"{self.layer.code}.{name}": value for name, value in options.items()})


def wanted(request: SignedRequest, code: str) -> Wanted:
    """The layer of `code` as the address asks for it. Raises `Denied`, and `Http404` where there is no such layer."""
    layer = layer_of(request.viewer, code)
    if layer is None:
        raise Http404
    form = MapForm(request.GET, now=clock.now())
    chosen = options_of(layer, request.GET)
    errors = [str(error) for error in form.errors.get("at", [])]
    errors += [_("“%(title)s” does not know this choice: take another.") % {"title": t} for t in chosen.wrong]
    asked = None if errors else form.asked(request.viewer, chosen.options)
    return Wanted(layer, form, asked, tuple(errors))


def on_record(request: SignedRequest, layer: Layer) -> None:
    """Put on record that the viewer looks at a layer that shows people."""
    if layer.sensitive:
        audit.record_read(
            "map.read",
            viewer=request.viewer,
            permission=layer.permission,
            subject="map",
            at=clock.now(),
            data={"layer": layer.code},
        )
