"""What do we do: acts on the records, never the other way round."""
