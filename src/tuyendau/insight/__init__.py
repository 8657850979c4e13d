"""What do we see and share."""
