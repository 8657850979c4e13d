"""Reports: the daily one, kept as it was made, and the legal one of each case with its deadline."""
