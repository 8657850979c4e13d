"""Building a world, step by step: companies and their lines, lodging and households, buses, markets."""

from tuyendau.science.sim.building.build import build_world

__all__ = ["build_world"]
