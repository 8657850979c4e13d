"""The pages of the map."""

from tuyendau.insight.map.views.downloads import download
from tuyendau.insight.map.views.features import feature, features
from tuyendau.insight.map.views.page import map_page
from tuyendau.insight.map.views.table import table

__all__ = ["download", "feature", "features", "map_page", "table"]
