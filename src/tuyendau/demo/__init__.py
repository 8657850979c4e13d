"""The demonstration: an invented outbreak in invented places, so that a newcomer has something to do."""
