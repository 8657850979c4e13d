"""Pages of the situation room."""
