"""Writes of units, boundaries and sites, and the files they are read from.

Who may call them is for the caller to have checked (`IMPORT_PLACES`).
"""

from tuyendau.core.places.actions.boundaries import draw_cells, load_boundaries
from tuyendau.core.places.actions.sites import add_sites
from tuyendau.core.places.actions.units import link_units, load_units, successor_links

__all__ = ["add_sites", "draw_cells", "link_units", "load_boundaries", "load_units", "successor_links"]
