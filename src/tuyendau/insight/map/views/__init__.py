"""The pages of the map."""

from tuyendau.insight.map.views.page import communes, map_page

__all__ = ["communes", "map_page"]
