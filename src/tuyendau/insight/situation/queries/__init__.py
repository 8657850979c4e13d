"""Reads of the situation room, as known at any moment."""
