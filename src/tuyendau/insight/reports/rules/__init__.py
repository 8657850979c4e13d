"""What reports say and when they are due. No Django."""
