"""Append-only events, written in the same transaction as what they tell of; the change feed."""
