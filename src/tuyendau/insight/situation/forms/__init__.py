"""What pages of the situation room are asked for."""
