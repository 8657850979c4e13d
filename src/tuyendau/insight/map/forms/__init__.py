"""What the pages of the map are asked for."""

from tuyendau.insight.map.forms.page import MapForm

__all__ = ["MapForm"]
