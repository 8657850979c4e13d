"""The pages of the map."""

from tuyendau.insight.map.views.downloads import download
from tuyendau.insight.map.views.page import communes, map_page

__all__ = ["communes", "download", "map_page"]
