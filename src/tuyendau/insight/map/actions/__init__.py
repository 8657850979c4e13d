"""Acts of the map: layers handed over as files."""
