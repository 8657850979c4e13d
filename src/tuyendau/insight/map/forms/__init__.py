"""What the pages of the map are asked for."""

from tuyendau.insight.map.forms.page import Chosen, MapForm, options_of, shown_layers

__all__ = ["Chosen", "MapForm", "options_of", "shown_layers"]
