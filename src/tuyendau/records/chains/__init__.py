"""Who infected whom: likely infectors with their weights, and the tree over time."""
