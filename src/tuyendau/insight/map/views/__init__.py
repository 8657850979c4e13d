"""The pages of the map."""

from tuyendau.insight.map.views.downloads import download
from tuyendau.insight.map.views.features import feature, features
from tuyendau.insight.map.views.finding import search
from tuyendau.insight.map.views.following import follow
from tuyendau.insight.map.views.page import map_page
from tuyendau.insight.map.views.picture import picture
from tuyendau.insight.map.views.selection import export as export_selected
from tuyendau.insight.map.views.selection import selected, selection
from tuyendau.insight.map.views.table import table
from tuyendau.insight.map.views.timeline import timeline

__all__ = [
    "download",
    "export_selected",
    "feature",
    "features",
    "follow",
    "map_page",
    "picture",
    "search",
    "selected",
    "selection",
    "table",
    "timeline",
]
