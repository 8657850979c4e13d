"""The map of the situation: reads only."""
