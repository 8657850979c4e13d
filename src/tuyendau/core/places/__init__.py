"""Administrative units, their boundaries, and the sites where people are together."""
