"""Reads for the public map. They are for everybody: no viewer is asked for, and nothing of a person is read."""

from tuyendau.insight.public.queries.drawing import Drawing, drawing
from tuyendau.insight.public.queries.numbers import Commune, Numbers, Point, numbers

__all__ = ["Commune", "Drawing", "Numbers", "Point", "drawing", "numbers"]
