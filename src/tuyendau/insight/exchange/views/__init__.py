"""Bringing files in, and sharing numbers without names."""
