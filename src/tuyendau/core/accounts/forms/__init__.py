"""What people write about accounts, checked."""
