"""What the bytes and the texts of a file are: encodings, days, moments, numbers. Pure."""
