"""Cases: suspected, probable, confirmed, discarded."""
