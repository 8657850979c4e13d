"""The program as it is served, with the sample layers beside its own."""

from tests.integration.map.sample_layer import with_samples
from tuyendau.config.asgi import application
from tuyendau.insight.map.layers import base

base._discovered = with_samples()  # type: ignore[assignment]

__all__ = ["application"]
