"""The situation room: numbers, curves, indicators, as they were known at any time. Reads only."""
