"""Traces of cases: exposures with their evidence, and the graded, ranked contacts."""
