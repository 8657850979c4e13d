"""Papers as files: the same numbers give the same bytes, whenever they are made."""

from tuyendau.insight.reports.actions.rendering.files import FORMATS, Format, rendered

__all__ = ["FORMATS", "Format", "rendered"]
