"""Slow and obvious implementations that the fast ones must equal."""
