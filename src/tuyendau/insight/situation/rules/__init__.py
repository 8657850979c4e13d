"""What numbers of the situation room mean. No Django."""
