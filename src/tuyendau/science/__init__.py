"""What follows from the facts: pure functions on arrays. No Django, no network, no clock of its own."""
