"""Writes of chains: computing who infected whom, and what officers decide of it."""

from tuyendau.records.chains.actions.computing import compute, compute_waiting, mark, mark_all
from tuyendau.records.chains.actions.deciding import ChainRefused, Published, decide, take_published, withdraw

__all__ = [
    "ChainRefused",
    "Published",
    "compute",
    "compute_waiting",
    "decide",
    "mark",
    "mark_all",
    "take_published",
    "withdraw",
]
