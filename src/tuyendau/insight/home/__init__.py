"""The start page: what is due now, what changed, one search for everything."""
