"""Reads of chains, each narrowed to what the viewer may see."""
