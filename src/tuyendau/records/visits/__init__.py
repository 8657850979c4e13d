"""Presence intervals: who was where from when to when; publishing of segments."""
