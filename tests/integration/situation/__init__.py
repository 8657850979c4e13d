"""The situation room."""
