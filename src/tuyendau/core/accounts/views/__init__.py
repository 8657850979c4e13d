"""Pages of accounts: one's own, users, devices."""
