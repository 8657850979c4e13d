"""What is done from the map: the people of a selection are followed."""

from tuyendau.insight.map.actions.following import FOLLOW

__all__ = ["FOLLOW"]
